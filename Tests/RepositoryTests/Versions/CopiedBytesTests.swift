import BlobEngine
import Catalog
import Testing

@testable import Repository

@Suite("Bytes of copied versions")
struct CopiedBytesTests {
  private static let kit = PackageCoordinates(format: .generic, namespace: "lab", name: "kit")

  /// What one asset holds: no two are the same, and none is small enough to hide among the others.
  private static func bytes(of number: Int) -> [UInt8] {
    sampleBytes(1000 + number) + [UInt8(number)]
  }

  @Test func `a hundred assets are copied with the engine closed, and outlive their source`()
    async throws
  {
    let house = try House()
    try await house.open { depot, blobs in
      _ = try await depot.bootstrap(account: DepotFixture.account)
      _ = try await depot.createDomain(owner: DepotFixture.account, name: "shop")
      for name in ["dev", "live"] {
        let path = House.path(name)
        _ = try await depot.createRepository(path, administrator: DepotFixture.account)
      }
      try await Self.publish(in: House.path("dev"), depot)
      // Whatever wanted to move bytes would fail from here on.
      await blobs.close()
      let began = ContinuousClock.now
      let result = try await depot.copyVersions(
        VersionCopying(
          VersionBatch(["1"]),
          of: Self.kit,
          from: House.path("dev"),
          to: House.path("live")
        )
      )
      print("copying a version of 100 assets took \(ContinuousClock.now - began)")
      #expect(result.outcomes == ["1": "Published"])
      let versions = VersionBatch(["1"])
      _ = try await depot.deleteVersions(versions, of: Self.kit, in: House.path("dev"))
      _ = try await depot.deleteRepository(House.path("dev"))
      try await depot.clearDeleted()
    }
    try await house.open { depot, _ in
      for number in 0..<100 {
        let found = try await depot.content.file(
          "part \(number)",
          of: Self.kit,
          version: "1",
          at: House.path("live")
        )
        guard case .stored(let file) = found else {
          Issue.record("part \(number) is gone")
          continue
        }
        let bytes = try await depot.contents(
          of: file.key,
          in: file.domain,
          range: 0..<file.byteCount
        )
        #expect(bytes == Self.bytes(of: number), "part \(number)")
      }
    }
  }

  private static func publish(in path: RepositoryPath, _ depot: Depot) async throws {
    var files: [VersionPublication.File] = []
    for number in 0..<100 {
      let upload = try await depot.makeUpload(into: path)
      try await upload.write(bytes(of: number))
      files.append(.init(name: "part \(number)", staged: try await upload.finish()))
    }
    let publication = VersionPublication(
      repository: path,
      package: kit,
      displayName: "kit",
      version: "1",
      files: files
    )
    _ = try await depot.publish(publication)
  }

  /// A depot that is opened again and again on the same files.
  private struct House {
    private let folder: TemporaryFolder
    private let clock = ManualClock()

    init() throws {
      folder = try TemporaryFolder()
    }

    static func path(_ repository: String) -> RepositoryPath {
      RepositoryPath(owner: DepotFixture.account, domain: "shop", repository: repository)
    }

    func open(_ body: (Depot, BlobStore) async throws -> Void) async throws {
      let root = folder.path
      let catalog = try Catalog.open(at: root + "/catalog.sqlite")
      let blobs = try await BlobStore.open(at: root + "/blobs", options: .small)
      let result: Result<Void, any Error>
      do {
        result = .success(try await body(try DepotFixture.make(catalog, blobs, clock), blobs))
      } catch { result = .failure(error) }
      await blobs.close()
      try await catalog.close()
      try result.get()
    }
  }
}

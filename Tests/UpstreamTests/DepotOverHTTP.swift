import BlobEngine
import Catalog
import Foundation
import Repository
import Testing

/// A depot with one repository, `store`, connected to `public:pypi` through a real client.
enum DepotOverHTTP {
  static func with(
    _ source: any ExternalSource,
    clock: any DepotClock,
    _ body: (Depot, RepositoryPath) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-upstream-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let catalog = try Catalog.open(at: folder + "/catalog.sqlite")
    let blobs = try await BlobStore.open(
      at: folder + "/blobs",
      options: StoreOptions(segmentByteCount: 4 << 20)
    )
    let depot = try Depot(
      catalog: catalog,
      blobs: blobs,
      external: source,
      clock: clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      options: DepotOptions(region: "here")
    )
    let path = RepositoryPath(owner: "111122223333", domain: "shop", repository: "store")
    _ = try await depot.bootstrap(account: path.owner)
    _ = try await depot.createDomain(owner: path.owner, name: path.domain)
    _ = try await depot.createRepository(path, administrator: path.owner)
    _ = try await depot.associateExternalConnection("public:pypi", with: path)
    try await body(depot, path)
    await blobs.close()
    try await catalog.close()
  }
}

extension Depot {
  /// Downloads a file as a client would.
  func bytes(
    of file: String,
    in project: String,
    at path: RepositoryPath
  ) async throws -> [UInt8] {
    switch try await projectFile(file, of: project, version: nil, in: path) {
    case nil: return []
    case .stored(let file): return try await contents(of: file.key) ?? []
    case .arriving(let file):
      var bytes: [UInt8] = []
      let reader = file.chunks()
      while let chunk = try await reader.next() { bytes += chunk }
      _ = try await file.stored()
      return bytes
    }
  }
}

import Catalog
import Testing

@testable import Repository

@Suite("A domain's accounts after any sequence of changes")
struct AccountingTests {
  /// What a domain should hold, in the plainest form: names of blobs, counted anew each time.
  private struct Model {
    struct Version {
      /// Blob by asset name.
      var assets: [String: UInt64]
      var status: VersionStatus
    }

    var repositories: [String: [String: [String: Version]]] = [:]

    var byteCount: Int64 {
      let blobs = repositories.values.flatMap(\.values).flatMap(\.values).flatMap(\.assets.values)
      return Set(blobs).reduce(0) { $0 + Int64(100 + $1) }
    }
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `size and number of repositories are those of a naive model`(seed: UInt64) async throws {
    try await DepotFixture.with { fixture in
      var random = Seeded(seed)
      var model = Model()
      try await fixture.makeRepositories([:])
      for step in 0..<150 {
        try await Self.step(&model, fixture, &random)
        try await fixture.depot.clearDeleted()
        let domain = try await fixture.domain()
        #expect(
          domain.assetByteCount == model.byteCount
            && domain.repositoryCount == model.repositories.count,
          "seed \(seed), step \(step)"
        )
        guard domain.assetByteCount == model.byteCount else { return }
      }
      try await Self.compare(model, fixture, seed)
    }
  }

  private static func package(_ name: String) -> PackageCoordinates {
    PackageCoordinates(format: .generic, namespace: "lab", name: name)
  }

  private static func step(
    _ model: inout Model,
    _ fixture: DepotFixture,
    _ random: inout Seeded
  ) async throws {
    let repository = random.pick(["a", "b", "c"])
    let other = random.pick(["a", "b", "c"])
    let name = random.pick(["kit", "tool"])
    let version = random.pick(["1", "2", "3"])
    let path = fixture.path(repository)
    let batch = VersionBatch([version])
    guard let packages = model.repositories[repository] else {
      _ = try await fixture.depot.createRepository(path, administrator: DepotFixture.account)
      model.repositories[repository] = [:]
      return
    }
    let held = packages[name]?[version]
    switch random.below(10) {
    case 0...3:
      let assets = Dictionary(
        (0...random.below(3)).map { ("file \($0)", UInt64(random.below(6))) }
      ) { first, _ in first }
      guard held == nil else { return }
      try await fixture.record(
        name,
        version,
        in: repository,
        format: .generic,
        namespace: "lab",
        assets: assets.map { DepotFixture.asset($0.key, blob: $0.value) }
      )
      model.repositories[repository]?[name, default: [:]][version] = Model.Version(
        assets: assets,
        status: .published
      )
    case 4, 5:
      guard model.repositories[other] != nil, packages[name] != nil else { return }
      let result = try await fixture.copy(
        [version],
        of: package(name),
        from: repository,
        to: other,
        overwriting: random.below(2) == 0
      )
      guard result.failed.isEmpty, !result.successful.isEmpty, let held else { return }
      model.repositories[other]?[name, default: [:]][version] = held
    case 6:
      guard packages[name] != nil else { return }
      let result = try await fixture.depot.dispose(batch, of: package(name), in: path)
      guard result.failed.isEmpty else { return }
      model.repositories[repository]?[name]?[version] = Model.Version(
        assets: [:],
        status: .disposed
      )
    case 7:
      guard packages[name] != nil else { return }
      let result = try await fixture.depot.deleteVersions(batch, of: package(name), in: path)
      #expect(result.failed.isEmpty == (held != nil))
      model.repositories[repository]?[name]?[version] = nil
    case 8:
      guard packages[name] != nil, random.below(2) == 0 else { return }
      _ = try await fixture.depot.deletePackage(package(name), in: path)
      model.repositories[repository]?[name] = nil
    default:
      guard random.below(4) == 0 else { return }
      _ = try await fixture.depot.deleteRepository(path)
      model.repositories[repository] = nil
    }
  }

  /// Compares every version and asset.
  private static func compare(
    _ model: Model,
    _ fixture: DepotFixture,
    _ seed: UInt64
  ) async throws {
    for (repository, packages) in model.repositories {
      let path = fixture.path(repository)
      for (name, versions) in packages {
        let listed = try await fixture.depot.listPackageVersions(of: package(name), in: path)
        #expect(
          listed.versions.items.map(\.version) == versions.keys.sorted(),
          "seed \(seed), \(repository)/\(name)"
        )
        for (version, expected) in versions {
          let assets = try await fixture.depot.listPackageVersionAssets(
            of: version,
            package(name),
            in: path
          )
          #expect(assets.version.status == expected.status, "seed \(seed)")
          #expect(
            assets.assets.items.map(\.name) == expected.assets.keys.sorted(),
            "seed \(seed), \(repository)/\(name)/\(version)"
          )
        }
      }
    }
  }
}

/// A small generator (SplitMix64) whose seed replays a run.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

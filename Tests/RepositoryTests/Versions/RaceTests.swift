import Catalog
import Synchronization
import Testing

@testable import Repository

/// Two clients do the same kinds of things to the same few versions at once.
///
/// Whatever each of them was told, and whatever is there in the end, must be what some serial order
/// of their calls would have come to: the calls of each client in its own order, those of both
/// interleaved in any way.
@Suite("Two clients racing")
struct RaceTests {
  enum Call: Hashable, Sendable {
    case createRepository(String)
    case deleteRepository(String)
    case publish(String, version: String, blob: UInt64)
    case copy(version: String, from: String, to: String, overwriting: Bool)
    case setStatus(String, version: String, to: VersionStatus, expecting: VersionStatus?)
    case dispose(String, version: String)
    case delete(String, version: String)
    case deletePackage(String)
  }

  private static let package = PackageCoordinates(format: .generic, namespace: "lab", name: "kit")

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `some serial order explains every answer and the state in the end`(
    block: UInt64
  ) async throws {
    for seed in block * 30..<(block + 1) * 30 { try await race(seed: seed) }
  }

  private func race(seed: UInt64) async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["a": [], "b": []])
      var random = Seeded(seed)
      let scripts = (0..<2).map { _ in (0..<6).map { _ in Self.call(&random) } }
      let answers = await Self.run(scripts, fixture, &random)
      let last = try await Self.state(of: fixture)
      var start = RaceModel()
      for name in ["a", "b"] { _ = start.apply(.createRepository(name)) }
      let history = zip(scripts, answers).map { Array(zip($0, $1)) }
      #expect(
        RaceModel.explains(history, from: start, to: last),
        "seed \(seed): no order of \(history) leads to \(last)"
      )
    }
  }

  private static func call(_ random: inout Seeded) -> Call {
    let repository = random.pick(["a", "b"])
    let version = random.pick(["1", "2"])
    let statuses: [VersionStatus] = [.published, .unlisted, .archived]
    switch random.below(12) {
    case 0...3: return .publish(repository, version: version, blob: UInt64(random.below(3)))
    case 4, 5:
      return .copy(
        version: version,
        from: repository,
        to: repository == "a" ? "b" : "a",
        overwriting: random.below(2) == 0
      )
    case 6, 7:
      return .setStatus(
        repository,
        version: version,
        to: random.pick(statuses),
        expecting: random.below(2) == 0 ? random.pick(statuses) : nil
      )
    case 8: return .dispose(repository, version: version)
    case 9: return .delete(repository, version: version)
    case 10: return .deletePackage(repository)
    default:
      return random.below(2) == 0
        ? .deleteRepository(repository) : .createRepository(repository)
    }
  }

  /// Runs both scripts at once; how often each stands aside is the seed's business too.
  private static func run(
    _ scripts: [[Call]],
    _ fixture: DepotFixture,
    _ random: inout Seeded
  ) async -> [[String]] {
    let pauses = scripts.map { script in script.map { _ in random.below(4) } }
    return await withTaskGroup(of: (Int, [String]).self) { group in
      for (client, script) in scripts.enumerated() {
        group.addTask {
          var answers: [String] = []
          for (call, pause) in zip(script, pauses[client]) {
            for _ in 0..<pause { await Task.yield() }
            answers.append(await answer(to: call, fixture))
          }
          return (client, answers)
        }
      }
      var answers = scripts.map { _ in [String]() }
      for await (client, given) in group { answers[client] = given }
      return answers
    }
  }

  /// What the depot says to a call, in the words of the model.
  private static func answer(to call: Call, _ fixture: DepotFixture) async -> String {
    let depot = fixture.depot
    do {
      switch call {
      case .createRepository(let name):
        _ = try await depot.createRepository(
          fixture.path(name),
          administrator: DepotFixture.account
        )
        return "done"
      case .deleteRepository(let name):
        _ = try await depot.deleteRepository(fixture.path(name))
        return "done"
      case .publish(let repository, let version, let blob):
        let staged = StagedAsset(
          digests: DepotFixture.asset("file", blob: blob).digests,
          blake2b256: [],
          byteCount: 100 + blob
        )
        let record = try await depot.publish(
          VersionPublication(
            repository: fixture.path(repository),
            package: package,
            displayName: "kit",
            version: version,
            files: [.init(name: "file", staged: staged)]
          )
        )
        return record.status.rawValue
      case .copy(let version, let source, let destination, let overwriting):
        let result = try await fixture.copy(
          [version],
          of: package,
          from: source,
          to: destination,
          overwriting: overwriting
        )
        return result.outcomes[version] ?? "same"
      case .setStatus(let repository, let version, let status, let expected):
        let result = try await depot.updateStatus(
          of: VersionBatch([version], expectedStatus: expected?.rawValue),
          package,
          in: fixture.path(repository),
          to: status
        )
        return result.outcomes[version] ?? "nothing"
      case .dispose(let repository, let version):
        let result = try await depot.dispose(
          VersionBatch([version]),
          of: package,
          in: fixture.path(repository)
        )
        return result.outcomes[version] ?? "nothing"
      case .delete(let repository, let version):
        let result = try await depot.deleteVersions(
          VersionBatch([version]),
          of: package,
          in: fixture.path(repository)
        )
        return result.outcomes[version] ?? "nothing"
      case .deletePackage(let repository):
        _ = try await depot.deletePackage(package, in: fixture.path(repository))
        return "done"
      }
    } catch {
      return (error as? RepositoryError).map { "\($0.code)" } ?? "\(error)"
    }
  }

  /// What is there in the end, read back in full.
  private static func state(of fixture: DepotFixture) async throws -> RaceModel {
    var model = RaceModel()
    for name in ["a", "b"] {
      guard try await exists(name, fixture) else { continue }
      model.repositories[name] = .some(try await versions(in: name, fixture))
    }
    return model
  }

  private static func exists(_ name: String, _ fixture: DepotFixture) async throws -> Bool {
    let listing = try await fixture.depot.listRepositoriesInDomain(
      owner: DepotFixture.account,
      domain: "shop"
    )
    return listing.items.contains { $0.repository.name == name }
  }

  /// Nil where the repository does not have the package.
  private static func versions(
    in name: String,
    _ fixture: DepotFixture
  ) async throws -> [String: RaceModel.Version]? {
    let path = fixture.path(name)
    guard try await !fixture.depot.listPackages(in: path).items.isEmpty else { return nil }
    let listing = try await fixture.depot.listPackageVersions(of: package, in: path)
    var held: [String: RaceModel.Version] = [:]
    for record in listing.versions.items {
      let assets = try await fixture.depot.listPackageVersionAssets(
        of: record.version,
        package,
        in: path
      )
      held[record.version] = RaceModel.Version(
        blob: assets.assets.items.first.map { UInt64($0.byteCount - 100) },
        status: record.status,
        lastBlob: nil
      )
    }
    return held
  }
}

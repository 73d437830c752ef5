import Catalog
import Testing

@testable import Repository

/// Two clients do the same kinds of things to the same few versions at once.
///
/// Whatever each of them was told, and whatever is there in the end, must be what some serial order
/// of their calls would have come to: the calls of each client in its own order, those of both
/// interleaved in any way.
@Suite("Two clients racing", .serialized)
struct RaceTests {
  private static let races = 150

  /// Generic packages are each repository's own; those of npm are looked for in upstreams too.
  @Test(arguments: [PackageFormat.generic, .npm])
  func `some serial order explains every answer and the state in the end`(
    format: PackageFormat
  ) async throws {
    var quotas = Quotas()
    quotas.domainsPerAccount = Self.races
    try await DepotFixture.with(quotas: quotas) { fixture in
      for seed in 0..<UInt64(Self.races) {
        let domain = "race-\(seed)"
        try await fixture.makeRepositories(["a": [], "b": ["a"]], in: domain)
        let package = PackageCoordinates(format: format, namespace: "lab", name: "kit")
        let clients = RaceClients(fixture: fixture, domain: domain, package: package)
        try await Self.race(clients, seed: seed)
      }
    }
  }

  private static func race(_ clients: RaceClients, seed: UInt64) async throws {
    var random = Seeded(seed)
    let scripts = (0..<2).map { _ in (0..<6).map { _ in RaceCall.random(&random) } }
    let answers = await run(scripts, clients, &random)
    var start = RaceModel()
    for name in ["a", "b"] { _ = start.apply(.createRepository(name)) }
    start.isResolved = clients.package.format != .generic
    start.upstreams = ["b": "a"]
    let last = try await clients.state(knowing: start)
    let history = zip(scripts, answers).map { calls, answers in
      zip(calls, answers).map { (call: $0, answer: $1) }
    }
    #expect(
      SerialOrder.explains(history, from: start, to: last),
      "\(clients.package.format), seed \(seed): no order of \(history) leads to \(last)"
    )
  }

  /// Runs both scripts at once; how often each stands aside is the seed's business too.
  private static func run(
    _ scripts: [[RaceCall]],
    _ clients: RaceClients,
    _ random: inout Seeded
  ) async -> [[String]] {
    let pauses = scripts.map { script in script.map { _ in random.below(4) } }
    return await withTaskGroup(of: (Int, [String]).self) { group in
      for (client, script) in scripts.enumerated() {
        group.addTask {
          var answers: [String] = []
          for (call, pause) in zip(script, pauses[client]) {
            for _ in 0..<pause { await Task.yield() }
            var answer = await clients.answer(to: call)
            // What a busy machine has turned away has not happened: a client asks again.
            for _ in 0..<100 where answer == "throttled" { answer = await clients.answer(to: call) }
            answers.append(answer)
          }
          return (client, answers)
        }
      }
      var answers = scripts.map { _ in [String]() }
      for await (client, given) in group { answers[client] = given }
      return answers
    }
  }
}

import Foundation
import Testing

/// A server that is killed while clients change things through the control API, again and again on
/// the same data.
@Suite("A killed server", .serialized)
struct ControlKillTests {
  private static let rounds =
    ProcessInfo.processInfo.environment["LARDER_KILLS"].flatMap(Int.init).map { max($0 / 20, 1) }
    ?? 4
  private static let seed =
    ProcessInfo.processInfo.environment["LARDER_SEED"].flatMap(UInt64.init)
    ?? UInt64.random(in: 1...999_999)
  private static let workers = 3

  @Test func `loses no control call that it acknowledged`() throws {
    print("control kills: seed \(Self.seed); LARDER_SEED repeats")
    var random = Seeded(state: Self.seed)
    let scratch = try Scratch()
    let data = scratch.url.appendingPathComponent("data")
    let first = try ControlServer(data: data)
    let caller = try ControlCaller(data: data)
    try first.prepare(caller)
    first.kill()
    var states = (0..<Self.workers).map { _ in ControlState() }
    var acknowledged = 0
    for round in 0..<Self.rounds {
      let scripts = (0..<Self.workers).map { ControlScript(round: round, worker: $0) }
      let answers = try Self.race(scripts, data, caller, killAfter: random.below(60) + 10)
      let server = try ControlServer(data: data)
      for (worker, script) in scripts.enumerated() {
        let done = answers[worker].prefix { $0 == 200 }.count
        let refused = answers[worker].dropFirst(done).filter { $0 != 0 }
        #expect(refused.isEmpty, "round \(round): answers after the kill: \(refused)")
        acknowledged += done
        let (sure, possible) = script.states(from: states[worker], after: done)
        let found = try server.state(of: script, caller)
        #expect(
          found == sure || found == possible,
          """
          round \(round), worker \(worker): \(done) calls were acknowledged, which make \(sure); \
          what is there is \(found)
          """
        )
        states[worker] = found
      }
      server.kill()
    }
    // A run in which nothing was acknowledged would prove nothing.
    #expect(acknowledged > Self.rounds * 10)
  }

  /// Runs the scripts at once, and kills the server when the first of them has come so far.
  private static func race(
    _ scripts: [ControlScript],
    _ data: URL,
    _ caller: ControlCaller,
    killAfter count: Int
  ) throws -> [[Int]] {
    let server = try ControlServer(data: data)
    let clients = try scripts.map { script in
      try ControlClient(script.calls.map { caller.transfer($0, at: server.address) })
    }
    try clients[0].hear(count)
    server.kill()
    return try clients.map { try $0.finish() }
  }
}

/// SplitMix64: a seed replays a run.
private struct Seeded {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
  }
}

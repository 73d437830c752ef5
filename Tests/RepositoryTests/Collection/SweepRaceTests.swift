import BlobEngine
import Bytes
import Catalog
import Synchronization
import Testing

@testable import Repository

@Suite("Sweeps beside everything else")
struct SweepRaceTests {
  private typealias Fixture = SweepFixture

  private static let blobCount = 60

  /// Each blob is due, and each is published again at some moment of the sweep: before it, in the
  /// middle of it, after it.
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `what is published while a sweep is about to delete it is there afterwards`(
    seed: UInt64
  ) async throws {
    try await Fixture.with { fixture in
      let keys = try await Self.makeDue(fixture)
      let order = Self.order(seed)
      let sweep = fixture.sweep()
      async let report = sweep.run()
      await withThrowingTaskGroup(of: Void.self) { group in
        for (turn, number) in order.enumerated() {
          group.addTask {
            for _ in 0..<(turn * 3) { await Task.yield() }
            try await fixture.publish(Fixture.bytes(number), version: "again \(number)")
          }
        }
        while let result = await group.nextResult() {
          if case .failure(let error) = result { Issue.record("seed \(seed): \(error)") }
        }
      }
      let swept = try await report
      for (number, key) in keys.enumerated() {
        let bytes = try await fixture.shop().get(key)
        #expect(bytes == Fixture.bytes(number), "seed \(seed), blob \(number)")
      }
      print("race \(seed): \(swept)")
      // Nothing was promised to last only until the next sweep.
      try await fixture.pass(days: 9)
      let later = try await sweep.run()
      #expect(later.unreferredCount == 0 && later.deletedCount == 0)
    }
  }

  /// Publishes, deletes and copies of a few blobs, with sweeps all the time.
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `rows and bytes agree whatever is done while sweeps go on`(seed: UInt64) async throws {
    try await Fixture.with({ $0.graceMilliseconds = 3_600_000 }) { fixture in
      let gate = TimeGate()
      let sweep = fixture.sweep(delay: .seconds(3600))
      async let sweeps = Self.sweepOnAndOn(sweep, fixture, gate)
      await withThrowingTaskGroup(of: Void.self) { group in
        for client in 0..<4 {
          group.addTask {
            try await Self.live(fixture, client, gate, Seeded(seed &* 31 &+ UInt64(client)))
          }
        }
        while let result = await group.nextResult() {
          if case .failure(let error) = result { Issue.record("seed \(seed): \(error)") }
        }
      }
      gate.end()
      try await sweeps
      let deletedCount = gate.deletedCount
      try await Self.compare(fixture, seed)
      print("sweeps \(seed): \(deletedCount) deleted")
      #expect(deletedCount > 0, "the sweeps had nothing to do")
    }
  }

  /// Blobs that nothing has referred to for longer than the delay.
  private static func makeDue(_ fixture: SweepFixture) async throws -> [SHA256Digest] {
    var keys: [SHA256Digest] = []
    for number in 0..<blobCount {
      keys.append(try await fixture.publish(Fixture.bytes(number), version: "\(number)"))
    }
    for number in 0..<blobCount { try await fixture.delete(version: "\(number)") }
    let report = try await fixture.sweep().run()
    #expect(report.noticedCount == blobCount)
    try await fixture.pass(days: 8)
    return keys
  }

  private static func order(_ seed: UInt64) -> [Int] {
    var random = Seeded(seed)
    return (0..<blobCount).shuffled(using: &random)
  }

  private static func sweepOnAndOn(
    _ sweep: BlobSweep,
    _ fixture: SweepFixture,
    _ gate: TimeGate
  ) async throws {
    while !gate.isOver {
      gate.note(deletedCount: try await sweep.run().deletedCount)
      await gate.close()
      for _ in 0..<8 {
        fixture.clock.advance(by: .seconds(900))
        _ = try await fixture.blobs.usage()
      }
      gate.open()
    }
  }

  /// Goes on for sixty steps at least, and until a sweep had something to delete, which on a busy
  /// machine may come later: twelve blobs are seldom all in use by clients that hold three each.
  private static func live(
    _ fixture: SweepFixture,
    _ client: Int,
    _ gate: TimeGate,
    _ generator: Seeded
  ) async throws {
    var random = generator
    var held: [String] = []
    for step in 0..<5_000 where step < 60 || gate.deletedCount == 0 {
      let version = "\(client).\(step)"
      await gate.enter()
      defer { gate.leave() }
      if held.count < 3, random.below(3) > 0 || held.isEmpty {
        try await fixture.publish(Fixture.bytes(random.below(12)), version: version)
        held.append(version)
      } else {
        try await fixture.delete(version: held.remove(at: random.below(held.count)))
      }
    }
  }

  /// Every asset that a row names is there.
  private static func compare(_ fixture: SweepFixture, _ seed: UInt64) async throws {
    let listed = try await fixture.depot.listPackageVersions(
      of: Fixture.kit,
      in: Fixture.path("dev")
    )
    for version in listed.versions.items {
      let assets = try await fixture.depot.listPackageVersionAssets(
        of: version.version,
        Fixture.kit,
        in: Fixture.path("dev")
      )
      for asset in assets.assets.items {
        let key = asset.digests.sha256
        #expect(try await fixture.shop().stat(key) != nil, "seed \(seed), \(version.version)")
      }
    }
  }
}

/// Lets hours pass only while nobody is between an upload and its rows: the grace is longer than
/// that.
private final class TimeGate: Sendable {
  private struct State {
    var insideCount = 0
    var isClosed = false
    var isOver = false
    var deletedCount = 0
  }

  private let state = Mutex(State())

  var isOver: Bool { state.withLock(\.isOver) }

  /// How many blobs the sweeps have deleted so far.
  var deletedCount: Int { state.withLock(\.deletedCount) }

  func note(deletedCount: Int) { state.withLock { $0.deletedCount += deletedCount } }

  func end() { state.withLock { $0.isOver = true } }

  func enter() async {
    while !state.withLock({ state in
      if state.isClosed { return false }
      state.insideCount += 1
      return true
    }) {
      await Task.yield()
    }
  }

  func leave() { state.withLock { $0.insideCount -= 1 } }

  /// Keeps others out, and waits until nobody is inside.
  func close() async {
    state.withLock { $0.isClosed = true }
    while state.withLock({ $0.insideCount > 0 }) { await Task.yield() }
  }

  func open() { state.withLock { $0.isClosed = false } }
}

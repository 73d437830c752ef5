import BlobEngine
import Bytes
import Foundation
import Simulation
import Synchronization

/// What a soaking process does until it is killed: keeps a store at four fifths of its capacity
/// while blobs come and go, and reads all the time.
///
/// Four fifths are what is alive and what is dead together. A quarter of what is used may be dead,
/// so three fifths of the capacity are kept alive, and the engine decides when to reclaim.
final class SoakWork: Sendable {
  private struct State {
    /// What is there, oldest first.
    var live: [(number: UInt64, key: SHA256Digest)]
    var nextNumber: UInt64
    var isAboveGoal = false
    var isReclaiming = false
    /// Whether reads count: those of a store that is being filled compare with nothing.
    var isSteady = false
    /// The bytes of the blobs that were put.
    var payloadByteCount: UInt64 = 0
    /// Reads without reclaim at work, and with it.
    var reads = [LatencyCounts(), LatencyCounts()]
  }

  /// How much of the capacity is kept alive.
  private static let liveShare = 0.8 * (1 - SoakTorture.Limits.deadShare)
  /// As many as share flushes well: with eight, what fills their pages up is a twenty-fifth more.
  private static let writerCount = 16
  private static let readerCount = 2

  private let store: BlobStore
  private let seed: UInt64
  private let goal: UInt64
  private let state: Mutex<State>

  /// - Parameters:
  ///   - store: the open store.
  ///   - seed: the seed of all blobs.
  ///   - capacity: what the store may take, in bytes.
  ///   - live: what is in it, oldest first.
  ///   - first: the number of the first new blob.
  init(
    _ store: BlobStore,
    seed: UInt64,
    capacity: UInt64,
    live: [(number: UInt64, key: SHA256Digest)],
    first: UInt64
  ) {
    self.store = store
    self.seed = seed
    goal = UInt64(Double(capacity) * Self.liveShare)
    state = Mutex(State(live: live, nextNumber: first))
  }

  /// Never returns of its own accord.
  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.measure() }
      for writer in 0..<Self.writerCount { group.addTask { try await self.write(writer) } }
      for reader in 0..<Self.readerCount { group.addTask { try await self.read(reader) } }
      try await group.waitForAll()
    }
  }

  // MARK: Writers

  private func write(_ writer: Int) async throws {
    var generator = Generator(seed, writer)
    while true {
      if state.withLock(\.isAboveGoal) { try await deleteOne(&generator) }
      try await putOne()
    }
  }

  private func putOne() async throws {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    let blob = TortureBlob(seed: seed, number: number)
    guard blob.recipe.byteCount > 0 else { return }
    do throws(EngineError) {
      let info = try await store.put(
        blob.recipe.makeBytes(),
        durability: blob.isRelaxed ? .relaxed : .flushed
      )
      Terminal.say(TortureLine.stored(number, info.key.hexadecimal).text)
      state.withLock { state in
        state.live.append((number, info.key))
        state.payloadByteCount += info.byteCount
      }
    } catch {
      guard error == .storageFull else { throw error }
      state.withLock { $0.isAboveGoal = true }
    }
  }

  /// Nine in ten deletes hit the youngest fifth.
  private func deleteOne(_ generator: inout Generator) async throws {
    let (age, which) = (generator.next(), generator.next())
    let victim: (number: UInt64, key: SHA256Digest)? = state.withLock { state in
      guard !state.live.isEmpty else { return nil }
      let young = max(1, state.live.count / 5)
      let index =
        age % 10 < 9
        ? state.live.count - 1 - Int(which % UInt64(young)) : Int(which % UInt64(state.live.count))
      return state.live.remove(at: index)
    }
    guard let victim else { return }
    Terminal.say(TortureLine.deleting(victim.number).text)
    _ = try await store.delete(victim.key)
    Terminal.say(TortureLine.deleted(victim.number).text)
  }

  // MARK: Readers

  private func read(_ reader: Int) async throws {
    var generator = Generator(seed, 100 + reader)
    while true {
      let which = generator.next()
      let picked = state.withLock { state in
        state.live.isEmpty ? nil : state.live[Int(which % UInt64(state.live.count))]
      }
      guard let picked else {
        try await Task.sleep(for: .milliseconds(10))
        continue
      }
      let began = ContinuousClock.now
      _ = try await store.get(picked.key, range: 0..<16_384)
      let duration = ContinuousClock.now - began
      state.withLock { state in
        guard state.isSteady else { return }
        state.reads[state.isReclaiming ? 1 : 0].add(duration)
      }
    }
  }

  // MARK: Measures

  private func measure() async throws {
    var (isSteady, round) = (false, 0)
    while true {
      let usage = try await store.usage()
      let reads = state.withLock { state -> [LatencyCounts] in
        state.isAboveGoal = usage.liveByteCount >= goal
        // Until reclaim has begun, nothing that was written has had its price.
        isSteady = isSteady || (state.isAboveGoal && usage.emptiedSegmentCount > 0)
        state.isReclaiming = usage.isReclaiming
        state.isSteady = isSteady
        guard round % 50 == 49 else { return [] }
        defer { state.reads = [LatencyCounts(), LatencyCounts()] }
        return state.reads
      }
      if round % 50 == 49 {
        let measure = SoakMeasure(
          usage,
          payload: state.withLock(\.payloadByteCount),
          kernel: Self.kernelByteCount,
          isSteady: isSteady
        )
        Terminal.say(TortureLine.measured(measure).text)
        for (number, counts) in reads.enumerated() where counts.total > 0 {
          Terminal.say(TortureLine.reads(counts, isReclaiming: number == 1).text)
        }
      }
      round += 1
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// What this process has written to disks, by the kernel's count; 0 where it does not tell.
  private static var kernelByteCount: UInt64 {
    let text = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("write_bytes: ") }
    return line.flatMap { UInt64($0.dropFirst("write_bytes: ".count)) } ?? 0
  }

  /// SplitMix64.
  private struct Generator {
    private var state: UInt64

    init(_ seed: UInt64, _ worker: Int) { state = seed &* 1_000_003 &+ UInt64(worker) }

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}

import Bytes
import Codec
import Simulation
import Testing

@testable import BlobEngine

/// Many callers at a few blobs, on every disk, while segments are emptied, checkpoints written,
/// archives taken apart and everything is compressed again: each answer is one that an instant
/// between its question and itself could have given (`engine.md` 17.7).
@Suite("Linearizability", .tags(.slow, .model))
struct LinearizabilityTests {
  private static let callerCount = 8
  private static let operationCount = 150

  private static var cases: [(StoreOptions.InputOutput, Bool)] {
    let disks: [StoreOptions.InputOutput] = [.automatic, .threads]
    return disks.flatMap { disk in [(disk, false), (disk, true)] }
  }

  @Test(arguments: cases)
  func `each answer is true at some instant`(
    _ disk: StoreOptions.InputOutput,
    _ isSealed: Bool
  ) async throws {
    let crowd = try await Crowd(disk, isSealed: isSealed)
    let seed = TortureSettings.replayedSeed ?? .random(in: 1..<1 << 32)
    print("linearizability: \(disk), sealed \(isSealed), seed \(seed)")
    async let house: Void = crowd.keepHouse()
    try await withThrowingTaskGroup(of: Void.self) { callers in
      for number in 0..<Self.callerCount {
        callers.addTask {
          var choices = SeededGenerator(seed: seed &+ UInt64(number))
          for _ in 0..<Self.operationCount { try await crowd.act(using: &choices) }
        }
      }
      try await callers.waitForAll()
    }
    crowd.leave()
    try await house
    crowd.check()
    await crowd.close()
  }
}

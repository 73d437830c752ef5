import BlobEngine
import Bytes
import Foundation
import Simulation

/// Keeps a store busy at four fifths of its capacity for as long as asked for, kills the process
/// that has it open every minute, and judges what is left.
struct SoakTorture {
  /// What a soak has to keep to.
  enum Limits {
    static let deadShare = 0.25
    static let writeAmplification = 1.5
    /// How much longer than other reads those during reclaim may take, at the 99th percentile.
    static let slowdown = 2.0
    static let openTime = Duration.seconds(10)
    /// What the process may take beside the index of its blobs, in bytes.
    static let memoryByteCount: UInt64 = 512 << 20
  }

  let directory: String
  let seed: UInt64
  let disk: StoreOptions.InputOutput
  let capacity: UInt64
  /// The size of a segment, in bytes.
  let segment: UInt64
  let killInterval: Duration
  private(set) var report = SoakReport()
  private var generator: SeededGenerator
  private var ledger = TortureLedger()
  private var nextNumber: UInt64 = 0

  init(
    directory: String,
    seed: UInt64,
    disk: StoreOptions.InputOutput,
    capacity: UInt64,
    segment: UInt64,
    killInterval: Duration
  ) {
    self.directory = directory
    self.seed = seed
    self.disk = disk
    self.capacity = capacity
    self.segment = segment
    self.killInterval = killInterval
    generator = SeededGenerator(seed: seed)
  }

  private var store: String { "\(directory)/soak" }
  private var list: String { "\(directory)/live" }

  mutating func run(for duration: Duration, progress: (SoakReport) -> Void) async throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end, report.losses.isEmpty {
      try await killOne(after: min(killInterval, end - ContinuousClock.now))
      try await verify(all: false)
      progress(report)
    }
    if report.losses.isEmpty { try await verify(all: true) }
  }

  private mutating func killOne(after interval: Duration) async throws {
    try ledger.stored.map { "\($0.number) \($0.key.hexadecimal)" }.joined(separator: "\n")
      .write(toFile: list, atomically: true, encoding: .utf8)
    let child = try TortureProcess(arguments: [
      "store", "torture-child", "--store", store, "--io", disk.rawValue, "--seed", "\(seed)",
      "--first", "\(nextNumber)", "--segment-bytes", "\(segment)",
      "--soak-list", list, "--capacity", "\(capacity)",
    ])
    nextNumber += 1_000_000_000
    await child.isReady()
    let end = ContinuousClock.now + interval
    while ContinuousClock.now < end {
      try await Task.sleep(for: min(.seconds(1), end - ContinuousClock.now))
      report.memoryByteCount = max(report.memoryByteCount, child.residentByteCount)
    }
    let lines = try await child.kill()
    report.killCount += 1
    ledger.beginRound()
    var measures: [SoakMeasure] = []
    for line in lines {
      ledger.add(line)
      switch line {
      case .measured(let measure): measures.append(measure)
      case .reads(let counts, let isReclaiming):
        if isReclaiming { report.readsInReclaim.add(counts) } else { report.otherReads.add(counts) }
      case .ready, .stored, .deleting, .deleted: break
      }
    }
    report.add(measures)
    report.storedCount += ledger.storedInRound
    report.deletedCount += ledger.deletedInRound
  }

  private mutating func verify(all: Bool) async throws {
    let options = StoreOptions(
      segmentByteCount: segment,
      capacityByteCount: capacity,
      // What is copied here would be counted nowhere.
      reclaims: false,
      inputOutput: disk,
      acceptsAnyFileSystem: true
    )
    let began = ContinuousClock.now
    let store = try await BlobStore.open(at: store, options: options)
    report.openTime = max(report.openTime, ContinuousClock.now - began)
    for (number, fate) in ledger.sample(all: all, using: &generator) {
      let blob = TortureBlob(seed: seed, number: number)
      let bytes: [UInt8]?
      do { bytes = try await store.get(fate.key) } catch {
        report.losses.append("blob \(number) \(fate.key): \(error)")
        continue
      }
      report.comparedCount += 1
      switch (fate.state, bytes) {
      case (.stored, nil) where !blob.isRelaxed:
        report.losses.append("acknowledged blob \(number) is gone")
      case (.deleted, .some): report.losses.append("deleted blob \(number) is back")
      case (_, nil): ledger.settle(number, isThere: false)
      case (_, let bytes?):
        ledger.settle(number, isThere: true)
        if bytes != blob.recipe.makeBytes() {
          report.losses.append("blob \(number) has other bytes")
        }
      }
    }
    await store.close()
  }
}

import BlobEngine
import Bytes
import Foundation
import Simulation

/// Kills processes that store blobs, and looks at what they leave.
struct KillTorture {
  /// What was done and found.
  struct Report: CustomStringConvertible {
    var kills = 0
    /// How many of them came before the store was open.
    var killsInRecovery = 0
    var acknowledged = 0
    var deleted = 0
    var reads = 0
    /// A sentence for each broken promise.
    var losses: [String] = []

    var description: String {
      "\(kills) processes (\(killsInRecovery) while opening), \(acknowledged) blobs and \(deleted) "
        + "deletes acknowledged, \(reads) reads compared, \(losses.count) promises broken"
    }
  }

  /// The kills that one store goes through before the next begins.
  private static let killsPerStore = 25
  private static let segmentByteCount: UInt64 = 4 << 20

  let directory: String
  let seed: UInt64
  let disks: [StoreOptions.InputOutput]
  private(set) var report = Report()
  private var generator: SeededGenerator
  private var ledger = TortureLedger()
  private var nextNumber: UInt64 = 0

  init(directory: String, seed: UInt64, disks: [StoreOptions.InputOutput]) {
    self.directory = directory
    self.seed = seed
    self.disks = disks
    generator = SeededGenerator(seed: seed)
  }

  /// Kills this many processes, one after the other, or fewer when a promise is broken.
  mutating func run(kills: Int, progress: (Int) -> Void) async throws {
    while report.kills < kills, report.losses.isEmpty {
      let round = report.kills / Self.killsPerStore
      let isLast =
        report.kills % Self.killsPerStore == Self.killsPerStore - 1
        || report.kills == kills - 1
      let disk = disks[round % disks.count]
      let store = "\(directory)/\(round)"
      try await killOne(store, disk)
      try await verify(store, disk, all: isLast)
      if isLast { startOver(store) }
      progress(report.kills)
    }
  }

  private mutating func killOne(_ store: String, _ disk: StoreOptions.InputOutput) async throws {
    let child = try TortureProcess(arguments: [
      "store", "torture-child", "--store", store, "--io", disk.rawValue, "--seed", "\(seed)",
      "--first", "\(nextNumber)", "--segment-bytes", "\(Self.segmentByteCount)",
    ])
    nextNumber += 1_000_000
    // One in four dies at any moment from its birth on, the others while they work.
    if generator.once(in: 4) {
      try await Task.sleep(for: .milliseconds(generator.below(60)))
    } else {
      await child.isReady()
      try await Task.sleep(for: .microseconds(500 + generator.below(100_000)))
    }
    let lines = try await child.kill()
    report.kills += 1
    if lines.isEmpty { report.killsInRecovery += 1 }
    ledger.beginRound()
    for line in lines { ledger.add(line) }
    report.acknowledged += ledger.storedInRound
    report.deleted += ledger.deletedInRound
  }

  private mutating func verify(
    _ directory: String,
    _ disk: StoreOptions.InputOutput,
    all: Bool
  ) async throws {
    let options = StoreOptions(
      segmentByteCount: Self.segmentByteCount,
      cacheByteLimit: 0,
      inputOutput: disk,
      acceptsAnyFileSystem: true
    )
    let store = try await BlobStore.open(at: directory, options: options)
    for (number, fate) in ledger.sample(all: all, using: &generator) {
      report.reads += 1
      if let loss = try await check(number, fate, in: store) {
        report.losses.append("kill \(report.kills) (seed \(seed)): \(loss)")
      }
    }
    await store.close()
  }

  /// Returns what is wrong with a blob, or nil.
  private func check(
    _ number: UInt64,
    _ fate: TortureLedger.Fate,
    in store: BlobStore
  ) async throws -> String? {
    let blob = TortureBlob(seed: seed, number: number)
    let found: [UInt8]?
    do {
      found = try await store.get(fate.key)
    } catch {
      return "blob \(number) \(fate.key): \(error)"
    }
    switch (fate.state, found) {
    case (.stored, nil): return blob.isRelaxed ? nil : "acknowledged blob \(number) is gone"
    case (.deleted, .some): return "deleted blob \(number) is back"
    case (_, nil): return nil
    case (_, let bytes?):
      return bytes == blob.recipe.makeBytes() ? nil : "blob \(number) has other bytes"
    }
  }

  private mutating func startOver(_ store: String) {
    ledger = TortureLedger()
    try? FileManager.default.removeItem(atPath: store)
  }
}

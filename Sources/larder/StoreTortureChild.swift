import ArgumentParser
import BlobEngine
import Bytes
import Foundation
import Simulation

/// The process that `larder store torture` kills: stores and deletes blobs until it dies, and says
/// what was acknowledged.
struct StoreTortureChild: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "torture-child",
    abstract: "Be killed.",
    shouldDisplay: false
  )

  @Option var store: String
  @Option var io: DiskArgument
  @Option var seed: UInt64
  /// The number of the first blob; no other child of this torture has it or one near it.
  @Option var first: UInt64
  @Option var segmentBytes: UInt64
  /// The file with what is in the store, for a soak.
  @Option var soakList: String?
  @Option var capacity: UInt64?

  private static let writerCount: UInt64 = 8

  func run() async throws {
    let options = StoreOptions(
      segmentByteCount: segmentBytes,
      capacityByteCount: capacity,
      recentByteLimit: 1 << 20,
      cacheByteLimit: 0,
      checkpointByteInterval: soakList == nil ? segmentBytes : 256 << 20,
      // A soak weighs what is written against what is put.
      compresses: soakList == nil,
      inputOutput: io.inputOutput,
      acceptsAnyFileSystem: true
    )
    let store = try await BlobStore.open(at: store, options: options) { entry in
      if entry.level == .alarm { Terminal.note(entry.message) }
    }
    Terminal.say(TortureLine.ready.text)
    if let soakList { return try await soak(store, soakList) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<Self.writerCount {
        group.addTask { try await work(store, writer) }
      }
      try await group.waitForAll()
    }
  }

  private func soak(_ store: BlobStore, _ list: String) async throws {
    let lines = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
    let live = lines.compactMap { line -> (number: UInt64, key: SHA256Digest)? in
      let words = line.split(separator: " ")
      guard words.count == 2, let number = UInt64(words[0]),
        let key = SHA256Digest(hexadecimal: String(words[1]))
      else { return nil }
      return (number, key)
    }
    let work = SoakWork(
      store,
      seed: seed,
      capacity: capacity ?? .max,
      live: live,
      first: first
    )
    try await work.run()
  }

  /// Stores every eighth blob, and deletes one of its own now and then.
  private func work(_ store: BlobStore, _ writer: UInt64) async throws {
    var kept: [(number: UInt64, key: SHA256Digest)] = []
    var number = first + writer
    while true {
      let blob = TortureBlob(seed: seed, number: number)
      let key = try await put(blob, into: store)
      Terminal.say(TortureLine.stored(number, key.hexadecimal).text)
      if blob.recipe.byteCount > 0 { kept.append((number, key)) }
      if number % 7 == 3, !kept.isEmpty {
        let victim = kept.remove(at: Int(number / 7) % kept.count)
        Terminal.say(TortureLine.deleting(victim.number).text)
        _ = try await store.delete(victim.key)
        Terminal.say(TortureLine.deleted(victim.number).text)
      }
      // Kills come in the middle of reclaim, too.
      if number % 256 == 5 { try await store.compact() }
      number += Self.writerCount
    }
  }

  /// Stores a blob in one go or bit by bit.
  private func put(_ blob: TortureBlob, into store: BlobStore) async throws -> SHA256Digest {
    let bytes = blob.recipe.makeBytes()
    let durability: Durability = blob.isRelaxed ? .relaxed : .flushed
    if blob.number % 3 != 0 { return try await store.put(bytes, durability: durability).key }
    let writer = try await store.makeWriter(durability: durability)
    for start in stride(from: 0, to: bytes.count, by: 50_000) {
      try await writer.write(Array(bytes[start..<min(start + 50_000, bytes.count)]))
    }
    return try await writer.finish().key
  }
}

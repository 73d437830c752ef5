import ArgumentParser
import BlobEngine
import Codec
import Foundation

/// What digests beside SHA-256 cost on the way in: wall clock and processor time.
struct DigestsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digests",
    abstract: "Ingest with SHA-256 alone, with all four digests, and with four made by the caller."
  )

  @Option(help: "An empty folder on the file system to measure.")
  var directory: String

  @Option(help: "Rounds; the ways take turns in each.")
  var rounds = 3

  @Option(help: "How many MiB each measurement puts.")
  var mebibytes = 256

  @Option(help: "How many blobs are put at a time.")
  var concurrency = 1

  /// Who makes which digests.
  private enum Way: String, CaseIterable {
    case sha256 = "SHA-256 alone"
    case four = "four in the engine"
    case caller = "four by the caller"
  }

  /// What a writer is given at a time, as from a socket.
  private static let chunkByteCount = 256 << 10

  func run() async throws {
    print("MiB  way                   GB/s   ns CPU/byte")
    for size in [1, 4, 16, 64] {
      var best: [Way: (rate: Double, cost: Double)] = [:]
      for round in 0..<rounds {
        for way in Way.allCases.shuffled() {
          let now = try await measure(way, size << 20, seed: UInt64(round) << 48)
          let known = best[way] ?? (0, .infinity)
          best[way] = (max(known.rate, now.rate), min(known.cost, now.cost))
        }
      }
      for way in Way.allCases {
        guard let (rate, cost) = best[way] else { continue }
        let name = way.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0)
        print(String(format: "%3d  %@  %5.2f   %6.2f", size, name, rate, cost))
      }
    }
  }

  /// The best of rounds is kept: others on the machine only ever make it slower.
  private func measure(
    _ way: Way,
    _ byteCount: Int,
    seed: UInt64
  ) async throws -> (rate: Double, cost: Double) {
    let folder = directory + "/digests"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try await BlobStore.open(at: folder, options: StoreOptions(compresses: false))
    let count = max(1, (mebibytes << 20) / byteCount)
    let numbers = TurnQueue(Array(0..<count))
    let (start, processor) = (ContinuousClock.now, ProcessorTime.now())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<concurrency {
        group.addTask {
          while let number = numbers.next() {
            try await put(byteCount, number, way, seed, into: store)
          }
        }
      }
      try await group.waitForAll()
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let total = Double(count * byteCount)
    let spent = ProcessorTime.now() - processor
    await store.close()
    return (total / seconds / 1e9, spent / total * 1e9)
  }

  private func put(
    _ byteCount: Int,
    _ number: Int,
    _ way: Way,
    _ seed: UInt64,
    into store: BlobStore
  ) async throws {
    let chunk = Self.chunkByteCount
    var own = CallersDigests()
    let writer = try await store.makeWriter(digests: way == .four ? [.md5, .sha1, .sha512] : [])
    for place in 0..<(byteCount / chunk) {
      let bytes = Payload.bytes(chunk, seed: seed, worker: number, number: place)
      if way == .caller { own.update(bytes) }
      try await writer.write(bytes)
    }
    _ = try await writer.finish(expecting: nil)
    if way == .caller { own.finish() }
  }
}

/// Four digests in the caller's own task, SHA-256 once more among them.
private struct CallersDigests {
  private var sha256 = SHA256Stream()
  private var others: [any DigestStream] = [MD5Stream(), SHA1Stream(), SHA512Stream()]

  mutating func update(_ bytes: [UInt8]) {
    sha256.update(bytes.span)
    for index in others.indices { others[index].update(bytes.span) }
  }

  func finish() {
    _ = sha256.digest()
    for stream in others { _ = stream.digest() }
  }
}

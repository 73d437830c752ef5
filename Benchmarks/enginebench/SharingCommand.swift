import ArgumentParser
import BlobEngine
import Bytes
import Foundation

/// What sharing the members of archives saves, and what reads of them cost then.
struct SharingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sharing",
    abstract: "Saving and read cost of shared members, for one folder of archives of a format."
  )

  @Option(help: "An empty folder on the file system to measure.")
  var directory: String

  @Option(help: "A folder of archives that may have members in common.")
  var archives: String

  @Option(help: "How often all are read, of each store in turn.")
  var rounds = 5

  @Flag(help: "Empty the page cache before each reading; needs root.")
  var cold = false

  func run() async throws {
    let paths = try FileManager.default.contentsOfDirectory(atPath: archives).sorted()
    let whole = try await makeStore("whole")
    let shared = try await makeStore("shared")
    var keys: [SHA256Digest] = []
    for path in paths {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: archives + "/" + path)))
      keys.append(try await put(bytes, into: whole))
      _ = try await put(bytes, into: shared)
    }
    let start = ContinuousClock.now
    let report = try await shared.shareMembers(among: keys)
    let elapsed = ContinuousClock.now - start
    var result = SharingResult(
      archives: archives,
      report: report,
      sharingSeconds: elapsed / .seconds(1)
    )
    for store in [whole, shared] { try await store.compact() }
    result.liveByteCounts = [
      try await whole.usage().liveByteCount, try await shared.usage().liveByteCount,
    ]
    await whole.close()
    await shared.close()
    try await measure(keys, &result)
    try result.print()
  }

  private func makeStore(_ name: String) async throws -> BlobStore {
    let options = StoreOptions(segmentByteCount: 16 << 20, recentByteLimit: 0, cacheByteLimit: 0)
    return try await BlobStore.open(at: directory + "/" + name, options: options)
  }

  private func put(_ bytes: [UInt8], into store: BlobStore) async throws -> SHA256Digest {
    try await store.put(bytes).key
  }

  /// Reads everything from one store, then from the other, and in the other order next time.
  private func measure(_ keys: [SHA256Digest], _ result: inout SharingResult) async throws {
    let stores = [try await makeStore("whole"), try await makeStore("shared")]
    for round in 0...rounds {
      for number in round % 2 == 0 ? [0, 1] : [1, 0] {
        if cold, !PageCache.drop() { throw ValidationError("--cold needs root") }
        let before = (ContinuousClock.now, ProcessorTime.now())
        for key in keys { result.byteCount += try await read(key, from: stores[number]) }
        // The first round warms up.
        guard round > 0 else { continue }
        result.wallSeconds[number].append((ContinuousClock.now - before.0) / .seconds(1))
        result.processorSeconds[number] += ProcessorTime.now() - before.1
      }
    }
    for store in stores { await store.close() }
  }

  private func read(_ key: SHA256Digest, from store: BlobStore) async throws -> Int {
    guard let reader = try await store.makeReader(for: key) else {
      throw Lost(handle: key.hexadecimal)
    }
    var count = 0
    while let bytes = try await reader.next() { count += bytes.count }
    return count
  }
}

/// What a folder of archives has come to.
private struct SharingResult {
  let archives: String
  let report: SharingReport
  let sharingSeconds: Double
  /// The live bytes of the store with whole blobs, and of that with shared ones.
  var liveByteCounts: [UInt64] = []
  var byteCount = 0
  var wallSeconds: [[Double]] = [[], []]
  var processorSeconds = [0.0, 0.0]

  private struct Line: Encodable {
    let archives: String
    let examined: Int
    let shared: Int
    let wholeByteCount: UInt64
    let sharedByteCount: UInt64
    let sharingSeconds: Double
    let wallSeconds: [Double]
    let processorSeconds: [Double]
    let checksum: Int
    let reasons: [String: Int]
  }

  func print() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let line = Line(
      archives: archives,
      examined: report.examinedCount,
      shared: report.sharedCount,
      wholeByteCount: liveByteCounts[0],
      sharedByteCount: liveByteCounts[1],
      sharingSeconds: sharingSeconds,
      wallSeconds: wallSeconds.map { $0.sorted()[$0.count / 2] },
      processorSeconds: processorSeconds.map { $0 / Double(wallSeconds[0].count) },
      checksum: byteCount,
      reasons: report.reasons
    )
    Swift.print(String(decoding: try encoder.encode(line), as: UTF8.self))
  }
}

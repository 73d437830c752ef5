import ArgumentParser
import BlobEngine
import Bytes
import Foundation

/// What compressing a store again saves, what it costs, and what reads and puts notice of it.
struct RecompressCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recompress",
    abstract: "Saving and cost of compressing again, for one folder of files."
  )

  @Option(help: "An empty folder on the file system to measure.")
  var directory: String

  @Option(help: "A folder of files that compress.")
  var files: String

  @Option(help: "How files are cut into blobs, in bytes; 0: not at all.")
  var cut = 65_536

  @Option(help: "How often all are read before and after.")
  var rounds = 5

  func run() async throws {
    let options = StoreOptions(segmentByteCount: 16 << 20, recentByteLimit: 0, cacheByteLimit: 0)
    let store = try await BlobStore.open(at: directory, options: options)
    var result = RecompressionResult()
    let keys = try await fill(store, &result)
    result.liveByteCounts.append(try await store.usage().liveByteCount)
    result.readSeconds.append(try await read(keys, from: store))
    result.putMicroseconds.append(try await puts(store) { try await Task.sleep(for: .seconds(2)) })
    let before = (ContinuousClock.now, ProcessorTime.now())
    result.putMicroseconds.append(
      try await puts(store) {
        let report = try await store.recompress()
        result.recompressed = report.recompressedRecordCount
        result.movedByteCount = report.movedByteCount
      }
    )
    result.seconds = (ContinuousClock.now - before.0) / .seconds(1)
    result.processorSeconds = ProcessorTime.now() - before.1
    result.liveByteCounts.append(try await store.usage().liveByteCount)
    result.readSeconds.append(try await read(keys, from: store))
    await store.close()
    print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
  }

  private func fill(
    _ store: BlobStore,
    _ result: inout RecompressionResult
  ) async throws -> [SHA256Digest] {
    var keys: [SHA256Digest] = []
    for path in try FileManager.default.contentsOfDirectory(atPath: files).sorted() {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files + "/" + path)))
      result.byteCount += bytes.count
      let size = cut == 0 ? max(bytes.count, 1) : cut
      for start in stride(from: 0, to: bytes.count, by: size) {
        let blob = Array(bytes[start..<min(start + size, bytes.count)])
        keys.append(try await store.put(blob).key)
      }
    }
    return keys
  }

  /// The median time of reading all, after a round that warms up, in seconds.
  private func read(_ keys: [SHA256Digest], from store: BlobStore) async throws -> Double {
    var seconds: [Double] = []
    for _ in 0...rounds {
      let start = ContinuousClock.now
      for key in keys {
        let reader = try await store.makeReader(for: key)
        while try await reader?.next() != nil {}
      }
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    let counted = seconds.dropFirst().sorted()
    return counted[counted.count / 2]
  }

  /// How long a put of 4 KiB takes while `work` goes on, each after a rest of 5 ms: the median, and
  /// what one in a hundred exceeds, in microseconds.
  private func puts(
    _ store: BlobStore,
    during work: () async throws -> Void
  ) async throws -> [Double] {
    let probe = Task {
      var taken: [Double] = []
      while !Task.isCancelled {
        let bytes = (0..<4096).map { _ in UInt8.random(in: 0...255) }
        let start = ContinuousClock.now
        _ = try await store.put(bytes)
        taken.append((ContinuousClock.now - start) / .microseconds(1))
        try? await Task.sleep(for: .milliseconds(5))
      }
      return taken.sorted()
    }
    try await work()
    probe.cancel()
    let taken = try await probe.value
    return [taken[taken.count / 2], taken[taken.count * 99 / 100]]
  }
}

private struct RecompressionResult: Encodable {
  var byteCount = 0
  /// Before and after.
  var liveByteCounts: [UInt64] = []
  var readSeconds: [Double] = []
  /// Alone and meanwhile, each the median and the 99th percentile.
  var putMicroseconds: [[Double]] = []
  var recompressed: UInt64 = 0
  var movedByteCount: UInt64 = 0
  var seconds = 0.0
  var processorSeconds = 0.0
}

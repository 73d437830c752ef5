import ArgumentParser
import BlobEngine
import Bytes
import Codec
import Foundation

/// Large blobs as fast as they come, beside the hashing that each of them needs.
struct IngestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Durable puts of 16 MiB, and the SHA-256 of the same bytes, in turns."
  )

  @Option(help: "An empty folder on the file system to measure.")
  var directory: String

  @Option(help: "The round's number: seeds the payloads, and says who is first.")
  var round = 1

  @Option(help: "Seconds for each line.")
  var seconds = 2.0

  private static let byteCount = 16 << 20

  /// More than there are processors: at its end each blob waits for two flushes.
  private var workers: Int { 4 * ProcessInfo.processInfo.activeProcessorCount }

  func run() async throws {
    let lines = [hash, ingest]
    for line in round.isMultiple(of: 2) ? lines : lines.reversed() { try await line().print() }
  }

  /// The speed of light: making the bytes and hashing them, and nothing else.
  private func hash() async throws -> Measurement {
    try await turn.run("SHA-256, all cores") { worker, number in
      let bytes = payload(worker, number)
      return (bytes.count, UInt64(SHA256Stream.digest(of: bytes.span).bytes[0]))
    }
  }

  private func ingest() async throws -> Measurement {
    let folder = directory + "/ingest"
    let store = try await BlobStore.open(at: folder, options: StoreOptions(cacheByteLimit: 0))
    let measurement = try await turn.run("engine, ring") { worker, number in
      let bytes = payload(worker, number)
      return (bytes.count, UInt64(try await store.put(bytes).key.bytes[0]))
    }
    await store.close()
    try FileManager.default.removeItem(atPath: folder)
    return measurement
  }

  private var turn: Round {
    Round(
      cell: "large ingest 16 MiB x\(workers)",
      number: round,
      concurrency: workers,
      duration: .seconds(seconds),
      device: DeviceCounter(under: directory)
    )
  }

  private func payload(_ worker: Int, _ number: Int) -> [UInt8] {
    Payload.bytes(Self.byteCount, seed: UInt64(round) << 48, worker: worker, number: number)
  }
}

import ArgumentParser
import BlobEngine
import Codec
import Foundation

/// What a store of very many blobs costs: in memory, at the start after a crash, in checkpoints.
struct ScaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale",
    abstract: "Fills a store with many small blobs, or opens one that was killed.",
    subcommands: [Fill.self, Open.self]
  )

  struct Fill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put blobs, say what it cost, and stay until killed.",
      discussion: "Prints a line of JSON when all are durable."
    )

    @OptionGroup var place: Place

    @Option(help: "How many puts are under way at a time.")
    var concurrency = 256

    func run() async throws {
      let store = try await BlobStore.open(at: place.directory + "/store", options: place.options)
      let device = DeviceCounter(under: place.directory)
      let (before, memory) = (device?.writtenByteCount, ResidentMemory.byteCount ?? 0)
      let (clock, processor) = (ContinuousClock(), ProcessorTime.now())
      let started = clock.now
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in 0..<concurrency {
          group.addTask {
            for number in stride(from: worker, to: place.blobs, by: concurrency) {
              _ = try await store.put(place.blob(number), durability: .relaxed)
            }
          }
        }
        try await group.waitForAll()
      }
      // The last one is durable, and so is all that came before it.
      _ = try await store.put(place.blob(place.blobs), durability: .flushed)
      let seconds = (clock.now - started) / .seconds(1)
      let written = before.flatMap { before in device?.writtenByteCount.map { $0 - before } }
      try Line(
        blobs: place.blobs,
        seconds: seconds,
        processorSeconds: ProcessorTime.now() - processor,
        memoryByteCount: max(ResidentMemory.byteCount ?? 0, memory) - memory,
        putByteCount: UInt64(place.blobs) * UInt64(place.size),
        deviceByteCount: written
      ).print()
      while true { try await Task.sleep(for: .seconds(3600)) }
    }
  }

  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Open a store that was killed, and read some of its blobs back."
    )

    @OptionGroup var place: Place

    @Option(help: "How many blobs are read back.")
    var samples = 1000

    @Flag(help: "Empty the page cache first; needs root.")
    var cold = false

    func run() async throws {
      if cold, !PageCache.drop() { throw ValidationError("the page cache stays: not root") }
      let empty = try await BlobStore.open(at: place.directory + "/empty", options: place.options)
      let memory = ResidentMemory.byteCount ?? 0
      await empty.close()
      let (clock, processor) = (ContinuousClock(), ProcessorTime.now())
      let started = clock.now
      let store = try await BlobStore.open(at: place.directory + "/store", options: place.options)
      let milliseconds = (clock.now - started) / .milliseconds(1)
      let spent = ProcessorTime.now() - processor
      let first = try await get(place.blobs / 2, from: store)
      let ready = (clock.now - started) / .milliseconds(1)
      var lost = first ? 0 : 1
      for sample in 0..<samples {
        let number = Int(UInt64(sample) &* 0x9e37_79b9_7f4a_7c15 % UInt64(place.blobs))
        if try await !get(number, from: store) { lost += 1 }
      }
      let opened = try await settledMemory()
      try OpenLine(
        openMilliseconds: milliseconds,
        firstReadMilliseconds: ready,
        processorSeconds: spent,
        memoryByteCount: opened - min(memory, opened),
        memoryByteCountPerBlob: Double(opened - min(memory, opened)) / Double(place.blobs),
        samples: samples,
        lost: lost
      ).print()
      // The store is left as a crash would leave it, for the next one who opens it.
      withExtendedLifetime(store) { Foundation.exit(lost == 0 ? 0 : 1) }
    }

    /// The memory that is resident once what the crash left unsealed is sealed.
    private func settledMemory() async throws -> UInt64 {
      var least = ResidentMemory.byteCount ?? 0
      for _ in 0..<6 {
        try await Task.sleep(for: .milliseconds(500))
        least = min(least, ResidentMemory.byteCount ?? 0)
      }
      return least
    }

    /// Whether the blob is there, as it was put.
    private func get(_ number: Int, from store: BlobStore) async throws -> Bool {
      let bytes = place.blob(number)
      return try await store.get(SHA256Stream.digest(of: bytes.span)) == bytes
    }
  }

  /// Which store, and what is in it.
  struct Place: ParsableArguments {
    @Option(help: "A folder on the file system to measure.")
    var directory: String

    @Option(help: "How many blobs.")
    var blobs = 10_000_000

    @Option(help: "Bytes in a blob.")
    var size = 64

    /// Reclaim is off: every crash leaves a segment of 256 MiB behind that is mostly unused, and
    /// after a few of them it would be at work while memory is measured.
    var options: StoreOptions {
      StoreOptions(recentByteLimit: 0, cacheByteLimit: 0, reclaims: false, compresses: false)
    }

    func blob(_ number: Int) -> [UInt8] {
      Payload.bytes(size, seed: 0x5ca1e, worker: 0, number: number)
    }
  }

  struct Line: Encodable {
    var blobs: Int
    var seconds: Double
    var processorSeconds: Double
    var memoryByteCount: UInt64
    var putByteCount: UInt64
    var deviceByteCount: UInt64?
  }

  struct OpenLine: Encodable {
    var openMilliseconds: Double
    var firstReadMilliseconds: Double
    var processorSeconds: Double
    var memoryByteCount: UInt64
    var memoryByteCountPerBlob: Double
    var samples: Int
    var lost: Int
  }
}

extension Encodable {
  /// Prints the value as a line of JSON, at once.
  fileprivate func print() throws {
    FileHandle.standardOutput.write(try JSONEncoder().encode(self) + Data("\n".utf8))
  }
}

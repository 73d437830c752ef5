import ArgumentParser
import BlobEngine
import Foundation

/// The engine beside its peers, in one process and interleaved.
struct PeersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peers",
    abstract: "Durable puts and cold gets beside one file a blob and SQLite."
  )

  @Option(help: "An empty folder on the file system to measure.")
  var directory: String

  @Option(help: "Rounds of every cell; contenders take turns within a round.")
  var rounds = 3

  @Option(help: "Seconds that each contender has in each cell.")
  var seconds = 2.0

  @Option(help: "The seed of all payloads, and of who is first.")
  var seed: UInt64 = 1

  func run() async throws {
    for round in 1...rounds {
      try await puts(round)
      try await gets(round)
    }
  }

  /// Durable puts of 16 KiB by 64 writers.
  private func puts(_ number: Int) async throws {
    let seed = seed &+ UInt64(number) << 48
    for make in turns(number) {
      let contender = try await make(fresh("put", number))
      let round = Round(
        cell: "durable put 16 KiB x64",
        number: number,
        concurrency: 64,
        duration: duration,
        device: DeviceCounter(under: directory)
      )
      try await round.run(contender.name) { worker, index in
        let bytes = Payload.bytes(16 << 10, seed: seed, worker: worker, number: index)
        _ = try await contender.put(bytes)
        return (bytes.count, Payload.checksum(bytes))
      }.print()
      try await contender.close()
    }
    try FileManager.default.removeItem(atPath: directory + "/put-\(number)")
  }

  /// Gets of 4 KiB that no cache holds, 32 at a time; each blob is read once.
  private func gets(_ number: Int) async throws {
    let seed = seed &+ UInt64(number) << 48
    // Of a store of any size nearly everything is in sealed segments, which are read through the
    // page cache; of the 84 MB here it is only if segments are small.
    for make in turns(number, segmentByteCount: 16 << 20) {
      let folder = try fresh("get", number)
      var contender = try await make(folder)
      let handles = try await Self.fill(contender, count: 20_000, seed: seed)
      try await contender.close()
      guard PageCache.drop() else {
        FileHandle.standardError.write(Data("cold gets need root to drop caches: left out\n".utf8))
        return
      }
      contender = try await make(folder)
      let round = Round(
        cell: "cold get 4 KiB x32",
        number: number,
        concurrency: 32,
        duration: duration
      )
      try await Self.read(handles.shuffled(), from: contender, in: round).print()
      try await contender.close()
    }
    try FileManager.default.removeItem(atPath: directory + "/get-\(number)")
  }

  private static func read(
    _ handles: [Handle],
    from contender: any Contender,
    in round: Round
  ) async throws -> Measurement {
    let queue = TurnQueue(handles)
    return try await round.run(contender.name) { _, _ in
      guard let handle = queue.next() else { return nil }
      let bytes = try await contender.get(handle)
      return (bytes.count, Payload.checksum(bytes))
    }
  }

  private var duration: Duration { .seconds(seconds) }

  private func fresh(_ kind: String, _ number: Int) throws -> String {
    let folder = directory + "/\(kind)-\(number)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  private typealias Make = @Sendable (String) async throws -> any Contender

  /// The contenders, in an order that turns from round to round.
  private func turns(_ number: Int, segmentByteCount: UInt64? = nil) -> [Make] {
    var options = StoreOptions()
    // What is measured is the disk, or the page cache, and not a cache of ours.
    options.cacheByteLimit = 0
    if let segmentByteCount { options.segmentByteCount = segmentByteCount }
    let plain = options
    let makes: [Make] = [
      { try await Self.engine("engine, ring", .ring, $0 + "/ring", plain) },
      { try await Self.engine("engine, threads", .threads, $0 + "/threads", plain) },
      { try await Self.engine("engine, sealed", .ring, $0 + "/sealed", plain, key: Self.key) },
      { try FileContender(directory: $0 + "/files") },
      { try SQLiteContender(directory: $0 + "/sqlite") },
    ]
    let start = (Int(truncatingIfNeeded: seed % 1024) + number) % makes.count
    return Array(makes[start...] + makes[..<start])
  }

  private static func engine(
    _ name: String,
    _ choice: StoreOptions.InputOutput,
    _ directory: String,
    _ options: StoreOptions,
    key: DataKey? = nil
  ) async throws -> any Contender {
    var options = options
    options.inputOutput = choice
    return try await EngineContender(name, directory: directory, options: options, key: key)
  }

  /// Any key will do: what it costs does not depend on it.
  private static let key = DataKey([UInt8](repeating: 7, count: DataKey.byteCount))

  private static func fill(
    _ contender: any Contender,
    count: Int,
    seed: UInt64
  ) async throws -> [Handle] {
    try await withThrowingTaskGroup(of: [Handle].self) { group in
      for worker in 0..<64 {
        group.addTask {
          var handles: [Handle] = []
          for number in 0..<(count / 64) {
            let bytes = Payload.bytes(4096, seed: seed, worker: worker, number: number)
            handles.append(try await contender.fill(bytes))
          }
          return handles
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }
}

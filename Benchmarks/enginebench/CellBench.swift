import BlobEngine
import Bytes

/// A store in the state that a cell begins with, and what the cell does to it.
struct CellBench: Sendable {
  private let cell: Cell
  private let directory: String
  private let seed: UInt64
  private var store: BlobStore
  private var keys: [SHA256Digest] = []

  init(_ cell: Cell, directory: String, seed: UInt64) async throws {
    self.cell = cell
    self.directory = directory
    self.seed = seed
    store = try await BlobStore.open(at: directory)
    keys = try await Self.fill(store, cell, seed)
  }

  /// Makes caches as the cell wants them; false without the right to.
  mutating func settle() async throws -> Bool {
    guard cell.operation == .getCold else { return true }
    await store.close()
    guard PageCache.drop() else { return false }
    store = try await BlobStore.open(at: directory)
    return true
  }

  func run(in round: Round) async throws -> Measurement {
    let queue = TurnQueue(keys.shuffled())
    return try await round.run("engine") { [self] worker, number in
      try await step(worker, number, queue)
    }
  }

  func close() async {
    await store.close()
  }

  /// Does the cell's operation once; nil when each blob has had its turn.
  private func step(
    _ worker: Int,
    _ number: Int,
    _ queue: TurnQueue<SHA256Digest>
  ) async throws -> (Int, UInt64)? {
    switch cell.operation {
    case .putNew: return try await put(worker, number)
    case .putDuplicate: return try await put(-1, (worker &+ number &* 64) % keys.count)
    case .getHot: return try await get(key(worker, number))
    case .getMissing: return try await miss(worker, number)
    case .range: return try await get(key(worker, number), range(number))
    case .stat: return (0, try await store.stat(key(worker, number))?.byteCount ?? 0)
    case .mixed:
      return number % 10 == 9 ? try await put(worker, number) : try await get(key(worker, number))
    case .getCold:
      guard let key = queue.next() else { return nil }
      return try await get(key)
    case .delete:
      guard let key = queue.next() else { return nil }
      return (0, try await store.delete(key) ? 1 : 0)
    }
  }

  private func put(_ worker: Int, _ number: Int) async throws -> (Int, UInt64) {
    let bytes = Self.payload(cell, seed, worker, number)
    _ = try await store.put(bytes, durability: cell.durability)
    return (bytes.count, Payload.checksum(bytes))
  }

  private func get(
    _ key: SHA256Digest,
    _ range: Range<UInt64>? = nil
  ) async throws -> (Int, UInt64) {
    guard let bytes = try await store.get(key, range: range) else {
      throw Lost(handle: key.hexadecimal)
    }
    return (bytes.count, Payload.checksum(bytes))
  }

  private func miss(_ worker: Int, _ number: Int) async throws -> (Int, UInt64) {
    let known = key(worker, number).hexadecimal
    guard let missing = SHA256Digest(hexadecimal: String(known.reversed())) else { return (0, 0) }
    return (0, try await store.get(missing) == nil ? 0 : 1)
  }

  private func key(_ worker: Int, _ number: Int) -> SHA256Digest {
    keys[(worker &* 7919 &+ number &* 104_729) % keys.count]
  }

  private func range(_ number: Int) -> Range<UInt64> {
    let pages = max(cell.byteCount / 4096, 1)
    let start = UInt64(number &* 31 % pages * 4096)
    return start..<(start + 4096)
  }

  private static func payload(
    _ cell: Cell,
    _ seed: UInt64,
    _ worker: Int,
    _ number: Int
  ) -> [UInt8] {
    Payload.bytes(
      cell.byteCount,
      seed: seed,
      worker: worker,
      number: number,
      compressibility: cell.compressibility
    )
  }

  /// The population, put by worker -1.
  private static func fill(
    _ store: BlobStore,
    _ cell: Cell,
    _ seed: UInt64
  ) async throws -> [SHA256Digest] {
    try await withThrowingTaskGroup(of: [SHA256Digest].self) { group in
      for first in 0..<16 {
        group.addTask {
          var keys: [SHA256Digest] = []
          for number in stride(from: first, to: cell.population, by: 16) {
            let bytes = payload(cell, seed, -1, number)
            keys.append(try await store.put(bytes, durability: .relaxed).key)
          }
          return keys
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }
}

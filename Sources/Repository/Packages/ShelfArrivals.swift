internal import Bytes
internal import Catalog
internal import Synchronization

/// Documents that have come in and are on their way into the store: whoever wants one reads it from
/// memory meanwhile, so that nobody waits for a disk that is busy with something else.
final class ShelfArrivals: Sendable {
  private struct Held {
    let bytes: [UInt8]
    var count: Int
  }

  private struct State {
    var held: [SHA256Digest: Held] = [:]
    var byteCount = 0
    var stores: [ExternalDocumentKey: (number: UInt64, task: Task<Void, Never>)] = [:]
    var lastNumber: UInt64 = 0
  }

  /// How many bytes may wait for the disk before those who bring more wait too.
  private let byteLimit: Int
  private let tide: Tide
  private let state = Mutex(State())

  init(tide: Tide = Tide(period: .zero), byteLimit: Int = 64 << 20) {
    self.tide = tide
    self.byteLimit = byteLimit
  }

  /// The bytes of a document that is not in the store yet.
  func bytes(_ key: SHA256Digest) -> [UInt8]? { state.withLock { $0.held[key]?.bytes } }

  /// Stores a document with `store`, after what came for the same key before it.
  ///
  /// Returns at once, unless too much waits already.
  func keep(
    _ bytes: [UInt8],
    _ blob: SHA256Digest,
    as key: ExternalDocumentKey,
    with store: @escaping @Sendable () async -> Void
  ) async {
    let (task, isTooMuch) = state.withLock { state in
      state.held[blob, default: Held(bytes: bytes, count: 0)].count += 1
      state.byteCount += bytes.count
      let task = enter(key, in: &state) {
        await store()
        self.release(blob, byteCount: bytes.count)
      }
      return (task, state.byteCount > byteLimit)
    }
    if isTooMuch { await tide.hurrying { await task.value } }
  }

  /// Writes down what has become of a document, after what came for the same key before; returns
  /// at once: a row waits for the flushes of others.
  func write(_ key: ExternalDocumentKey, with store: @escaping @Sendable () async -> Void) {
    state.withLock { _ = enter(key, in: &$0, store) }
  }

  /// Begins what is done for a key, after what is under way for it.
  private func enter(
    _ key: ExternalDocumentKey,
    in state: inout State,
    _ work: @escaping @Sendable () async -> Void
  ) -> Task<Void, Never> {
    state.lastNumber += 1
    let (number, former) = (state.lastNumber, state.stores[key]?.task)
    let task = Task {
      await former?.value
      await tide.turn()
      await work()
      self.state.withLock { if $0.stores[key]?.number == number { $0.stores[key] = nil } }
    }
    state.stores[key] = (number, task)
    return task
  }

  private func release(_ blob: SHA256Digest, byteCount: Int) {
    state.withLock { state in
      state.byteCount -= byteCount
      state.held[blob]?.count -= 1
      if state.held[blob]?.count == 0 { state.held[blob] = nil }
    }
  }

  /// Waits until what has come for a key is stored.
  func settle(_ key: ExternalDocumentKey) async {
    guard let task = state.withLock({ $0.stores[key]?.task }) else { return }
    await tide.hurrying { await task.value }
  }

  /// Waits until everything that has come is stored.
  func settle() async {
    let tasks = state.withLock { $0.stores.values.map(\.task) }
    await tide.hurrying {
      for task in tasks { await task.value }
    }
  }
}

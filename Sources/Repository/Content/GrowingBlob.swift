internal import BlobEngine
internal import Synchronization

/// The bytes of one flight as they grow: written once, read by any number of clients, each at its
/// own pace.
///
/// The latest bytes are held in memory, so that a client that keeps up sees them as they arrive;
/// one that falls behind reads the same bytes back from the engine's log. Memory is the window and
/// what the log cannot yet give, whatever the file's size and however many read.
///
/// Invariants:
///
/// 1. Every byte received is in the window or readable in the log.
/// 2. Until the digest is known to hold, nobody is given the last ``withheldByteCount`` bytes of
///    what was asked for: a body that turns out wrong never was complete anywhere. Nobody waits for
///    the disk, though: flushing and rows take 20 ms that no client has to see.
final class GrowingBlob: Sendable {
  /// How many bytes at the end are held back until the digest is verified.
  static let withheldByteCount: UInt64 = 16 << 10

  /// What a reader can do next.
  enum Step: Sendable {
    case give([UInt8])
    /// What comes next is in the log of this writer, which has `received` bytes so far; the reader
    /// may have those before `limit`.
    case readLog(BlobWriter, limit: UInt64, received: UInt64)
    case landed(StoredFile)
    /// The reader has all it asked for, and the digest holds.
    case finished
    case failed(RepositoryError)
  }

  private struct Chunk {
    let offset: UInt64
    let bytes: [UInt8]
    var end: UInt64 { offset + UInt64(bytes.count) }
  }

  private struct State {
    var writer: BlobWriter?
    var byteCount: UInt64?
    var received: UInt64 = 0
    var window: [Chunk] = []
    /// Where the window begins among `window`; what is before it was dropped.
    var first = 0
    var heldByteCount = 0
    var isVerified = false
    var ending: Result<StoredFile, RepositoryError>?
    /// Counts changes, so that no waiter misses one.
    var turn = 0
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  /// What clients that have fallen behind, or outlast the flight, read back together.
  let pieces = SharedPieces()
  private let state = Mutex(State())
  private let windowByteCount: Int

  init(windowByteCount: Int) {
    self.windowByteCount = windowByteCount
  }

  /// Begins: bytes will go to `writer`, `byteCount` of them when that is known.
  func begin(writer: BlobWriter, byteCount: UInt64?) {
    state.withLock { state in
      state.writer = writer
      state.byteCount = byteCount
    }
  }

  /// Shows bytes that the writer has taken to everyone who waits for them.
  func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    advance { state in
      state.window.append(Chunk(offset: state.received, bytes: bytes))
      state.received += UInt64(bytes.count)
      state.heldByteCount += bytes.count
      trim(&state)
    }
  }

  /// Says that all bytes are here and the digest holds.
  func verify() {
    advance { $0.isVerified = true }
  }

  /// Ends: the digest holds and the blob is in the store, or not.
  func end(_ ending: Result<StoredFile, RepositoryError>) {
    advance { state in
      state.ending = ending
      state.window = []
      state.first = 0
      state.heldByteCount = 0
      state.writer = nil
    }
  }

  /// Says what a reader at `position` can do, waiting until there is something.
  ///
  /// `end` is where its range ends, nil for the end of the file.
  func step(at position: UInt64, to end: UInt64?) async -> Step {
    while true {
      let (step, seen) = state.withLock { state in
        (Self.step(at: position, to: end, in: state), state.turn)
      }
      if let step { return step }
      await progress(since: seen)
    }
  }

  /// Waits until the flight has landed or failed.
  func ended() async {
    while true {
      let (isOver, seen) = state.withLock { ($0.ending != nil, $0.turn) }
      if isOver { return }
      await progress(since: seen)
    }
  }

  private static func step(at position: UInt64, to end: UInt64?, in state: State) -> Step? {
    switch state.ending {
    case .success(let file): return .landed(file)
    case .failure(let error): return .failed(error)
    case nil: break
    }
    let limit = given(upTo: end, in: state)
    if state.isVerified, position >= limit { return .finished }
    guard position < limit, let writer = state.writer else { return nil }
    if let chunk = chunk(at: position, in: state) {
      let start = Int(position - chunk.offset)
      let count = min(
        chunk.bytes.count - start,
        Int(limit - position),
        Int(SharedPieces.biteByteCount)
      )
      let whole = start == 0 && count == chunk.bytes.count
      return .give(whole ? chunk.bytes : Array(chunk.bytes[start..<(start + count)]))
    }
    return .readLog(writer, limit: limit, received: state.received)
  }

  /// Where a reader must stop for now (invariant 2).
  private static func given(upTo end: UInt64?, in state: State) -> UInt64 {
    if state.isVerified { return min(end ?? state.received, state.received) }
    let known = end ?? state.byteCount
    let last = min(known ?? state.received, state.byteCount ?? .max)
    let bound = last > withheldByteCount ? last - withheldByteCount : 0
    return min(state.received, bound)
  }

  private static func chunk(at position: UInt64, in state: State) -> Chunk? {
    var low = state.first
    var high = state.window.count
    guard low < high, state.window[low].offset <= position else { return nil }
    while high - low > 1 {
      let middle = (low + high) / 2
      if state.window[middle].offset <= position { low = middle } else { high = middle }
    }
    return position < state.window[low].end ? state.window[low] : nil
  }

  /// Drops what is over the window's size, but nothing that the log cannot give (invariant 1).
  private func trim(_ state: inout State) {
    guard let writer = state.writer, state.heldByteCount > windowByteCount else { return }
    let readable = writer.readableByteCount
    while state.heldByteCount > windowByteCount, state.first < state.window.count - 1,
      state.window[state.first].end <= readable
    {
      state.heldByteCount -= state.window[state.first].bytes.count
      state.window[state.first] = Chunk(offset: state.window[state.first].offset, bytes: [])
      state.first += 1
    }
    guard state.first > 64, state.first * 2 > state.window.count else { return }
    state.window.removeFirst(state.first)
    state.first = 0
  }

  private func progress(since seen: Int) async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.turn != seen { return true }
        state.waiters.append(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  private func advance(_ change: (inout State) -> Void) {
    let waiters = state.withLock { state in
      change(&state)
      state.turn += 1
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}

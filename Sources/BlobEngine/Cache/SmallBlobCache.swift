import Bytes
import Synchronization

/// The bytes of small blobs, verified and decompressed, for those who ask for them again.
///
/// A hit costs a lock and no word with the engine. What was deleted is not found: a delete takes
/// the blob out when the engine has carried it out and before its caller hears of it, and a read
/// that began before that puts nothing in.
///
/// In parts, so that cores do not wait for each other.
final class SmallBlobCache: Sendable {
  /// What a read that found nothing here may put in later.
  struct Ticket: Sendable {
    fileprivate let name: SHA256Digest
    fileprivate let removalCount: UInt64
  }

  enum Look: Sendable {
    case found(BlobQueues.Cached)
    case missed(Ticket)
  }

  private struct State {
    var queues: BlobQueues
    /// How many blobs were taken out by deletes.
    var removalCount: UInt64 = 0
    var hitCount: UInt64 = 0
    var missCount: UInt64 = 0
  }

  private final class Part: Sendable {
    let state: Mutex<State>

    init(budget: Int) {
      state = Mutex(State(queues: BlobQueues(budget: budget)))
    }
  }

  /// The largest blob that is kept, in bytes: what is larger costs more to send than to find.
  static let blobByteLimit: UInt64 = 128 << 10
  private static let partCount = 16

  private let parts: [Part]

  /// Makes a cache; nil for less room than a few blobs take.
  init?(byteLimit: Int) {
    guard byteLimit >= 4 << 20 else { return nil }
    parts = (0..<Self.partCount).map { _ in Part(budget: byteLimit / Self.partCount) }
  }

  func look(for name: SHA256Digest) -> Look {
    part(of: name).state.withLock { state in
      if let cached = state.queues.use(name) {
        state.hitCount += 1
        return .found(cached)
      }
      state.missCount += 1
      return .missed(Ticket(name: name, removalCount: state.removalCount))
    }
  }

  func keep(_ cached: BlobQueues.Cached, _ ticket: Ticket) {
    part(of: ticket.name).state.withLock { state in
      guard state.removalCount == ticket.removalCount else { return }
      state.queues.insert(cached, as: ticket.name)
    }
  }

  func remove(_ name: SHA256Digest) {
    part(of: name).state.withLock { state in
      state.removalCount += 1
      state.queues.remove(name)
    }
  }

  var usage: CacheUsage {
    parts.reduce(into: CacheUsage()) { usage, part in
      part.state.withLock { state in
        usage.blobCount += state.queues.count
        usage.byteCount += state.queues.cost
        usage.hitCount += state.hitCount
        usage.missCount += state.missCount
      }
    }
  }

  private func part(of name: SHA256Digest) -> Part {
    parts[Int(truncatingIfNeeded: name.words.1 % UInt64(Self.partCount))]
  }
}

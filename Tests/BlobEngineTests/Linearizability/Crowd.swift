import Bytes
import Codec
import Simulation
import Synchronization
import Testing

@testable import BlobEngine

/// A store, a few blobs in it, and what callers did with them.
final class Crowd: Sendable {
  private struct Subject {
    let bytes: [UInt8]
    let key: SHA256Digest
    let history = History()

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      key = SHA256Stream.digest(of: bytes.span)
    }
  }

  private let bench: StoreBench
  private let store: BlobStore
  private let scope: BlobScope
  private let subjects: [Subject]
  private let isOver = Atomic(false)
  /// Each look at the clock is a second later than the one before: a collector need not wait long.
  private static let clock: @Sendable () -> UInt64 = {
    let time = Atomic<UInt64>(1_000_000)
    return { time.add(1_000, ordering: .relaxed).newValue }
  }()

  init(_ disk: StoreOptions.InputOutput, isSealed: Bool) async throws {
    bench = try await StoreBench(disk) {
      $0.segmentByteCount = 256 << 10
      $0.cacheByteLimit = 4 << 20
      $0.checkpointByteInterval = 1 << 20
      $0.graceMilliseconds = 20_000
      $0.deletionDelayMilliseconds = 1 << 40
    }
    await bench.store.close()
    store = try await BlobStore.open(at: bench.path, options: bench.options, clock: Self.clock)
    let key = DataKey([UInt8](repeating: 7, count: DataKey.byteCount))
    scope = isSealed ? store.scoped(by: try #require(key)) : store.plain
    subjects = Self.makeSubjects()
  }

  /// One of each kind: a record, one that compresses, several pieces, and two archives with members
  /// in common.
  private static func makeSubjects() -> [Subject] {
    let archives = [0, 1].map { SampleArchive.bytes(200_000, $0) }
    return ([noise(1_000), text(60_000), noise(400_000)] + archives).map { Subject($0) }
  }

  func close() async { await store.close() }

  /// Complains about the first answer of each blob that cannot be.
  func check() {
    for subject in subjects {
      let entries = subject.history.noted
      guard let first = HistoryChecker.contradiction(in: entries) else { continue }
      let near = entries.filter { abs($0.answered - first.answered) < 40 }
      Issue.record(
        """
        \(first) of \(subject.bytes.count) bytes cannot be; near it:
        \(near.map { "  \($0)" }.joined(separator: "\n"))
        """
      )
    }
  }

  // MARK: What callers do

  /// Does something with one of the blobs, and notes it.
  func act(using generator: inout SeededGenerator) async throws {
    let subject = generator.pick(subjects)
    let choice = generator.below(20)
    try await subject.history.note {
      switch choice {
      case 0..<7: try await put(subject)
      case 7..<13: try await get(subject)
      case 13: .stat(found: try await scope.stat(subject.key) != nil)
      case 14..<17: .delete(wasThere: try await scope.delete(subject.key))
      case 17: try await collect(subject)
      default: .undelete(found: try await scope.undelete(subject.key) != nil)
      }
    }
  }

  private func put(_ subject: Subject) async throws -> BlobOperation {
    .put(wasNew: try await scope.put(subject.bytes).wasNew)
  }

  private func get(_ subject: Subject) async throws -> BlobOperation {
    guard let bytes = try await scope.get(subject.key) else { return .get(found: false) }
    #expect(bytes == subject.bytes)
    return .get(found: true)
  }

  private func collect(_ subject: Subject) async throws -> BlobOperation {
    let mark = try await store.collectionMark()
    return .collect(try await scope.delete(subject.key, ifUntouchedSince: mark))
  }

  // MARK: What goes on meanwhile

  /// Does in turn all that moves blobs, until ``leave()``.
  func keepHouse() async throws {
    var cursor: ScrubCursor?
    while !isOver.load(ordering: .relaxed) {
      try await store.compact()
      try await store.checkpoint()
      try await store.shareMembers(among: subjects.suffix(2).map(\.key))
      try await store.recompress()
      let report = try await store.scrub(after: cursor)
      #expect(report.damaged.isEmpty, "\(report.damaged)")
      cursor = report.next
    }
  }

  /// The callers have done all that they wanted.
  func leave() { isOver.store(true, ordering: .relaxed) }
}

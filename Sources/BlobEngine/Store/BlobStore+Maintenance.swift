package import Bytes

extension BlobStore {
  /// Lists blobs, a page at a time, in the order of the log.
  ///
  /// What does not change meanwhile is listed once. A blob that reclaim moves, or that is deleted
  /// and put again, while the pages are read may stand on two of them.
  package func keys(after cursor: ListCursor?) async throws(EngineError) -> KeyPage {
    guard case .keys(let page) = try await runtime.inbox.ask(.list(after: cursor)) else {
      preconditionFailure("the engine answers in kind")
    }
    return page
  }

  /// Tells what is known of a key: where its bytes are, in what state.
  package func explain(_ key: SHA256Digest) async throws(EngineError) -> Explanation {
    guard case .explained(let explanation) = try await runtime.inbox.ask(.explain(key)) else {
      preconditionFailure("the engine answers in kind")
    }
    return explanation
  }

  /// Verifies the next part of the log, at most 4 MiB of it, as it lies on the disk.
  ///
  /// Called on and on, with what the last report gave, it goes through the whole store; how fast is
  /// the caller's choice. Puts, gets, deletes and reclaim go on meanwhile. What is found to be
  /// damaged stays so, a read of it throws ``EngineError/damaged(key:_:)``, until the blob is put
  /// once more: then the new copy takes its place.
  ///
  /// - Parameter cursor: where the last call ended; nil begins with the first byte. One from an
  ///   earlier run of the process is good, and so is one whose place holds something else by now.
  /// - Returns: what was found, and where to go on.
  /// - Throws: ``EngineError/closed``.
  public func scrub(after cursor: ScrubCursor?) async throws(EngineError) -> ScrubReport {
    guard case .scrubbed(let report) = try await runtime.inbox.ask(.scrub(after: cursor)) else {
      preconditionFailure("the engine answers in kind")
    }
    return report
  }

  /// Writes the index down now, so that the next open has little to replay.
  package func checkpoint() async throws(EngineError) {
    guard case .checkpointed = try await runtime.inbox.ask(.checkpoint) else {
      preconditionFailure("the engine answers in kind")
    }
  }

  /// Tells how the space is used, and what keeping it so has cost since the store was opened.
  ///
  /// Cheap: nothing is read from the disk.
  ///
  /// - Throws: ``EngineError/closed``.
  public func usage() async throws(EngineError) -> StoreUsage {
    guard case .usage(let usage) = try await runtime.inbox.ask(.usage) else {
      preconditionFailure("the engine answers in kind")
    }
    return usage
  }

  /// Copies what is alive out of every segment with dead bytes in it, and gives the slots back.
  ///
  /// A store reclaims by itself while it is open, at a pace that leaves the disk to callers; this
  /// is for those who want all of it now. Puts, gets and deletes go on meanwhile, more slowly.
  /// Segments whose dead share is too small to gain anything stay as they are.
  ///
  /// - Returns: what was done, by this call or beside it.
  /// - Throws: ``EngineError/readOnly(_:)`` or ``EngineError/closed``.
  @discardableResult
  public func compact() async throws(EngineError) -> CompactionReport {
    guard case .compacted(let counters) = try await runtime.inbox.ask(.compact) else {
      preconditionFailure("the engine answers in kind")
    }
    return CompactionReport(counters)
  }

  /// Compacts, and compresses once more what was compressed when it was put, at a higher level,
  /// where that saves at least a thirty-second of it.
  ///
  /// Reclaim does that by itself with whatever it copies, and writes nothing for it that it would
  /// not write anyway. This is for a store from which little is deleted, so that reclaim has little
  /// to copy: every segment that reclaim has not copied is copied once, also what it holds of bytes
  /// that do not compress. That costs a write of the whole store, and 20 ms of a processor for each
  /// MiB that is compressed; text becomes 5 to 17 % smaller. Called again it does nothing but what
  /// ``compact()`` does. What is encrypted takes part while a scope with its key is in use, and is
  /// copied as it is otherwise, once too: so make the scopes first. Each copy is compared with the
  /// blob by its SHA-256 before it is written, and read back before the old one is given up.
  ///
  /// - Returns: what was done, by this call or beside it.
  /// - Throws: ``EngineError/readOnly(_:)`` or ``EngineError/closed``.
  @discardableResult
  public func recompress() async throws(EngineError) -> CompactionReport {
    guard case .compacted(let counters) = try await runtime.inbox.ask(.recompress) else {
      preconditionFailure("the engine answers in kind")
    }
    return CompactionReport(counters)
  }
}

/// What a compaction has done.
public struct CompactionReport: Hashable, Sendable {
  /// The records that were copied.
  public let movedRecordCount: UInt64
  /// Their bytes.
  public let movedByteCount: UInt64
  /// The segments that hold nothing any more, and whose slots can be used again.
  public let freedSegmentCount: UInt64
  /// The tombstones that were of no use any more.
  public let droppedTombstoneCount: UInt64
  /// The records that stay where they are because they are damaged.
  public let damagedRecordCount: UInt64
  /// The records that were compressed again at a higher level.
  public let recompressedRecordCount: UInt64
  /// The bytes that they take less than before.
  public let recompressionSavedByteCount: UInt64

  init(_ counters: ReclaimCounters) {
    movedRecordCount = counters.movedRecordCount
    movedByteCount = counters.movedByteCount
    freedSegmentCount = counters.freedSegmentCount
    droppedTombstoneCount = counters.droppedTombstoneCount
    damagedRecordCount = counters.damagedRecordCount
    recompressedRecordCount = counters.recompressedRecordCount
    recompressionSavedByteCount = counters.recompressionSavedByteCount
  }
}

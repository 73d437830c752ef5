/// A record on its way to a lane's next batch.
struct QueuedRecord {
  /// The head, as yet without sequence.
  var head: RecordHead
  /// The extension's bytes; as many as the head says.
  let tail: [UInt8]
  let payload: ArraySlice<UInt8>
  /// Runs when the record is written but not flushed, for records that need no more.
  ///
  /// At most once, and only if all records of the batch are relaxed.
  let written: ((inout Engine, RecordPlace) -> Void)?
  /// Runs in the place of ``ended``, for a record that no batch has taken: begins the change of the
  /// key anew, behind others that wait for the key.
  ///
  /// Nil: it gives way to nobody.
  let withdrawn: ((inout Engine) -> Void)?
  /// Runs once: when the record is durable, or will never be.
  let ended: (inout Engine, Result<RecordPlace, EngineError>) -> Void

  init(
    head: RecordHead,
    tail: [UInt8] = [],
    payload: ArraySlice<UInt8> = [],
    written: ((inout Engine, RecordPlace) -> Void)? = nil,
    withdrawn: ((inout Engine) -> Void)? = nil,
    ended: @escaping (inout Engine, Result<RecordPlace, EngineError>) -> Void
  ) {
    self.head = head
    self.tail = tail
    self.payload = payload
    self.written = written
    self.withdrawn = withdrawn
    self.ended = ended
    self.head.extensionByteCount = tail.count
    precondition(Int(head.storedByteCount) == payload.count, "the head counts the payload")
  }

  /// Whether the record brings bytes, which a full store refuses; others may use the reserve.
  var bringsBytes: Bool { head.type?.hasPayload ?? false }
}

/// Where a record lies.
struct RecordPlace: Hashable, Sendable {
  let slot: UInt32
  /// From the start of the slot's file, in bytes; a multiple of 64.
  let offset: Int
  /// Head, extension and payload, in bytes.
  let byteCount: Int
  let sequence: UInt64
}

import Bytes

/// Lets one change of a key happen at a time.
///
/// A change that finds another one under way waits for it. All waiting puts at the front of the
/// line go on together, because one record answers them all.
struct KeyGates {
  private var lines: [SHA256Digest: [KeyChange]] = [:]

  var isEmpty: Bool { lines.isEmpty }

  /// Whether a change of the key is under way.
  func isBusy(_ key: SHA256Digest) -> Bool { lines[key] != nil }

  /// Returns whether `change` may begin now; otherwise it waits in line.
  mutating func enter(_ change: KeyChange, for key: SHA256Digest) -> Bool {
    guard lines[key]?.append(change) == nil else { return false }
    lines[key] = []
    return true
  }

  /// Whether reclaim waits for the change that a record was queued for, and the change can wait.
  func mayGiveWay(_ record: QueuedRecord) -> Bool {
    guard record.withdrawn != nil else { return false }
    return lines[record.head.key]?.contains { $0.isRelocation } ?? false
  }

  /// Puts the changes under way behind the relocations that wait for them, and returns those that
  /// go on now.
  mutating func giveWay(_ key: SHA256Digest, _ changes: [KeyChange]) -> [KeyChange] {
    guard let line = lines[key] else { preconditionFailure("who gives way has entered") }
    lines[key] = line.filter(\.isRelocation) + changes + line.filter { !$0.isRelocation }
    return leave(key)
  }

  /// Ends the change under way, and returns those that go on now: nothing, puts, or one of anything
  /// else.
  mutating func leave(_ key: SHA256Digest) -> [KeyChange] {
    guard let line = lines[key] else { preconditionFailure("who leaves has entered") }
    guard let first = line.first else {
      lines[key] = nil
      return []
    }
    let count = first.isPut ? line.prefix { $0.isPut }.count : 1
    lines[key]?.removeFirst(count)
    return Array(line.prefix(count))
  }
}

/// A change of a key that somebody asked for.
enum KeyChange {
  case put(RequestID, PreparedBlob, Durability)
  /// The end of an upload: the name for its extents.
  case name(RequestID, UploadID, Durability)
  case delete(RequestID, CollectionToken?)
  case undelete(RequestID)
  /// Digests for the record of a blob that is there.
  case enrich(RequestID, PreparedDigests)
  /// Reclaim has copied the blob, and wants the index to lead to the copy. Ends the group itself.
  case relocate((inout Engine, ChangeGroup) -> Void)

  var isPut: Bool {
    switch self {
    case .put, .name: true
    case .delete, .undelete, .enrich, .relocate: false
    }
  }

  var isRelocation: Bool {
    if case .relocate = self { true } else { false }
  }

  /// Who is to be answered.
  var request: RequestID? {
    switch self {
    case .put(let id, _, _), .name(let id, _, _), .delete(let id, _), .undelete(let id),
      .enrich(let id, _):
      id
    case .relocate: nil
    }
  }

  var durability: Durability {
    switch self {
    case .put(_, _, let durability), .name(_, _, let durability): durability
    case .delete, .undelete, .enrich, .relocate: .flushed
    }
  }

  var payloadByteCount: Int {
    if case .put(_, let blob, _) = self { blob.payload.count } else { 0 }
  }

  /// What the change's caller would be told if a blob with this key were there.
  func believedInfo(_ key: SHA256Digest) -> BlobInfo {
    guard case .put(_, let blob, _) = self else {
      return BlobInfo(key: key, byteCount: 0, storedByteCount: 0, wasNew: false)
    }
    return BlobInfo(
      key: key,
      byteCount: UInt64(blob.byteCount),
      storedByteCount: UInt64(blob.payload.count),
      wasNew: false
    )
  }
}

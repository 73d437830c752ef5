extension EngineError: CustomStringConvertible {
  /// What happened, to what, and what to do, in a sentence or two.
  public var description: String {
    switch self {
    case .damaged(let key, let damage):
      "Blob \(key) is damaged: \(damage). Put its bytes again to repair it."
    case .digestMismatch(let expected, let actual):
      "The bytes have SHA-256 \(actual), not \(expected) as announced; nothing was stored."
    case .storageFull:
      "The store is full. Delete blobs, give it a larger capacity or a larger file system."
    case .readOnly(let reason):
      "The store takes no writes: \(reason). Mend the cause and open it again."
    case .disk(let failure):
      "The disk failed: \(failure.message)."
    case .locked:
      "The store is open in another process. Close it there first."
    case .notAStore(let found):
      "This is not a store that can be opened: \(found)."
    case .unsupportedFormat(let need):
      "The store was written by a newer version: \(need). Use that version to open it."
    case .invalidOptions(let reason):
      "The options do not fit: \(reason)."
    case .keyUnavailable(let id):
      "The blob is encrypted with data key \(id), which is not at hand. Open it with its key."
    case .tooLarge(let limit):
      "A blob of this store has at most \(limit) bytes."
    case .writerClosed:
      "The writer was finished or cancelled before."
    case .closed:
      "The store is closed."
    }
  }
}

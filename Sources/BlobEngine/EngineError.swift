public import Bytes
package import Disk

/// Everything that can go wrong in the engine while the program is right.
///
/// Absence is no error: a read of a key that is not there answers nil.
public enum EngineError: Error, Hashable, Sendable {
  /// The blob's stored bytes are not what was written. Other blobs are not concerned; putting the
  /// same bytes again repairs this one.
  case damaged(key: SHA256Digest, BlobDamage)
  /// The bytes written do not have the digest that the caller announced; nothing was stored.
  case digestMismatch(expected: SHA256Digest, actual: SHA256Digest)
  /// No room is left for new bytes. Reads and deletes go on.
  case storageFull
  /// The store takes no more writes until it is opened again; the text says why. Reads go on.
  case readOnly(String)
  /// The disk refused or failed, and neither a second try nor another place helped.
  case disk(DiskFailure)
  /// Another process, or another `BlobStore` of this one, has the store open.
  case locked
  /// The directory holds no store that this build can open; the text says what was found.
  case notAStore(String)
  /// The store needs something that this build does not know, as a newer version would.
  case unsupportedFormat(String)
  /// The options contradict the store or one another; the text says which.
  case invalidOptions(String)
  /// The blob is encrypted, and its key is not at hand: the operation is not of its scope, or the
  /// key was forgotten.
  case keyUnavailable(KeyID)
  /// The blob is larger than this store can describe.
  case tooLarge(limit: UInt64)
  /// The writer was finished or cancelled before.
  case writerClosed
  /// The store was closed before the call, or while it waited.
  case closed
}

extension EngineError {
  /// Translates what a disk answers when it is opened or lists its files.
  package init(_ error: DiskError) {
    switch error {
    case .locked: self = .locked
    case .unsupported(let reason): self = .notAStore(reason)
    case .system, .short: self = .disk(DiskFailure(error))
    }
  }
}

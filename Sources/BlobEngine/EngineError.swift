public import Bytes
package import Disk

/// Everything that can go wrong in the engine while the program is right.
///
/// Absence is no error: a read of a key that is not there answers nil.
public enum EngineError: Error, Hashable, Sendable {
  /// The blob's stored bytes are not what was written. Other blobs are not concerned; putting the
  /// same bytes again repairs this one.
  case damaged(key: SHA256Digest, Damage)
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
  /// The blob is larger than this store can describe.
  case tooLarge(limit: UInt64)
  /// The writer was finished or cancelled before.
  case writerClosed
  /// The store was closed before the call, or while it waited.
  case closed
}

/// What was found to be wrong with stored bytes, and where.
public struct Damage: Hashable, Sendable {
  /// The kinds of damage.
  public enum Kind: Hashable, Sendable {
    /// The record's head is not valid, or not this blob's.
    case head
    /// The table of block digests or the list of extents is not valid.
    case table
    /// A block of the payload does not have its digest.
    case payload
    /// The stored bytes are whole, and do not decompress to what was put.
    case encoding
    /// A piece of a large blob is not where its list of extents says.
    case extent
    /// The device answers with an error when it reads here.
    case unreadable
  }

  /// What is wrong.
  public let kind: Kind
  /// The number of the slot, as in `slots/000007.seg`.
  public let slot: UInt32
  /// Where in the slot's file the damaged record begins, in bytes.
  public let offset: UInt64

  package init(_ kind: Kind, slot: UInt32, offset: UInt64) {
    self.kind = kind
    self.slot = slot
    self.offset = offset
  }
}

/// A refusal of the disk, in words and with the system's number for it.
public struct DiskFailure: Error, Hashable, Sendable {
  /// The system's error number (errno(3)), when it gave one.
  public let code: Int32?
  /// What was tried and how it ended.
  public let message: String

  package init(code: Int32?, message: String) {
    self.code = code
    self.message = message
  }

  package init(_ error: DiskError) {
    switch error {
    case .system(let operation, let code):
      self.init(code: code, message: "\(operation) failed with error \(code)")
    case .short(let expected, let actual):
      self.init(code: nil, message: "\(actual) of \(expected) bytes were moved")
    case .locked:
      self.init(code: nil, message: "the store is open elsewhere")
    case .unsupported(let reason):
      self.init(code: nil, message: reason)
    }
  }
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

public import Bytes

/// The place at which a scrub goes on, which may be kept as text over an end of the process.
public struct ScrubCursor: Hashable, Sendable, LosslessStringConvertible {
  /// The number of the slot, as in `slots/000007.seg`.
  package let slot: UInt32
  /// Where in the slot, in bytes.
  package let offset: UInt64

  package init(slot: UInt32, offset: UInt64) {
    self.slot = slot
    self.offset = offset
  }

  /// Reads what ``description`` wrote; nil for anything else.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let slot = UInt32(parts[0]), let offset = UInt64(parts[1]),
      offset % UInt64(StoreFormat.pageByteCount) == 0
    else { return nil }
    self.init(slot: slot, offset: offset)
  }

  /// The place as text.
  public var description: String { "\(slot):\(offset)" }
}

/// What a step of a scrub found.
public struct ScrubReport: Sendable {
  /// The bytes that were verified.
  public let byteCount: UInt64
  /// The blobs found to be damaged in this step, by what the store calls them: the SHA-256 of their
  /// bytes, or in a scope what ``BlobScope/name(of:)`` makes of it.
  public let damaged: [(key: SHA256Digest, damage: BlobDamage)]
  /// Damage that concerns no blob, such as to padding or to a table that can be rebuilt: one
  /// sentence each.
  public let otherDamage: [String]
  /// Where to go on, or nil when the whole store was seen.
  public let next: ScrubCursor?
}

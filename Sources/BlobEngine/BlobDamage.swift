/// What was found to be wrong with stored bytes, and where.
public struct BlobDamage: Hashable, Sendable {
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
    /// The stored bytes, or what is said of them, are not what was sealed with the scope's key.
    case seal
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

extension BlobDamage: CustomStringConvertible {
  /// The kind and place of the damage, as part of a sentence.
  public var description: String {
    let what =
      switch kind {
      case .head: "the record's head is not valid"
      case .table: "the record's table is not valid"
      case .payload: "a block does not have its checksum"
      case .encoding: "the payload does not decompress to what was put"
      case .extent: "a piece of it is not where its list says"
      case .seal: "it is not what was sealed with the key"
      case .unreadable: "the device cannot read it"
      }
    return "\(what), slot \(slot), offset \(offset)"
  }
}

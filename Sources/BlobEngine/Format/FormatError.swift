/// What is wrong with bytes that were read from a store, and where.
///
/// Damage in one structure says nothing of others; the caller decides what it costs.
public struct FormatError: Error, Hashable, Sendable {
  /// The structure that the bytes should have been.
  public let structure: FormatStructure
  /// What is wrong with it.
  public let damage: Damage
  /// The offset of the structure in its file, in bytes.
  public let offset: UInt64

  package init(_ damage: Damage, in structure: FormatStructure, at offset: UInt64) {
    self.structure = structure
    self.damage = damage
    self.offset = offset
  }
}

/// The structures of the on-disk format.
public enum FormatStructure: String, Hashable, Sendable, CaseIterable {
  /// A copy of the page in `SUPER`, or the four together.
  case superblock
  /// The first page of a segment.
  case segmentHeader = "segment header"
  /// The 64 bytes in front of a batch.
  case batchHead = "batch head"
  /// What follows a batch head: records and padding.
  case batchBody = "batch body"
  /// The 96 bytes in front of a record, with its extension.
  case recordHead = "record head"
  /// The items between a record's head and its payload.
  case recordExtension = "record extension"
  /// A record's stored bytes.
  case payload
  /// A page of a sealed segment's table of contents.
  case footerPage = "footer page"
  /// The last page of a sealed segment.
  case trailer
  /// The first page of an index partition's file.
  case checkpointHeader = "checkpoint header"
  /// A page of an index partition's entries.
  case checkpointPage = "checkpoint page"
}

/// The ways in which bytes can fail to be what was written.
public enum Damage: Hashable, Sendable {
  /// The first bytes are not those of such a structure: it was never written, or written over.
  case badMagic
  /// The checksum does not match the bytes, their place or their incarnation.
  case badChecksum
  /// The structure was written by a newer format.
  case unsupportedVersion(found: UInt32, newest: UInt32)
  /// The store uses features that this build lacks; the words hold only the unknown ones.
  case unknownFeatures(FeatureWords)
  /// A length or count reaches beyond what contains it, or beyond its limit.
  case lengthOutOfBounds
  /// A number that names a kind of thing names none that this build knows.
  case unknownKind(UInt32)
  /// Bytes that must be zero are not.
  case reservedNotZero
  /// The structure is whole, but belongs to another store, segment, slot or partition.
  case misplaced
  /// Entries or sequences are not in the order that the format promises.
  case outOfOrder
  /// Two fields of one structure contradict each other.
  case contradiction
  /// No two copies of the superblock agree.
  case noAgreement
}

extension FormatError: CustomStringConvertible {
  /// A sentence that says what is wrong, where, and what to do when something can be done.
  public var description: String {
    "\(structure.rawValue) at offset \(offset): \(damage)"
  }
}

extension Damage: CustomStringConvertible {
  /// The damage as the second half of a sentence.
  public var description: String {
    switch self {
    case .badMagic: "its first bytes are not those of such a structure"
    case .badChecksum: "its checksum does not match"
    case .unsupportedVersion(let found, let newest):
      "it has format version \(found), and this build reads up to \(newest); "
        + "open the store with the version that wrote it, or a newer one"
    case .unknownFeatures(let words):
      "the store uses features that this build does not know (\(words)); "
        + "open it with the version that wrote it, or a newer one"
    case .lengthOutOfBounds: "a length in it reaches beyond its bounds"
    case .unknownKind(let number): "it names kind \(number), which does not exist"
    case .reservedNotZero: "bytes that must be zero are not"
    case .misplaced: "it belongs to another place or another store"
    case .outOfOrder: "its entries are not in order"
    case .contradiction: "its fields contradict each other"
    case .noAgreement:
      "no two of the four copies agree; restore the file from a backup or rebuild the store"
    }
  }
}

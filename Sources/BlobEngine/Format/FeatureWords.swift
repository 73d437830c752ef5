/// The three words in which a store says what a reader must know.
///
/// The scheme is ext4's (Documentation/filesystems/ext4/super.rst in the Linux sources): an old
/// build need not know a format version in order to know whether it may open the store.
public struct FeatureWords: Hashable, Sendable {
  /// A build that does not know one of these may still read and write.
  public var compatible: UInt64
  /// A build that does not know one of these may read, but must not write.
  public var readOnlyCompatible: UInt64
  /// A build that does not know one of these must refuse the store.
  public var incompatible: UInt64

  /// Makes the three words.
  public init(compatible: UInt64 = 0, readOnlyCompatible: UInt64 = 0, incompatible: UInt64 = 0) {
    self.compatible = compatible
    self.readOnlyCompatible = readOnlyCompatible
    self.incompatible = incompatible
  }

  /// What this build knows.
  public static let supported = FeatureWords(
    incompatible: encryptionBit | recipesBit | delayedDeletesBit | sealedRecipesBit
  )

  /// Whether no feature is named.
  public var isEmpty: Bool { self == FeatureWords() }

  /// The features that are here but not in `known`.
  package func subtracting(_ known: FeatureWords) -> FeatureWords {
    FeatureWords(
      compatible: compatible & ~known.compatible,
      readOnlyCompatible: readOnlyCompatible & ~known.readOnlyCompatible,
      incompatible: incompatible & ~known.incompatible
    )
  }

  /// Whether every feature of `other` is here too.
  package func contains(_ other: FeatureWords) -> Bool { other.subtracting(self).isEmpty }

  /// Adds the features of `other`.
  package mutating func formUnion(_ other: FeatureWords) {
    compatible |= other.compatible
    readOnlyCompatible |= other.readOnlyCompatible
    incompatible |= other.incompatible
  }

  /// Payloads are encrypted.
  package static let encryption = FeatureWords(incompatible: encryptionBit)

  /// Blobs share members of archives, as recipes and chunks.
  package static let recipes = FeatureWords(incompatible: recipesBit)

  /// The bytes of deleted blobs are kept for a while, and the index says so.
  package static let delayedDeletes = FeatureWords(incompatible: delayedDeletesBit)

  /// Blobs that are encrypted share members with others of their scope; besides the other two.
  package static let sealedRecipes = FeatureWords(incompatible: sealedRecipesBit)

  /// What a build that knows the features in `known` may do with the store.
  package func access(knowing known: FeatureWords = .supported) -> StoreAccess {
    let unknown = subtracting(known)
    if unknown.incompatible != 0 { return .none }
    return unknown.readOnlyCompatible != 0 ? .readOnly : .readWrite
  }
}

/// Bits given away before they are used, so that no two versions give one bit two meanings.
extension FeatureWords {
  /// Compatible: commits carry a replication position.
  package static let replicationBit: UInt64 = 1 << 0
  /// Incompatible: payloads are encrypted, with a key id, a salt and a tag for each block.
  package static let encryptionBit: UInt64 = 1 << 0
  /// Incompatible: blobs are put together from pieces of others.
  package static let recipesBit: UInt64 = 1 << 1
  /// Incompatible: segments may lie in an object store instead of a slot.
  package static let tieredSegmentsBit: UInt64 = 1 << 2
  /// Incompatible: payloads are compressed with a dictionary of the store's.
  package static let dictionariesBit: UInt64 = 1 << 3
  /// Incompatible: the index leads to deleted blobs too, whose bytes are kept for a while.
  package static let delayedDeletesBit: UInt64 = 1 << 4
  /// Incompatible: blobs that are encrypted are put together from pieces of others.
  package static let sealedRecipesBit: UInt64 = 1 << 5
}

/// What a build may do with a store.
package enum StoreAccess: Hashable, Sendable {
  case readWrite
  case readOnly
  case none
}

extension FeatureWords: CustomStringConvertible {
  /// The three words in hexadecimal, and what is known of them.
  public var description: String {
    [
      "compatible 0x" + String(compatible, radix: 16),
      "read-only compatible 0x" + String(readOnlyCompatible, radix: 16),
      "incompatible 0x" + String(incompatible, radix: 16)
        + (incompatible & Self.encryptionBit != 0 ? " (encryption)" : "")
        + (incompatible & Self.recipesBit != 0 ? " (recipes)" : "")
        + (incompatible & Self.delayedDeletesBit != 0 ? " (delayed deletes)" : "")
        + (incompatible & Self.sealedRecipesBit != 0 ? " (encrypted recipes)" : ""),
    ].joined(separator: ", ")
  }
}

/// What a record says.
///
/// Numbers of 128 and above are for records that a build may pass over when it does not know them;
/// an unknown number below that is damage, since the feature words would have announced it.
package enum RecordType: UInt8, Hashable, Sendable, CaseIterable {
  /// A blob, its stored bytes in the payload.
  case blob = 1
  /// A piece of a streaming upload whose key is not known yet.
  case extent = 2
  /// A blob, its stored bytes in a list of extents.
  case blobOf = 3
  /// A blob put together from ranges of others and a skeleton in the payload.
  case recipe = 4
  /// The blob is gone.
  case tombstone = 5
  /// The blob was put again while it was there.
  case touch = 6
  /// Digests of a blob that were computed after it was stored.
  case digests = 7
  /// A compression dictionary.
  case dictionary = 8
  /// A checkpoint began here.
  case checkpointMark = 9
  /// A slot's segment holds nothing that is needed.
  case segmentRetired = 10

  /// Whether a build that does not know this number may pass the record over.
  package static func mayBeIgnored(_ number: UInt8) -> Bool { number >= 128 }

  /// Whether the record carries bytes after its extension.
  package var hasPayload: Bool {
    switch self {
    case .blob, .extent, .recipe, .dictionary: true
    case .blobOf, .tombstone, .touch, .digests, .checkpointMark, .segmentRetired: false
    }
  }
}

/// How stored bytes became of logical ones.
package enum PayloadCodec: UInt16, Hashable, Sendable, CaseIterable {
  /// They are the same.
  case raw = 0
  /// Zstandard frames (RFC 8878), cut as the frame table in the extension says.
  case zstandard = 1
  /// As `zstandard`, with the dictionary that the head names.
  case zstandardWithDictionary = 2
}

/// What else is to be known of a record.
///
/// The upper eight bits may be ignored by a build that does
/// not know them, the lower may not.
package struct RecordFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The bytes can be fetched again; their put did not wait for a flush.
  package static let relaxed = RecordFlags(rawValue: 1 << 0)
  /// The blob is shared within its scope only.
  package static let scoped = RecordFlags(rawValue: 1 << 1)
  /// A copy of an older record, with that record's sequence.
  package static let relocated = RecordFlags(rawValue: 1 << 2)
  /// Never reclaimed.
  package static let pinned = RecordFlags(rawValue: 1 << 3)
  /// Bytes that recipes share; no blob of a caller's, whatever its key.
  package static let chunk = RecordFlags(rawValue: 1 << 4)

  /// A list of extents that was written anew after its blob was deleted, whose bytes are kept.
  package static let deleted = RecordFlags(rawValue: 1 << 5)

  static let known: RecordFlags = [.relaxed, .scoped, .relocated, .pinned, .chunk, .deleted]
  static let mustBeKnown: UInt16 = 0x00FF

  var hasUnknown: Bool { rawValue & Self.mustBeKnown & ~Self.known.rawValue != 0 }
}

extension RecordType {
  /// Whether the index leads to records of this kind.
  var isOfBlob: Bool { self == .blob || self == .blobOf || self == .recipe }
}

package import Bytes

/// What stands between a record's head and its payload, as items of type, length and value.
///
/// ```
///  0      2      4            8                      8 + length   (rounded up to 8)
///  +------+------+------------+----------------------+---------+
///  | type | zero | length     | value                | zeroes  |
///  +------+------+------------+----------------------+---------+
/// ```
///
/// An item whose type has the top bit set must be understood by whoever reads the record; others
/// may be passed over, and are kept in ``unknown`` so that moving a record does not lose them.
/// Items stand in the order of their types, each type at most once.
package struct RecordExtension: Hashable, Sendable {
  /// Digests of the blob's logical bytes beside its SHA-256.
  package var digests: [BlobDigest] = []
  /// The same of a blob that is encrypted.
  package var sealedDigests: SealedDigests?
  /// XXH3-64 of each 64 KiB of stored bytes; there when there are more than 64 KiB.
  package var blockDigests: [UInt64] = []
  /// Milliseconds since 1970, when the record was first written.
  package var milliseconds: UInt64?
  /// The level at which the payload was compressed anew, or was tried to be in vain; nil: it is as
  /// it was put.
  package var compressionLevel: UInt32?
  /// How the stored bytes are cut into frames.
  package var frames: FrameTable?
  /// Where a `blobOf`'s bytes lie, in their order.
  package var extents: [ExtentReference] = []
  /// What a `recipe` puts together, in order.
  package var runs: [RecipeRun] = []
  /// What a `checkpointMark` marks.
  package var checkpoint: CheckpointMark?
  /// What a `segmentRetired` retires.
  package var retired: RetiredSegment?
  /// How the payload is encrypted; nil: not at all.
  package var seal: RecordSeal?
  /// The tags of the encrypted blocks, 16 bytes each; one, over nothing, where there is no payload.
  package var tags: [UInt8] = []
  /// Items that this build does not know and may pass over.
  package var unknown: [UnknownItem] = []

  package init() {}

  /// Whether there are no items.
  package var isEmpty: Bool { self == RecordExtension() }
}

/// A digest of a blob's logical bytes, beside its SHA-256.
package struct BlobDigest: Hashable, Sendable {
  package var algorithm: DigestAlgorithm
  /// As many bytes as the algorithm makes.
  package var bytes: [UInt8]

  package init(algorithm: DigestAlgorithm, bytes: [UInt8]) {
    self.algorithm = algorithm
    self.bytes = bytes
  }
}

/// Digests that package formats ask for; the numbers are item types.
package enum DigestAlgorithm: UInt16, Hashable, Sendable, CaseIterable {
  case md5 = 0x0001
  case sha1 = 0x0002
  case sha512 = 0x0003
  case blake2b256 = 0x0004

  /// The bytes in such a digest.
  package var byteCount: Int {
    switch self {
    case .md5: 16
    case .sha1: 20
    case .sha512: 64
    case .blake2b256: 32
    }
  }

  /// What the algorithm is called.
  package var name: String {
    switch self {
    case .md5: "MD5"
    case .sha1: "SHA-1"
    case .sha512: "SHA-512"
    case .blake2b256: "BLAKE2b-256"
    }
  }
}

/// How stored bytes are cut into independent Zstandard frames, so that a range needs only some.
package struct FrameTable: Hashable, Sendable {
  /// The logical bytes in every frame but the last.
  package var logicalByteCount: UInt32
  /// The stored bytes of each frame; their sum is the record's stored length.
  package var storedByteCounts: [UInt32]

  package init(logicalByteCount: UInt32, storedByteCounts: [UInt32]) {
    self.logicalByteCount = logicalByteCount
    self.storedByteCounts = storedByteCounts
  }

  init(logicalByteCount: UInt32, of frames: [[UInt8]]) {
    self.init(
      logicalByteCount: logicalByteCount,
      storedByteCounts: frames.map { UInt32($0.count) }
    )
  }
}

/// Where one extent of a large blob lies, and what it holds.
///
/// ```
///  0             8                   16               20     24                32              40
///  +-------------+-------------------+----------------+------+-----------------+---------------+
///  | segment id  | extent's sequence | offset / 64    | zero | logical length  | record length |
///  +-------------+-------------------+----------------+------+-----------------+---------------+
/// ```
package struct ExtentReference: Hashable, Sendable {
  package static let byteCount = 40

  package var segmentID: UInt64
  /// The sequence in the extent's own head, which proves that the place still holds it.
  package var sequence: UInt64
  /// Where the extent's record begins, in bytes from the start of its segment; a multiple of 64.
  package var offset: UInt64
  package var logicalByteCount: UInt64
  /// The bytes of the extent's record: head, extension and payload.
  package var recordByteCount: UInt64

  package init(
    segmentID: UInt64,
    sequence: UInt64,
    offset: UInt64,
    logicalByteCount: UInt64,
    recordByteCount: UInt64
  ) {
    self.segmentID = segmentID
    self.sequence = sequence
    self.offset = offset
    self.logicalByteCount = logicalByteCount
    self.recordByteCount = recordByteCount
  }
}

/// A range of another blob, or of the recipe's own skeleton, that a recipe copies.
///
/// ```
///  0                                        32               40               48
///  +----------------------------------------+----------------+----------------+
///  | key of the chunk, or 0: the skeleton   | offset         | length         |
///  +----------------------------------------+----------------+----------------+
/// ```
package struct RecipeRun: Hashable, Sendable {
  package static let byteCount = 48
  /// The most runs in one recipe: a get gathers them all in one submission.
  package static let maximumCount = 512

  /// The blob that the range is taken from, or nil for the logical bytes of the payload.
  package var source: SHA256Digest?
  /// Where the range begins in its source's logical bytes.
  package var offset: UInt64
  package var byteCount: UInt64

  package init(source: SHA256Digest?, offset: UInt64, byteCount: UInt64) {
    self.source = source
    self.offset = offset
    self.byteCount = byteCount
  }
}

/// Where a checkpoint began.
package struct CheckpointMark: Hashable, Sendable {
  package var checkpointID: UInt64
  package var epoch: UInt64

  package init(checkpointID: UInt64, epoch: UInt64) {
    self.checkpointID = checkpointID
    self.epoch = epoch
  }
}

/// A segment that holds nothing needed any more, and the slot that becomes free.
package struct RetiredSegment: Hashable, Sendable {
  package var segmentID: UInt64
  package var slot: UInt32

  package init(segmentID: UInt64, slot: UInt32) {
    self.segmentID = segmentID
    self.slot = slot
  }
}

/// An item that this build does not know and may pass over.
package struct UnknownItem: Hashable, Sendable {
  package var type: UInt16
  package var value: [UInt8]

  package init(type: UInt16, value: [UInt8]) {
    self.type = type
    self.value = value
  }
}

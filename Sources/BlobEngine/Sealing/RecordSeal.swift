package import Bytes
import Codec

/// How a record's payload is encrypted.
///
/// ```
///  0                16                                48          50      51     52
///  +----------------+---------------------------------+-----------+-------+------+
///  | key id         | salt                            | algorithm | log2  | zero |
///  +----------------+---------------------------------+-----------+-------+------+
/// ```
///
/// *log2* is that of the bytes in a block. The tags of the blocks stand in an item of their own.
package struct RecordSeal: Hashable, Sendable {
  package static let byteCount = 52
  /// AES-256-GCM, the one algorithm of version 1.
  static let algorithm: UInt16 = 1
  static let blockByteCountLog2: UInt8 = 16

  package var keyID: KeyID
  package var salt: RecordSalt

  package init(keyID: KeyID, salt: RecordSalt) {
    self.keyID = keyID
    self.salt = salt
  }
}

/// 32 random bytes that no other record has: what makes the record's key its own.
///
/// 2^64 records would have to be written before two salts are equal with a chance of 2^-129.
package struct RecordSalt: Hashable, Sendable {
  package let low: UInt128
  package let high: UInt128

  package init(low: UInt128, high: UInt128) {
    self.low = low
    self.high = high
  }
}

/// What is true of a sealed record, and goes into every tag of it.
///
/// ```
///   0  "LDRSEAL1"        8    48  key: the blob's name, or the extent's   32
///   8  store id         16    80  logical length                          8
///  24  key id           16    88  stored length                           8
///  40  algorithm         2    96  of a frame table: its item
///  42  record type       1        of a list: epoch (8), stream (8),
///  43  log2 of a block   1                   number of extents (8)
///  44  codec             2        of a recipe: SHA-256 of its runs' item
///  46  dictionary        2
/// ```
///
/// The salt is not among it: it makes the key. Sequence, flags and place are not, for a record may
/// be moved. What a list holds besides are the places of its extents, which may be moved too; the
/// extents themselves say by their names whose they are.
package struct SealSubject: Hashable, Sendable {
  package var type: RecordType
  package var codec: PayloadCodec
  package var key: SHA256Digest
  package var logicalByteCount: UInt64
  package var storedByteCount: UInt64
  package var frames: FrameTable?
  package var list: SealedListSubject?
  /// What a recipe takes from where.
  package var runs: [RecipeRun] = []

  package init(
    type: RecordType,
    codec: PayloadCodec,
    key: SHA256Digest,
    logicalByteCount: UInt64,
    storedByteCount: UInt64,
    frames: FrameTable? = nil,
    list: SealedListSubject? = nil,
    runs: [RecipeRun] = []
  ) {
    self.type = type
    self.codec = codec
    self.key = key
    self.logicalByteCount = logicalByteCount
    self.storedByteCount = storedByteCount
    self.frames = frames
    self.list = list
    self.runs = runs
  }

  func context(store: StoreIdentifier, keyID: KeyID) -> [UInt8] {
    var bytes = FieldWriter(reserving: 160)
    bytes.append(Array("LDRSEAL1".utf8))
    bytes.append(store.value)
    bytes.append(keyID.value)
    bytes.append(RecordSeal.algorithm)
    bytes.append(type.rawValue)
    bytes.append(RecordSeal.blockByteCountLog2)
    bytes.append(codec.rawValue)
    bytes.append(UInt16(0))
    bytes.append(key)
    bytes.append(logicalByteCount)
    bytes.append(storedByteCount)
    if let frames {
      bytes.append(frames.logicalByteCount)
      for count in frames.storedByteCounts { bytes.append(count) }
    }
    if let list {
      bytes.append(list.epoch)
      bytes.append(list.stream)
      bytes.append(list.extentCount)
    }
    // A digest of them: they are up to 24 KiB, and go into the tag of each block.
    if type == .recipe { bytes.append(SHA256Stream.digest(of: runs.encode().span)) }
    return bytes.bytes
  }
}

/// Which upload a list of extents is of.
package struct SealedListSubject: Hashable, Sendable {
  package var epoch: UInt64
  package var stream: UInt64
  package var extentCount: UInt64

  package init(epoch: UInt64, stream: UInt64, extentCount: UInt64) {
    self.epoch = epoch
    self.stream = stream
    self.extentCount = extentCount
  }
}

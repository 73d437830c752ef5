package import Bytes
package import Codec

/// The 96 bytes in front of a record.
///
/// ```
///   0  magic "LDRC"      4    40  key (SHA-256)                       32
///   4  version           1    72  codec                                2
///   5  type              1    74  dictionary number                    2
///   6  flags             2    76  scope tag (0: shared by all)         4
///   8  sequence          8    80  payload digest                       8
///  16  head + extension  4    88  head digest                          8
///  20  zero              4    96  extension, then payload
///  24  logical length    8
///  32  stored length     8
/// ```
///
/// Invariants:
///
/// 1. A record starts on 64 bytes and lies wholly in one batch; zeroes follow up to the next one.
/// 2. The head digest covers bytes 0 to 87 with the XXH3-64 of the extension appended.
/// 3. The payload digest is the XXH3-64 of up to 64 KiB of stored bytes; of more, it is that of the
///    table of block digests in the extension.
/// 4. Stored raw, a blob is as long as it is logically.
/// 5. A record without ``RecordFlags/relocated`` has a higher sequence than all before it in its
///    batch.
package struct RecordHead: Hashable, Sendable {
  package static let byteCount = 96

  static let magic: UInt32 = 0x4352_444C
  static let version: UInt8 = 1
  private static let typeOffset = 5
  private static let flagsOffset = typeOffset + 1
  private static let sequenceOffset = flagsOffset + 2
  private static let headByteCountOffset = sequenceOffset + 8
  private static let reservedOffset = headByteCountOffset + 4
  private static let logicalByteCountOffset = reservedOffset + 4
  private static let storedByteCountOffset = logicalByteCountOffset + 8
  private static let keyOffset = storedByteCountOffset + 8
  private static let codecOffset = keyOffset + SHA256Digest.byteCount
  private static let dictionaryOffset = codecOffset + 2
  private static let scopeOffset = dictionaryOffset + 2
  private static let payloadDigestOffset = scopeOffset + 4
  private static let headDigestOffset = payloadDigestOffset + 8

  /// Nil for a kind that this build does not know and may pass over.
  package var type: RecordType?
  package var flags: RecordFlags
  package var sequence: UInt64
  /// The bytes of the extension; a multiple of 8.
  package var extensionByteCount: Int
  package var logicalByteCount: UInt64
  package var storedByteCount: UInt64
  /// The blob's key; of an extent, its ``ExtentName``; of a record about no blob, zero.
  package var key: SHA256Digest
  package var codec: PayloadCodec
  /// The number of the dictionary, or 0.
  package var dictionary: UInt16
  /// Who shares the bytes: 0 for everyone.
  package var scope: UInt32
  package var payloadDigest: UInt64

  package init(
    type: RecordType,
    flags: RecordFlags = [],
    sequence: UInt64,
    logicalByteCount: UInt64 = 0,
    storedByteCount: UInt64 = 0,
    key: SHA256Digest,
    codec: PayloadCodec = .raw,
    dictionary: UInt16 = 0,
    scope: UInt32 = 0,
    payloadDigest: UInt64 = 0
  ) {
    self.type = type
    self.flags = flags
    self.sequence = sequence
    self.extensionByteCount = 0
    self.logicalByteCount = logicalByteCount
    self.storedByteCount = storedByteCount
    self.key = key
    self.codec = codec
    self.dictionary = dictionary
    self.scope = scope
    self.payloadDigest = payloadDigest
  }

  /// The bytes in front of the payload.
  package var headByteCount: Int { Self.byteCount + extensionByteCount }

  /// The bytes of the whole record, without the zeroes up to the next.
  package var recordByteCount: Int { headByteCount + Int(clamping: storedByteCount) }

  /// The bytes that the record takes in a batch.
  package var footprint: Int {
    StoreFormat.roundUp(recordByteCount, to: StoreFormat.recordAlignment)
  }

  /// Writes head and extension at `position`.
  ///
  /// - Precondition: they fit there; the extension is as long as the head says; the type is known.
  package func encode(
    into bytes: inout MutableSpan<UInt8>,
    at position: Int = 0,
    extension tail: Span<UInt8> = Span(),
    checksum: Checksum
  ) {
    precondition(tail.count == extensionByteCount, "the head knows its extension's length")
    guard let type else { preconditionFailure("only known records are written") }
    bytes.storeLittleEndian(Self.magic, at: position)
    bytes.storeLittleEndian(Self.version, at: position + 4)
    bytes.storeLittleEndian(type.rawValue, at: position + Self.typeOffset)
    bytes.storeLittleEndian(flags.rawValue, at: position + Self.flagsOffset)
    bytes.storeLittleEndian(sequence, at: position + Self.sequenceOffset)
    bytes.storeLittleEndian(UInt32(headByteCount), at: position + Self.headByteCountOffset)
    bytes.storeLittleEndian(UInt32(0), at: position + Self.reservedOffset)
    bytes.storeLittleEndian(logicalByteCount, at: position + Self.logicalByteCountOffset)
    bytes.storeLittleEndian(storedByteCount, at: position + Self.storedByteCountOffset)
    bytes.store(key, at: position + Self.keyOffset)
    bytes.storeLittleEndian(codec.rawValue, at: position + Self.codecOffset)
    bytes.storeLittleEndian(dictionary, at: position + Self.dictionaryOffset)
    bytes.storeLittleEndian(scope, at: position + Self.scopeOffset)
    bytes.storeLittleEndian(payloadDigest, at: position + Self.payloadDigestOffset)
    let digest = Self.digest(
      fields: bytes.span.extracting(position..<(position + Self.headDigestOffset)),
      extension: tail,
      checksum: checksum
    )
    bytes.storeLittleEndian(digest, at: position + Self.headDigestOffset)
    bytes.copy(from: tail, at: position + Self.byteCount)
  }

  private static func digest(
    fields: Span<UInt8>,
    extension tail: Span<UInt8>,
    checksum: Checksum
  ) -> UInt64 {
    var input = [96 of UInt8](repeating: 0)
    var bytes = input.mutableSpan
    bytes.copy(from: fields, at: 0)
    bytes.storeLittleEndian(checksum.digest64(tail), at: headDigestOffset)
    return checksum.digest64(input.span)
  }

  /// Reads the head at `position` of `bytes`, which hold its extension too, and checks both.
  ///
  /// `offset` is where `bytes` starts in its segment, for reports.
  ///
  /// - Throws: what is wrong with it. `lengthOutOfBounds` may also mean that more must be read.
  package init(
    decoding bytes: Span<UInt8>,
    at position: Int = 0,
    offset: UInt64,
    checksum: Checksum
  ) throws(FormatError) {
    let place = offset &+ UInt64(clamping: position)
    guard position >= 0, position <= bytes.count, bytes.count - position >= Self.byteCount else {
      throw FormatError(.lengthOutOfBounds, in: .recordHead, at: place)
    }
    guard bytes.littleEndian(at: position, as: UInt32.self) == Self.magic else {
      throw FormatError(.badMagic, in: .recordHead, at: place)
    }
    var fields = FieldReader(at: position + 4)
    let version = fields.next(UInt8.self, in: bytes)
    let kind = fields.next(UInt8.self, in: bytes)
    self.type = RecordType(rawValue: kind)
    self.flags = RecordFlags(rawValue: fields.next(UInt16.self, in: bytes))
    self.sequence = fields.next(UInt64.self, in: bytes)
    let headByteCount = Int(fields.next(UInt32.self, in: bytes))
    let reserved = fields.next(UInt32.self, in: bytes)
    self.logicalByteCount = fields.next(UInt64.self, in: bytes)
    self.storedByteCount = fields.next(UInt64.self, in: bytes)
    self.key = fields.key(in: bytes)
    let codec = fields.next(UInt16.self, in: bytes)
    self.dictionary = fields.next(UInt16.self, in: bytes)
    self.scope = fields.next(UInt32.self, in: bytes)
    self.payloadDigest = fields.next(UInt64.self, in: bytes)
    let stored = fields.next(UInt64.self, in: bytes)
    self.extensionByteCount = headByteCount - Self.byteCount
    self.codec = PayloadCodec(rawValue: codec) ?? .raw
    guard extensionByteCount >= 0, extensionByteCount % 8 == 0,
      extensionByteCount <= StoreFormat.maximumExtensionByteCount,
      extensionByteCount <= bytes.count - position - Self.byteCount
    else {
      throw FormatError(.lengthOutOfBounds, in: .recordHead, at: place)
    }
    let covered = bytes.extracting(position..<(position + Self.headDigestOffset))
    let tail = bytes.extracting((position + Self.byteCount)..<(position + headByteCount))
    guard stored == Self.digest(fields: covered, extension: tail, checksum: checksum) else {
      throw FormatError(.badChecksum, in: .recordHead, at: place)
    }
    guard version == Self.version else {
      throw FormatError(
        .unsupportedVersion(found: UInt32(version), newest: UInt32(Self.version)),
        in: .recordHead,
        at: place
      )
    }
    guard type != nil || RecordType.mayBeIgnored(kind) else {
      throw FormatError(.unknownKind(UInt32(kind)), in: .recordHead, at: place)
    }
    guard PayloadCodec(rawValue: codec) != nil || type == nil else {
      throw FormatError(.unknownKind(UInt32(codec)), in: .recordHead, at: place)
    }
    if let damage = contradiction(reserved: reserved) {
      throw FormatError(damage, in: .recordHead, at: place)
    }
  }

  /// What the head says that cannot be, though its digest is right.
  private func contradiction(reserved: UInt32) -> Damage? {
    guard storedByteCount <= UInt64(StoreFormat.maximumBatchByteCount) else {
      return .lengthOutOfBounds
    }
    guard let type else { return nil }
    if reserved != 0 { return .reservedNotZero }
    if flags.hasUnknown { return .unknownKind(UInt32(flags.rawValue)) }
    if flags.contains(.scoped) != (scope != 0) { return .contradiction }
    if !type.hasPayload && storedByteCount != 0 { return .contradiction }
    if type.hasPayload && type != .recipe && codec == .raw && storedByteCount != logicalByteCount {
      return .contradiction
    }
    if (codec == .zstandardWithDictionary) != (dictionary != 0) && type != .dictionary {
      return .contradiction
    }
    return nil
  }
}

/// What stands in an extent's place of a key: which upload it belongs to, and where in it.
///
/// ```
///  0          8                16         24               32
///  +----------+----------------+----------+----------------+
///  | epoch    | stream number  | ordinal  | logical offset |
///  +----------+----------------+----------+----------------+
/// ```
package struct ExtentName: Hashable, Sendable {
  /// The epoch of the open in which the upload began.
  package var epoch: UInt64
  /// The number of the upload within that epoch.
  package var stream: UInt64
  /// The position among the upload's extents, from 0.
  package var ordinal: UInt64
  /// Where the extent's logical bytes begin in the blob.
  package var logicalOffset: UInt64

  package init(epoch: UInt64, stream: UInt64, ordinal: UInt64, logicalOffset: UInt64) {
    self.epoch = epoch
    self.stream = stream
    self.ordinal = ordinal
    self.logicalOffset = logicalOffset
  }

  /// Reads the name out of an extent's head.
  package init(key: SHA256Digest) {
    self.init(
      epoch: key.words.0,
      stream: key.words.1,
      ordinal: key.words.2,
      logicalOffset: key.words.3
    )
  }

  /// The name as it stands in a head.
  ///
  /// Big-endian, so that extents sort by upload and then by place.
  package var key: SHA256Digest {
    SHA256Digest(words: (epoch, stream, ordinal, logicalOffset))
  }
}

extension SHA256Digest {
  /// What stands in the key's place of a record about no blob.
  package static let none = SHA256Digest(words: (0, 0, 0, 0))
}

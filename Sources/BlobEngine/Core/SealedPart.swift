import Bytes
import Codec

/// The blocks of a sealed record that a piece lies in, and what opens them.
struct SealedPart: Sendable {
  let seal: RecordSeal
  /// The tags of all blocks of the record.
  let tags: [UInt8]
  let subject: SealSubject
  /// The blocks that the piece needs.
  let blocks: Range<Int>
  /// Where they lie in the memory that holds the record.
  let range: Range<Int>

  /// Returns nil for a record that is not sealed.
  ///
  /// `stored` is the part of the payload that the piece needs. A record without payload still has
  /// one block to be verified, an empty one.
  init?(_ record: Record, stored: Range<UInt64>) {
    guard let seal = record.items.seal, let subject = SealSubject(record) else { return nil }
    let size = UInt64(SealedBlocks.blockByteCount)
    let last = stored.isEmpty ? stored.lowerBound : stored.upperBound - 1
    let blocks = Int(stored.lowerBound / size)..<Int(last / size + 1)
    let total = Int(clamping: record.head.storedByteCount)
    let start = SealedBlocks.block(blocks.lowerBound, of: total).lowerBound
    let end = SealedBlocks.block(blocks.upperBound - 1, of: total).upperBound
    let isNeeded = !stored.isEmpty || total == 0
    self.seal = seal
    self.tags = record.items.tags
    self.subject = subject
    self.blocks = isNeeded ? blocks : 0..<0
    let payload = record.payload.lowerBound
    self.range = isNeeded ? (payload + start)..<(payload + end) : payload..<payload
  }
}

/// What a piece of a blob belongs to.
enum PieceOwner: Sendable {
  /// The record is the blob, or a chunk of recipes.
  case blob
  /// The record says how the blob is put together.
  case recipe
  /// The record is a piece of an upload, and has to have this name.
  case upload(ExtentName)
  /// The record stands in a list, at this place of it; nil: the list is not sealed.
  case list(SealedList?, ordinal: Int)

  /// The key that the list was sealed with.
  var keyID: KeyID? {
    if case .list(let list, _) = self { list?.seal.keyID } else { nil }
  }

  /// Whether a sealed record is what belongs here, `base` bytes from the blob's beginning.
  func owns(
    _ subject: SealSubject,
    at base: UInt64,
    _ sealer: Sealer
  ) throws(EngineError) -> Bool {
    switch self {
    case .blob: return subject.type == .blob
    case .recipe: return subject.type == .recipe
    case .upload(let name): return subject.type == .extent && subject.key == name.key
    case .list(let list, let ordinal):
      let name = ExtentName(key: subject.key)
      guard subject.type == .extent,
        name.ordinal == UInt64(ordinal),
        name.logicalOffset == base,
        let list
      else { return false }
      return try list.isOf(name, sealer)
    }
  }
}

/// What a list of extents was sealed with.
struct SealedList: Sendable {
  let seal: RecordSeal
  private let tags: [UInt8]
  private let key: SHA256Digest
  private let byteCount: UInt64
  private let extentCount: Int

  /// Returns nil for a list that is not sealed.
  init?(_ record: Record) {
    guard let seal = record.items.seal else { return nil }
    self.seal = seal
    tags = record.items.tags
    key = record.head.key
    byteCount = record.head.logicalByteCount
    extentCount = record.items.extents.count
  }

  /// Whether the list is that of the upload which an extent is of.
  func isOf(_ extent: ExtentName, _ sealer: Sealer) throws(EngineError) -> Bool {
    let subject = SealSubject(
      type: .blobOf,
      codec: .raw,
      key: key,
      logicalByteCount: byteCount,
      storedByteCount: 0,
      list: SealedListSubject(
        epoch: extent.epoch,
        stream: extent.stream,
        extentCount: UInt64(extentCount)
      )
    )
    return try sealer.open([UInt8]().span, blocks: 0..<1, of: subject, seal, tags: tags) != nil
  }
}

extension SealSubject {
  /// What a record with a payload was sealed as; nil for a kind that is never sealed.
  init?(_ record: Record) {
    guard let type = record.head.type else { return nil }
    self.init(
      type: type,
      codec: record.head.codec,
      key: record.head.key,
      logicalByteCount: record.head.logicalByteCount,
      storedByteCount: record.head.storedByteCount,
      frames: record.items.frames,
      runs: record.items.runs
    )
  }
}

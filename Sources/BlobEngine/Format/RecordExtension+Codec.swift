import Bytes
import Codec

/// The item types that this build writes.
///
/// `Format.md` lists those that are given away already.
private enum ItemType {
  static let sealedDigests: UInt16 = 0x0005
  static let blockDigests: UInt16 = 0x0010
  static let milliseconds: UInt16 = 0x0011
  static let compressionLevel: UInt16 = 0x0014
  static let frames: UInt16 = 0x8001
  static let extents: UInt16 = 0x8002
  static let runs: UInt16 = 0x8003
  static let checkpoint: UInt16 = 0x8004
  static let retired: UInt16 = 0x8005
  static let seal: UInt16 = 0x8010
  static let tags: UInt16 = 0x8011

  static func mustBeUnderstood(_ type: UInt16) -> Bool { type & 0x8000 != 0 }
}

extension [RecipeRun] {
  /// Returns the value of the item.
  func encode() -> [UInt8] {
    var bytes = FieldWriter(reserving: count * RecipeRun.byteCount)
    for run in self { bytes.append(run) }
    return bytes.bytes
  }
}

extension RecordExtension {
  private static let itemHeadByteCount = 8
  private static let itemAlignment = 8

  /// Returns the items as bytes, a multiple of 8 of them; none when there are no items.
  package func encode() -> [UInt8] {
    guard !isEmpty else { return [] }
    var values = digests.map { UnknownItem(type: $0.algorithm.rawValue, value: $0.bytes) } + unknown
    if let sealedDigests {
      values.append(Self.item(ItemType.sealedDigests) { $0.append(sealedDigests) })
    }
    if !blockDigests.isEmpty {
      values.append(Self.item(ItemType.blockDigests) { $0.append(words: blockDigests) })
    }
    if let milliseconds {
      values.append(Self.item(ItemType.milliseconds) { $0.append(milliseconds) })
    }
    if let compressionLevel {
      values.append(Self.item(ItemType.compressionLevel) { $0.append(compressionLevel) })
    }
    if let frames { values.append(Self.item(ItemType.frames) { $0.append(frames) }) }
    if !extents.isEmpty {
      values.append(Self.item(ItemType.extents) { for extent in extents { $0.append(extent) } })
    }
    if !runs.isEmpty {
      values.append(UnknownItem(type: ItemType.runs, value: runs.encode()))
    }
    if let checkpoint {
      values.append(
        Self.item(ItemType.checkpoint) {
          $0.append(checkpoint.checkpointID)
          $0.append(checkpoint.epoch)
        }
      )
    }
    if let retired {
      values.append(
        Self.item(ItemType.retired) {
          $0.append(retired.segmentID)
          $0.append(retired.slot)
          $0.append(UInt32(0))
        }
      )
    }
    if let seal { values.append(Self.item(ItemType.seal) { $0.append(seal) }) }
    if !tags.isEmpty { values.append(UnknownItem(type: ItemType.tags, value: tags)) }
    return Self.join(values.sorted { $0.type < $1.type })
  }

  private static func item(_ type: UInt16, _ fill: (inout FieldWriter) -> Void) -> UnknownItem {
    var value = FieldWriter(reserving: 64)
    fill(&value)
    return UnknownItem(type: type, value: value.bytes)
  }

  private static func join(_ items: [UnknownItem]) -> [UInt8] {
    let total = items.reduce(0) { $0 + itemHeadByteCount + $1.value.count + itemAlignment }
    var bytes = FieldWriter(reserving: total)
    for item in items {
      bytes.append(item.type)
      bytes.append(UInt16(0))
      bytes.append(UInt32(item.value.count))
      bytes.append(item.value)
      bytes.pad(to: StoreFormat.roundUp(bytes.bytes.count, to: itemAlignment))
    }
    return bytes.bytes
  }

  /// Reads the items in `bytes`; `offset` is where they start in their segment, for reports.
  ///
  /// - Throws: what is wrong with them; `unknownKind` of an item that must be understood.
  package init(decoding bytes: Span<UInt8>, offset: UInt64) throws(FormatError) {
    var position = 0
    var last: UInt16?
    while position < bytes.count {
      let place = offset &+ UInt64(position)
      guard bytes.count - position >= Self.itemHeadByteCount else {
        throw FormatError(.lengthOutOfBounds, in: .recordExtension, at: place)
      }
      var fields = FieldReader(at: position)
      let type = fields.next(UInt16.self, in: bytes)
      let zero = fields.next(UInt16.self, in: bytes)
      let count = Int(fields.next(UInt32.self, in: bytes))
      guard count <= bytes.count - fields.position else {
        throw FormatError(.lengthOutOfBounds, in: .recordExtension, at: place)
      }
      let end = StoreFormat.roundUp(fields.position + count, to: Self.itemAlignment)
      guard end <= bytes.count else {
        throw FormatError(.lengthOutOfBounds, in: .recordExtension, at: place)
      }
      let value = bytes.extracting(fields.position..<(fields.position + count))
      guard zero == 0, bytes.extracting((fields.position + count)..<end).isZero else {
        throw FormatError(.reservedNotZero, in: .recordExtension, at: place)
      }
      if let last, type <= last {
        throw FormatError(.outOfOrder, in: .recordExtension, at: place)
      }
      if let damage = take(type, value) {
        throw FormatError(damage, in: .recordExtension, at: place)
      }
      last = type
      position = end
    }
  }

  /// Adds one item, or says what is wrong with it.
  private mutating func take(_ type: UInt16, _ value: Span<UInt8>) -> Damage? {
    if let algorithm = DigestAlgorithm(rawValue: type) {
      guard value.count == algorithm.byteCount else { return .lengthOutOfBounds }
      digests.append(BlobDigest(algorithm: algorithm, bytes: value.makeArray()))
      return nil
    }
    switch type {
    case ItemType.sealedDigests: return takeSealedDigests(value)
    case ItemType.blockDigests: return takeBlockDigests(value)
    case ItemType.milliseconds: return takeMilliseconds(value)
    case ItemType.compressionLevel: return takeCompressionLevel(value)
    case ItemType.frames: return takeFrames(value)
    case ItemType.extents: return takeExtents(value)
    case ItemType.runs: return takeRuns(value)
    case ItemType.checkpoint: return takeCheckpoint(value)
    case ItemType.retired: return takeRetired(value)
    case ItemType.seal: return takeSeal(value)
    case ItemType.tags: return takeTags(value)
    default: break
    }
    guard !ItemType.mustBeUnderstood(type) else { return .unknownKind(UInt32(type)) }
    unknown.append(UnknownItem(type: type, value: value.makeArray()))
    return nil
  }

  /// Puts digests in the place of others, also of those of a newer build.
  mutating func replaceSealedDigests(with digests: SealedDigests?) {
    unknown.removeAll { $0.type == ItemType.sealedDigests }
    sealedDigests = digests
  }

  /// Digests of kinds that this build does not know go along as they are.
  private mutating func takeSealedDigests(_ value: Span<UInt8>) -> Damage? {
    guard value.count > SealedDigests.headByteCount else { return .lengthOutOfBounds }
    guard let sealed = SealedDigests(decoding: value) else {
      unknown.append(UnknownItem(type: ItemType.sealedDigests, value: value.makeArray()))
      return nil
    }
    guard sealed.bytes.count == sealed.kinds.byteCount else { return .lengthOutOfBounds }
    sealedDigests = sealed
    return nil
  }

  private mutating func takeBlockDigests(_ value: Span<UInt8>) -> Damage? {
    guard !value.isEmpty, value.count % 8 == 0 else { return .lengthOutOfBounds }
    blockDigests.reserveCapacity(value.count / 8)
    for position in stride(from: 0, to: value.count, by: 8) {
      blockDigests.append(value.littleEndian(at: position))
    }
    return nil
  }

  private mutating func takeMilliseconds(_ value: Span<UInt8>) -> Damage? {
    guard value.count == 8 else { return .lengthOutOfBounds }
    milliseconds = value.littleEndian(at: 0)
    return nil
  }

  private mutating func takeCompressionLevel(_ value: Span<UInt8>) -> Damage? {
    guard value.count == 4 else { return .lengthOutOfBounds }
    compressionLevel = value.littleEndian(at: 0)
    return nil
  }

  private mutating func takeFrames(_ value: Span<UInt8>) -> Damage? {
    guard value.count >= 8, value.count % 4 == 0 else { return .lengthOutOfBounds }
    let logical = value.littleEndian(at: 0, as: UInt32.self)
    guard logical > 0 else { return .lengthOutOfBounds }
    var stored: [UInt32] = []
    stored.reserveCapacity(value.count / 4)
    for position in stride(from: 4, to: value.count, by: 4) {
      stored.append(value.littleEndian(at: position))
    }
    frames = FrameTable(logicalByteCount: logical, storedByteCounts: stored)
    return nil
  }

  private mutating func takeExtents(_ value: Span<UInt8>) -> Damage? {
    guard !value.isEmpty, value.count % ExtentReference.byteCount == 0 else {
      return .lengthOutOfBounds
    }
    extents.reserveCapacity(value.count / ExtentReference.byteCount)
    for position in stride(from: 0, to: value.count, by: ExtentReference.byteCount) {
      var fields = FieldReader(at: position)
      let segmentID = fields.next(UInt64.self, in: value)
      let sequence = fields.next(UInt64.self, in: value)
      let place = fields.next(UInt32.self, in: value)
      guard fields.next(UInt32.self, in: value) == 0 else { return .reservedNotZero }
      let extent = ExtentReference(
        segmentID: segmentID,
        sequence: sequence,
        offset: UInt64(place) * UInt64(StoreFormat.recordAlignment),
        logicalByteCount: fields.next(UInt64.self, in: value),
        recordByteCount: fields.next(UInt64.self, in: value)
      )
      guard extent.isWithinLimits else { return .lengthOutOfBounds }
      extents.append(extent)
    }
    return nil
  }

  private mutating func takeRuns(_ value: Span<UInt8>) -> Damage? {
    guard !value.isEmpty, value.count % RecipeRun.byteCount == 0,
      value.count / RecipeRun.byteCount <= RecipeRun.maximumCount
    else { return .lengthOutOfBounds }
    for position in stride(from: 0, to: value.count, by: RecipeRun.byteCount) {
      var fields = FieldReader(at: position)
      let key = fields.key(in: value)
      let offset = fields.next(UInt64.self, in: value)
      let count = fields.next(UInt64.self, in: value)
      guard count > 0, !offset.addingReportingOverflow(count).overflow else {
        return .lengthOutOfBounds
      }
      runs.append(RecipeRun(source: key == .none ? nil : key, offset: offset, byteCount: count))
    }
    return nil
  }

  private mutating func takeCheckpoint(_ value: Span<UInt8>) -> Damage? {
    guard value.count == 16 else { return .lengthOutOfBounds }
    checkpoint = CheckpointMark(
      checkpointID: value.littleEndian(at: 0),
      epoch: value.littleEndian(at: 8)
    )
    return nil
  }

  private mutating func takeRetired(_ value: Span<UInt8>) -> Damage? {
    guard value.count == 16 else { return .lengthOutOfBounds }
    let slot = value.littleEndian(at: 8, as: UInt32.self)
    guard slot < StoreFormat.maximumSlotCount else { return .lengthOutOfBounds }
    guard value.littleEndian(at: 12, as: UInt32.self) == 0 else { return .reservedNotZero }
    retired = RetiredSegment(segmentID: value.littleEndian(at: 0), slot: slot)
    return nil
  }

  private mutating func takeSeal(_ value: Span<UInt8>) -> Damage? {
    guard value.count == RecordSeal.byteCount else { return .lengthOutOfBounds }
    var fields = FieldReader(at: 0)
    let keyID = KeyID(value: fields.next(UInt128.self, in: value))
    let low = fields.next(UInt128.self, in: value)
    let high = fields.next(UInt128.self, in: value)
    let algorithm = fields.next(UInt16.self, in: value)
    guard algorithm == RecordSeal.algorithm else { return .unknownKind(UInt32(algorithm)) }
    let log2 = fields.next(UInt8.self, in: value)
    guard log2 == RecordSeal.blockByteCountLog2 else { return .unknownKind(UInt32(log2)) }
    guard fields.next(UInt8.self, in: value) == 0 else { return .reservedNotZero }
    seal = RecordSeal(keyID: keyID, salt: RecordSalt(low: low, high: high))
    return nil
  }

  private mutating func takeTags(_ value: Span<UInt8>) -> Damage? {
    guard !value.isEmpty, value.count % BlockCipher.tagByteCount == 0 else {
      return .lengthOutOfBounds
    }
    tags = value.makeArray()
    return nil
  }
}

extension ExtentReference {
  fileprivate var isWithinLimits: Bool {
    let end = offset.addingReportingOverflow(recordByteCount)
    return !end.overflow && end.partialValue <= StoreFormat.maximumSegmentByteCount
      && logicalByteCount > 0
      && recordByteCount >= UInt64(RecordHead.byteCount)
      && recordByteCount <= UInt64(StoreFormat.maximumBatchByteCount)
  }
}

extension FieldWriter {
  fileprivate mutating func append(words: [UInt64]) {
    for word in words { append(word) }
  }

  fileprivate mutating func append(_ frames: FrameTable) {
    append(frames.logicalByteCount)
    for count in frames.storedByteCounts { append(count) }
  }

  fileprivate mutating func append(_ extent: ExtentReference) {
    append(extent.segmentID)
    append(extent.sequence)
    append(UInt32(truncatingIfNeeded: extent.offset / UInt64(StoreFormat.recordAlignment)))
    append(UInt32(0))
    append(extent.logicalByteCount)
    append(extent.recordByteCount)
  }

  fileprivate mutating func append(_ seal: RecordSeal) {
    append(seal.keyID.value)
    append(seal.salt.low)
    append(seal.salt.high)
    append(RecordSeal.algorithm)
    append(RecordSeal.blockByteCountLog2)
    append(UInt8(0))
  }

  fileprivate mutating func append(_ digests: SealedDigests) {
    append(digests.seal.keyID.value)
    append(digests.seal.salt.low)
    append(digests.seal.salt.high)
    append(digests.tag)
    append(RecordSeal.algorithm)
    append(digests.kinds.rawValue)
    append(UInt32(0))
    append(digests.bytes)
  }

  fileprivate mutating func append(_ run: RecipeRun) {
    append(run.source ?? .none)
    append(run.offset)
    append(run.byteCount)
  }
}

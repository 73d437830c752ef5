import Bytes
import Codec

extension Superblock {
  private static let cleanBit: UInt32 = 1

  /// Returns the page of one copy.
  ///
  /// - Precondition: `copy` is less than ``copyCount``.
  package func encode(copy: Int) -> [UInt8] {
    precondition(copy >= 0, "copies are counted from zero")
    precondition(copy < Self.copyCount, "there are four copies")
    var page = SealedPage.superblock.begin()
    page.append(UInt32(Self.copyCount))
    page.append(features.compatible)
    page.append(features.readOnlyCompatible)
    page.append(features.incompatible)
    page.append(sequence)
    page.append(storeID.value)
    page.append(segmentByteCount)
    page.append(epoch)
    page.append(checkpointID)
    page.append(checkpointPosition)
    page.append(slotCount)
    page.append(isClean ? Self.cleanBit : 0)
    page.append(createdMilliseconds)
    page.append(nextSegmentID)
    page.append(nextSequence)
    page.append(hashSecret)
    page.append(authenticationKey)
    return SealedPage.superblock.seal(
      page,
      at: Self.offset(ofCopy: copy),
      owner: 0,
      checksum: .plain
    )
  }

  /// Returns where a copy lies in `SUPER`, in bytes.
  package static func offset(ofCopy copy: Int) -> UInt64 {
    UInt64(copy * StoreFormat.pageByteCount)
  }

  /// Reads one copy.
  ///
  /// - Throws: what is wrong with it; `unknownFeatures` when this build may not read the store.
  package init(decoding page: Span<UInt8>, copy: Int) throws(FormatError) {
    let place = Self.offset(ofCopy: copy)
    var fields = try SealedPage.superblock.open(page, at: place, owner: 0, checksum: .plain)
    guard fields.next(UInt32.self, in: page) == UInt32(Self.copyCount) else {
      throw FormatError(.contradiction, in: .superblock, at: place)
    }
    self.features = FeatureWords(
      compatible: fields.next(UInt64.self, in: page),
      readOnlyCompatible: fields.next(UInt64.self, in: page),
      incompatible: fields.next(UInt64.self, in: page)
    )
    guard features.access() != .none else {
      let unknown = features.subtracting(.supported)
      throw FormatError(.unknownFeatures(unknown), in: .superblock, at: place)
    }
    self.sequence = fields.next(UInt64.self, in: page)
    self.storeID = StoreIdentifier(value: fields.next(UInt128.self, in: page))
    self.segmentByteCount = fields.next(UInt64.self, in: page)
    self.epoch = fields.next(UInt64.self, in: page)
    self.checkpointID = fields.next(UInt64.self, in: page)
    self.checkpointPosition = fields.logPosition(in: page)
    self.slotCount = fields.next(UInt32.self, in: page)
    let state = fields.next(UInt32.self, in: page)
    self.isClean = state & Self.cleanBit != 0
    self.createdMilliseconds = fields.next(UInt64.self, in: page)
    self.nextSegmentID = fields.next(UInt64.self, in: page)
    self.nextSequence = fields.next(UInt64.self, in: page)
    self.hashSecret = fields.array(Checksum.secretByteCount, in: page)
    self.authenticationKey = fields.array(Self.authenticationKeyByteCount, in: page)
    guard Self.isValid(segmentByteCount: segmentByteCount) else {
      throw FormatError(.lengthOutOfBounds, in: .superblock, at: place)
    }
    guard slotCount <= StoreFormat.maximumSlotCount else {
      throw FormatError(.lengthOutOfBounds, in: .superblock, at: place)
    }
    let reservedIsZero = fields.passZeroes(upTo: StoreFormat.pageDigestOffset, in: page)
    guard !features.subtracting(.supported).isEmpty || (reservedIsZero && state <= Self.cleanBit)
    else { throw FormatError(.reservedNotZero, in: .superblock, at: place) }
  }
}

/// What the four copies say together.
package struct SuperblockElection: Hashable, Sendable {
  /// The page that counts.
  package let superblock: Superblock
  /// The copies that hold it; the others should be rewritten at the next update.
  package let agreeingCopies: [Int]

  /// Reads `SUPER` and finds the newest page that two copies agree on.
  ///
  /// Two copies of a newer version, or with unknown features, are an answer too: the store has
  /// moved on, whatever the other two still say.
  ///
  /// - Throws: `noAgreement`, or `unsupportedVersion` or `unknownFeatures` as above.
  package init(reading file: Span<UInt8>) throws(FormatError) {
    guard file.count >= Superblock.fileByteCount else {
      throw FormatError(.lengthOutOfBounds, in: .superblock, at: 0)
    }
    var votes: [Superblock: [Int]] = [:]
    var refusals: [Damage: Int] = [:]
    for copy in 0..<Superblock.copyCount {
      let start = copy * StoreFormat.pageByteCount
      let page = file.extracting(start..<(start + StoreFormat.pageByteCount))
      do throws(FormatError) {
        votes[try Superblock(decoding: page, copy: copy), default: []].append(copy)
      } catch {
        if error.damage.isRefusal { refusals[error.damage, default: 0] += 1 }
      }
    }
    if let refusal = refusals.first(where: { $0.value >= Superblock.quorum })?.key {
      throw FormatError(refusal, in: .superblock, at: 0)
    }
    let quorate = votes.filter { $0.value.count >= Superblock.quorum }
    let newest = quorate.keys.map(\.sequence).max()
    let winners = quorate.filter { $0.key.sequence == newest }
    guard let winner = winners.first, winners.count == 1 else {
      throw FormatError(.noAgreement, in: .superblock, at: 0)
    }
    self.superblock = winner.key
    self.agreeingCopies = winner.value
  }
}

extension Damage {
  /// Whether the bytes are whole, but not for this build.
  fileprivate var isRefusal: Bool {
    switch self {
    case .unsupportedVersion, .unknownFeatures: true
    default: false
    }
  }
}

extension FieldWriter {
  mutating func append(_ position: LogPosition) {
    append(position.sequence)
    append(position.segmentID)
    append(position.offset)
  }
}

extension FieldReader {
  mutating func logPosition(in bytes: Span<UInt8>) -> LogPosition {
    let sequence = next(UInt64.self, in: bytes)
    let segmentID = next(UInt64.self, in: bytes)
    return LogPosition(
      sequence: sequence,
      segmentID: segmentID,
      offset: next(UInt64.self, in: bytes)
    )
  }
}

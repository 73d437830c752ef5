import Bytes
package import Codec

/// What a segment is written for: things that die together should live together.
package enum Lane: UInt8, Hashable, Sendable, CaseIterable {
  /// Small blobs and everything about blobs.
  case ingest = 1
  /// Pieces of streaming uploads.
  case large = 2
  /// What reclaiming has moved.
  case cold = 3
}

/// The first page of a segment: one incarnation of a slot.
///
/// ```
///    0  magic "LARDERSG"          8    80  epoch of its creation        8
///    8  version                   4    88  next sequence at creation    8
///   12  lane (1), zero (3)        4    96  hash secret                192
///   16  store id                 16   288  incompatible features        8
///   32  segment id                8   296  encryption: zero            64
///   40  slot number               4   360  tiering: zero               64
///   44  zero                      4   424  zero
///   48  created, ms since 1970    8  4080  XXH3-128                    16
///   56  segment length            8
///   64  sync marker              16
/// ```
///
/// Invariants:
///
/// 1. The header is durable before the first batch is written, and is never written again.
/// 2. A segment id is used once in a store's life; a sync marker too.
/// 3. The digest, under the published secret, covers the slot number, so that a header in the wrong
///    slot does not match.
/// 4. The store's hash secret is repeated here: with `SUPER` lost, or the segment alone in an
///    object store, every batch in it can still be checked.
package struct SegmentHeader: Hashable, Sendable {
  package static let byteCount = StoreFormat.pageByteCount

  package var lane: Lane
  package var storeID: StoreIdentifier
  package var segmentID: UInt64
  package var slot: UInt32
  package var createdMilliseconds: UInt64
  package var segmentByteCount: UInt64
  package var marker: SyncMarker
  package var epoch: UInt64
  package var nextSequence: UInt64
  package var hashSecret: [UInt8]
  /// Incompatible features that this segment's own bytes use.
  package var incompatibleFeatures: UInt64

  /// Describes a segment.
  ///
  /// - Precondition: the secret has its length, slot and segment length are within limits.
  package init(
    lane: Lane,
    storeID: StoreIdentifier,
    segmentID: UInt64,
    slot: UInt32,
    createdMilliseconds: UInt64,
    segmentByteCount: UInt64,
    marker: SyncMarker,
    epoch: UInt64,
    nextSequence: UInt64,
    hashSecret: [UInt8]
  ) {
    precondition(hashSecret.count == Checksum.secretByteCount, "the hash secret has its length")
    precondition(slot < StoreFormat.maximumSlotCount, "an index entry can name the slot")
    precondition(
      Superblock.isValid(segmentByteCount: segmentByteCount),
      "the segment length is valid"
    )
    self.lane = lane
    self.storeID = storeID
    self.segmentID = segmentID
    self.slot = slot
    self.createdMilliseconds = createdMilliseconds
    self.segmentByteCount = segmentByteCount
    self.marker = marker
    self.epoch = epoch
    self.nextSequence = nextSequence
    self.hashSecret = hashSecret
    self.incompatibleFeatures = 0
  }

  /// Returns the page.
  package func encode() -> [UInt8] {
    var page = SealedPage.segmentHeader.begin()
    page.append(UInt32(lane.rawValue))
    page.append(storeID.value)
    page.append(segmentID)
    page.append(slot)
    page.append(UInt32(0))
    page.append(createdMilliseconds)
    page.append(segmentByteCount)
    page.append(marker.value)
    page.append(epoch)
    page.append(nextSequence)
    page.append(hashSecret)
    page.append(incompatibleFeatures)
    return SealedPage.segmentHeader.seal(page, at: 0, owner: UInt64(slot), checksum: .plain)
  }

  /// Reads the page at the start of a slot.
  ///
  /// - Throws: what is wrong with it. The caller still compares store id, slot and segment length
  ///   with what it expects.
  package init(decoding page: Span<UInt8>, slot: UInt32) throws(FormatError) {
    let sealed = SealedPage.segmentHeader
    var fields = try sealed.open(page, at: 0, owner: UInt64(slot), checksum: .plain)
    let kind = fields.next(UInt32.self, in: page)
    guard let lane = UInt8(exactly: kind).flatMap(Lane.init(rawValue:)) else {
      throw FormatError(.unknownKind(kind), in: .segmentHeader, at: 0)
    }
    self.lane = lane
    self.storeID = StoreIdentifier(value: fields.next(UInt128.self, in: page))
    self.segmentID = fields.next(UInt64.self, in: page)
    self.slot = fields.next(UInt32.self, in: page)
    let gap = fields.next(UInt32.self, in: page)
    self.createdMilliseconds = fields.next(UInt64.self, in: page)
    self.segmentByteCount = fields.next(UInt64.self, in: page)
    self.marker = SyncMarker(value: fields.next(UInt128.self, in: page))
    self.epoch = fields.next(UInt64.self, in: page)
    self.nextSequence = fields.next(UInt64.self, in: page)
    self.hashSecret = fields.array(Checksum.secretByteCount, in: page)
    self.incompatibleFeatures = fields.next(UInt64.self, in: page)
    guard self.slot == slot, slot < StoreFormat.maximumSlotCount else {
      throw FormatError(.misplaced, in: .segmentHeader, at: 0)
    }
    let features = FeatureWords(incompatible: incompatibleFeatures).subtracting(.supported)
    guard features.isEmpty else {
      throw FormatError(.unknownFeatures(features), in: .segmentHeader, at: 0)
    }
    guard Superblock.isValid(segmentByteCount: segmentByteCount) else {
      throw FormatError(.lengthOutOfBounds, in: .segmentHeader, at: 0)
    }
    guard gap == 0, fields.passZeroes(upTo: StoreFormat.pageDigestOffset, in: page) else {
      throw FormatError(.reservedNotZero, in: .segmentHeader, at: 0)
    }
  }
}

/// What every check inside one segment is made against.
package struct SegmentIdentity: Sendable {
  package let segmentID: UInt64
  package let marker: SyncMarker
  package let checksum: Checksum

  package init(segmentID: UInt64, marker: SyncMarker, checksum: Checksum) {
    self.segmentID = segmentID
    self.marker = marker
    self.checksum = checksum
  }
}

extension SegmentHeader {
  /// What the checks inside this segment are made against, under the secret in the header.
  package var identity: SegmentIdentity {
    SegmentIdentity(
      segmentID: segmentID,
      marker: marker,
      checksum: Checksum(secret: hashSecret) ?? .plain
    )
  }
}

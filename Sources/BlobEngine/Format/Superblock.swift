import Bytes
import Codec

/// The page that says what a store is, kept in four copies in `SUPER`.
///
/// ```
///    0  magic "LARDERSB"          8   112  slot count                   4
///    8  version                   4   116  state: bit 0 shut down clean  4
///   12  copies (4)                4   120  created, ms since 1970        8
///   16  compatible features       8   128  next segment id               8
///   24  read-only compatible      8   136  next sequence                 8
///   32  incompatible features     8   144  hash secret                 192
///   40  sequence of this page     8   336  MAC key                      32
///   48  store id                 16   368  replication: zero            32
///   64  segment length            8   400  encryption: zero            128
///   72  open epoch                8   528  tiering: zero                64
///   80  checkpoint id             8   592  zero
///   88  log position             24  4080  XXH3-128                     16
/// ```
///
/// Invariants:
///
/// 1. Copy *n* lies at *n* × 4096, and its digest, under the published secret, covers that offset.
/// 2. An update raises the sequence, writes copies 0 and 1, flushes, writes 2 and 3, flushes.
/// 3. The page that counts is the newest that two copies agree on: one lone newest copy may be a
///    torn or misdirected write. (The idea is TigerBeetle's, `docs/internals/data_file.md`.)
/// 4. The store id, the segment length, both secrets and the creation time never change.
/// 5. A reserved room is zero unless a feature bit says what is in it.
package struct Superblock: Hashable, Sendable {
  package static let copyCount = 4
  package static let fileByteCount = copyCount * StoreFormat.pageByteCount
  /// The number of copies that must agree.
  package static let quorum = 2
  /// The length of the key for message authentication.
  package static let authenticationKeyByteCount = 32

  package var features: FeatureWords
  /// Raised by every update.
  package var sequence: UInt64
  package let storeID: StoreIdentifier
  /// The length of every segment, in bytes; whole pages.
  package let segmentByteCount: UInt64
  /// Raised by every open, so that an owner notices when another has taken the store.
  package var epoch: UInt64
  /// The newest whole checkpoint; 0 before the first.
  package var checkpointID: UInt64
  /// Where replay begins after that checkpoint is loaded.
  package var checkpointPosition: LogPosition
  /// The number of slot files that the store knows of.
  package var slotCount: UInt32
  /// A hint that may be ignored: all that was written lies behind the checkpoint.
  package var isClean: Bool
  /// When the store was made, in milliseconds since 1970.
  package let createdMilliseconds: UInt64
  /// No segment has this id or a higher one, when the store was shut down clean.
  package var nextSegmentID: UInt64
  /// No record has this sequence or a higher one, when the store was shut down clean.
  package var nextSequence: UInt64
  /// What every keyed checksum and fingerprint of the store is keyed with; 192 random bytes.
  package let hashSecret: [UInt8]
  /// 32 random bytes for what must be authenticated.
  package let authenticationKey: [UInt8]

  /// Describes a store, as yet without checkpoint.
  ///
  /// - Precondition: the secrets have their lengths, the segment length is within its limits.
  package init(
    storeID: StoreIdentifier,
    segmentByteCount: UInt64,
    createdMilliseconds: UInt64,
    hashSecret: [UInt8],
    authenticationKey: [UInt8]
  ) {
    precondition(hashSecret.count == Checksum.secretByteCount, "the hash secret has its length")
    precondition(
      authenticationKey.count == Self.authenticationKeyByteCount,
      "the MAC key has its length"
    )
    precondition(Self.isValid(segmentByteCount: segmentByteCount), "the segment length is valid")
    self.features = FeatureWords()
    self.sequence = 1
    self.storeID = storeID
    self.segmentByteCount = segmentByteCount
    self.epoch = 0
    self.checkpointID = 0
    self.checkpointPosition = LogPosition(sequence: 0, segmentID: 0, offset: 0)
    self.slotCount = 0
    self.isClean = false
    self.createdMilliseconds = createdMilliseconds
    self.nextSegmentID = 1
    self.nextSequence = 1
    self.hashSecret = hashSecret
    self.authenticationKey = authenticationKey
  }

  /// Whether segments of a store may have this length: whole pages, within the limits.
  package static func isValid(segmentByteCount: UInt64) -> Bool {
    segmentByteCount >= StoreFormat.minimumSegmentByteCount
      && segmentByteCount <= StoreFormat.maximumSegmentByteCount
      && segmentByteCount % UInt64(StoreFormat.pageByteCount) == 0
  }
}

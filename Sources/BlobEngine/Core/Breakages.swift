/// Ways to break the engine on purpose, so that tests prove that the suites would notice.
///
/// Only tests pass any. Each takes away one guarantee and nothing else (`engine.md` 17.5).
package struct Breakages: OptionSet, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Writes batches without waiting for them to be flushed.
  package static let skipFlush = Breakages(rawValue: 1 << 0)
  /// Answers a put before its batch is written.
  package static let acknowledgeEarly = Breakages(rawValue: 1 << 1)
  /// Uses a new slot without flushing the directory that names it.
  package static let skipDirectoryFlush = Breakages(rawValue: 1 << 2)
  /// Deletes in memory only.
  package static let dropTombstone = Breakages(rawValue: 1 << 3)
  /// Takes a short write for a whole one.
  package static let ignoreShortWrite = Breakages(rawValue: 1 << 4)
  /// Flushes again after a failed flush, and believes the second answer.
  package static let retryFlush = Breakages(rawValue: 1 << 5)
  /// Takes equal XXH3 of the first bytes and equal length for equal blobs.
  package static let trustXXH3 = Breakages(rawValue: 1 << 6)
  /// Ends the log of a segment at the first bad checksum, whatever follows.
  package static let truncateOnAnyBadChecksum = Breakages(rawValue: 1 << 7)
  /// Names an upload's pieces before they are durable.
  package static let referenceBeforeReferent = Breakages(rawValue: 1 << 8)
  /// Returns bytes without verifying their checksums.
  package static let skipReadVerification = Breakages(rawValue: 1 << 9)
  /// Advances the superblock before the checkpoint's partitions are flushed.
  package static let superblockBeforePartitions = Breakages(rawValue: 1 << 10)
  /// Reuses a slot while a checkpoint or the log still needs it.
  package static let reuseSlotEarly = Breakages(rawValue: 1 << 11)
  /// Reclaim drops all tombstones, though older records of their keys are still there.
  package static let dropTombstoneEarly = Breakages(rawValue: 1 << 12)
  /// Reclaim gives a slot back before a checkpoint knows where its blobs are now.
  package static let reuseBeforeSwitch = Breakages(rawValue: 1 << 13)
  /// Reclaim gives a slot back while somebody reads there.
  package static let reuseUnderReaders = Breakages(rawValue: 1 << 14)
  /// Reclaim gives its copies sequences of their own.
  package static let renumberCopies = Breakages(rawValue: 1 << 15)
  /// Reclaim lets the index lead to a copy, whatever has become of the blob meanwhile.
  ///
  /// Lists of extents aside: theirs would be counted out twice, which ends the process.
  package static let switchBlindly = Breakages(rawValue: 1 << 16)
  /// Takes everything under way in a lane for durable when one batch is.
  package static let settleOutOfOrder = Breakages(rawValue: 1 << 17)
  /// Reclaim drops tombstones of deleted blobs whose bytes it copies.
  package static let dropDelayedTombstone = Breakages(rawValue: 1 << 18)
  /// Reclaim writes the list of a deleted blob's pieces anew as that of one that is there.
  package static let reviveMovedList = Breakages(rawValue: 1 << 19)
  /// An open takes every delete for one whose delay is over.
  package static let forgetDelays = Breakages(rawValue: 1 << 23)
  /// A recipe takes a blob's place whatever was read of it.
  package static let recipeNotVerified = Breakages(rawValue: 1 << 20)
  /// A payload that was compressed anew takes the old one's place whatever it decodes to.
  package static let recompressionNotVerified = Breakages(rawValue: 1 << 22)
  /// Chunks are collected that a sharing or a reader needs.
  package static let collectChunksInUse = Breakages(rawValue: 1 << 21)

  /// Seals every record with one salt, and so with one key and the same nonces.
  package static let reuseNonce = Breakages(rawValue: 1 << 24)

  /// Every breakage with its name.
  package static let named: [(name: String, breakage: Breakages)] = [
    ("skipFlush", .skipFlush),
    ("acknowledgeEarly", .acknowledgeEarly),
    ("skipDirectoryFlush", .skipDirectoryFlush),
    ("dropTombstone", .dropTombstone),
    ("ignoreShortWrite", .ignoreShortWrite),
    ("retryFlush", .retryFlush),
    ("trustXXH3", .trustXXH3),
    ("truncateOnAnyBadChecksum", .truncateOnAnyBadChecksum),
    ("referenceBeforeReferent", .referenceBeforeReferent),
    ("skipReadVerification", .skipReadVerification),
    ("superblockBeforePartitions", .superblockBeforePartitions),
    ("reuseSlotEarly", .reuseSlotEarly),
    ("reuseNonce", .reuseNonce),
    ("dropTombstoneEarly", .dropTombstoneEarly),
    ("reuseBeforeSwitch", .reuseBeforeSwitch),
    ("reuseUnderReaders", .reuseUnderReaders),
    ("renumberCopies", .renumberCopies),
    ("switchBlindly", .switchBlindly),
    ("settleOutOfOrder", .settleOutOfOrder),
    ("dropDelayedTombstone", .dropDelayedTombstone),
    ("reviveMovedList", .reviveMovedList),
    ("forgetDelays", .forgetDelays),
    ("recipeNotVerified", .recipeNotVerified),
    ("recompressionNotVerified", .recompressionNotVerified),
    ("collectChunksInUse", .collectChunksInUse),
  ]
}

package import Bytes

/// What an engine answers.
package enum EngineReply: Sendable {
  case opened(OpenReport)
  case stored(BlobInfo)
  /// The upload's name. `mayBePresent`: the first bytes look like a blob that is stored already,
  /// so holding back a little before appending may save the writing.
  case upload(UploadID, mayBePresent: Bool)
  /// How many bytes of the upload can be read, from its beginning.
  case appended(readableByteCount: UInt64)
  case cancelled
  case piece(StoredPiece)
  case absent
  case description(BlobInfo, PreparedDigests)
  case deleted(Bool)
  case token(CollectionToken)
  case collected(Collection)
  case admitted
  case keys(KeyPage)
  case explained(Explanation)
  case scrubbed(ScrubReport)
  /// The sharing's name; nil: the blob stays whole, being a recipe already.
  case sharing(SharingID?)
  case haveChunks([Bool])
  case compacted(ReclaimCounters)
  case usage(StoreUsage)
  case checkpointed
  case closed
}

/// How the opening of a store went.
package struct OpenReport: Sendable {
  /// Makes the bytes of puts ready for this store.
  package let preparer: Preparer
  /// Whether the directory was empty and a store was made.
  package let wasCreated: Bool
  /// Whether the last run ended with a close.
  package let wasClean: Bool
  /// How often the store has been opened.
  package let epoch: UInt64
  /// What the superblock announced.
  package let features: FeatureWords
  /// The blobs in the index.
  package let blobCount: Int
  /// The batches found to be damaged, as opposed to torn by the crash at the end of the log.
  package let damagedBatchCount: Int
}

/// A page of a listing.
package struct KeyPage: Sendable {
  /// Keys with the bytes that each takes in the log; for a blob of several pieces, only the
  /// record that lists them.
  package let keys: [(key: SHA256Digest, storedByteCount: UInt64)]
  /// Where to go on, or nil at the end.
  package let next: ListCursor?
}

/// What is known of a key.
package struct Explanation: Hashable, Sendable {
  /// One sentence a fact: where the blob is, in which state.
  package let lines: [String]
  /// Whether a read would find the blob.
  package let isPresent: Bool
}

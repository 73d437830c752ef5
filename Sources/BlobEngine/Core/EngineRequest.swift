package import Bytes

/// What a caller can ask of an engine.
///
/// Hashing, compression and decompression of payloads are not here: they happen before and after,
/// through ``Preparer`` and ``StoredPiece/decoded()``, so that the engine's thread stays free.
package enum EngineRequest: Sendable {
  /// Stores a small blob. Reply: `stored`.
  case put(PreparedBlob, Durability)
  /// Begins a blob of unknown size and key. Reply: `upload`.
  case beginUpload(Durability, probe: ContentProbe?)
  /// Appends the next piece of an upload. Pieces may be asked for one after the other without
  /// waiting; they follow one another in that order. Reply: `appended`, once the piece is in the
  /// log as durably as the upload asked for.
  case append(UploadID, PreparedExtent)
  /// Names the upload's bytes, which become a blob. Waits for its pieces. Reply: `stored`.
  case finishUpload(UploadID, PreparedName)
  /// Forgets an upload; its pieces become dead bytes. Reply: `cancelled`, known upload or not.
  case cancelUpload(UploadID)
  /// Reads from the pieces of an upload that are in the log. Reply: `piece`, which may hold less
  /// than asked for, and `absent` at or beyond the end of what is readable.
  case readUpload(UploadID, offset: UInt64, byteCount: Int)
  /// Reads a blob, or the part of it inside `range`. Reply: `piece`, whose `reader` is to be asked
  /// for the rest when there is one, or `absent`.
  case read(SHA256Digest, range: Range<UInt64>?)
  /// Reads the next piece. Reply: `piece`, whose `reader` is nil in the last one.
  case readOn(ReaderID)
  /// Gives a reader up before its end. Reply: `cancelled`, known reader or not.
  case endRead(ReaderID)
  /// Looks a blob up. Reply: `description` or `absent`.
  case stat(SHA256Digest)
  /// Keeps digests with a blob that is there, unless its record has as many kinds. Reply: `stored`
  /// or `absent`.
  case enrich(SHA256Digest, PreparedDigests)
  /// Deletes a blob, durably. Reply: `deleted`, and whether it was there.
  case delete(SHA256Digest)
  /// Lets a deleted blob be there again whose bytes are kept still. Reply: `stored`, which is the
  /// reply too where the blob was never deleted, or `absent`.
  case undelete(SHA256Digest)
  /// Marks this moment for a collector of blobs that nothing refers to. Reply: `token`.
  case token
  /// Deletes a blob, durably, unless it was put or touched since the token was taken or within the
  /// grace before this moment. Reply: `collected`.
  case collect(SHA256Digest, CollectionToken)
  /// Says whether so many bytes would be refused. Reply: `admitted`, or the failure `storageFull`.
  case admit(byteCount: UInt64)
  /// Lists blobs, a page at a time, in the order of the log. Reply: `keys`.
  case list(after: ListCursor?)
  /// Tells what is known of a key: where it is, in what state. Reply: `explained`.
  case explain(SHA256Digest)
  /// Verifies the next part of the log, at most 4 MiB. Reply: `scrubbed`.
  case scrub(after: ScrubCursor?)
  /// Makes the superblock say that the store uses features. Whoever writes what needs them asks
  /// first, and waits. Reply: `checkpointed`, once that is durable.
  case announce(FeatureWords)
  /// Begins to share the members of a blob. Reply: `sharing`, or `absent`.
  case beginSharing(SHA256Digest)
  /// Asks which chunks seem to be there. Reply: `haveChunks`, in the same order.
  case haveChunks([SHA256Digest])
  /// Stores a chunk unless it is there, for as long as the sharing goes on. Reply: `stored`.
  case putChunk(SharingID, PreparedBlob)
  /// Reads what a recipe of the sharing's chunks would give, from the disk. Reply: `piece`.
  case readDraft(SharingID, PreparedRecipe)
  /// Lets the recipe take the blob's place, if what was read of it is called as the blob is; the
  /// sharing ends. Reply: `stored`; `absent` when the blob has gone, or the failure
  /// `digestMismatch`.
  case finishSharing(SharingID, rebuilt: SHA256Digest)
  /// Gives a sharing up. Reply: `cancelled`, known sharing or not.
  case cancelSharing(SharingID)
  /// Empties every segment with dead bytes, and gives its slot back; chunks that no recipe names
  /// go first. Reply: `compacted`.
  case compact
  /// As `compact`, and empties every segment besides whose payloads were not compressed again yet.
  /// Reply: `compacted`.
  case recompress
  /// What ``EngineEffect/recompress(_:)`` came to. Reply: `cancelled`, whether it was waited for or
  /// not.
  case recompressed(RecompressionID, [Recompressed])
  /// Tells how the space is used. Reply: `usage`.
  case usage
  /// Writes the index down now. Reply: `checkpointed`, once the superblock points at it.
  case checkpoint
  /// Finishes what is under way, marks the store as closed cleanly. Reply: `closed`.
  case close
}

/// Names an upload of one engine.
package struct UploadID: Hashable, Sendable {
  package let number: UInt64
  package init(number: UInt64) { self.number = number }
}

/// Names a read of several pieces.
package struct ReaderID: Hashable, Sendable {
  package let number: UInt64
  package init(number: UInt64) { self.number = number }
}

/// The place after which a listing goes on.
package struct ListCursor: Hashable, Sendable {
  /// The first slot that was not listed.
  let nextSlot: UInt32
  /// How many records had been moved when this round through the slots began.
  let movedCount: UInt64
  /// Only what was moved after so many moves is listed in this round; nil: everything.
  let movedAfter: UInt64?
}

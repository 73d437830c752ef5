/// What makes it worth putting an archive together from chunks (`engine.md` 11.2).
package struct SharingRules: Hashable, Sendable {
  /// Smaller archives stay whole, in bytes: there is little to save and an entry of the index, 24
  /// bytes of memory, for each chunk to pay.
  package var leastArchiveByteCount: UInt64 = 64 << 10
  /// Smaller members stay in the skeleton, in bytes.
  package var leastMemberByteCount: UInt64 = 4 << 10
  /// The least that a chunk of several members has, in bytes, and a member that makes chunks of its
  /// own.
  ///
  /// Each chunk costs a read of the disk. Of three NumPy wheels 49 % are shared in 163 chunks
  /// each so; 44 % in 93 with 32 KiB.
  package var leastChunkByteCount: UInt64 = 12 << 10
  /// The most that a chunk has, in bytes; a longer member is several.
  package var chunkByteLimit: UInt64
  /// The most that the skeleton has, in bytes; what is more makes chunks too.
  package var skeletonByteLimit: UInt64
  /// The most runs.
  package var runLimit: Int
  /// The most bytes of a central directory that are read.
  package var directoryByteLimit: UInt64 = 16 << 20
  /// The share of an archive that must be saved, as one in so many bytes.
  package var leastSavingOneIn: UInt64 = 8

  /// The rules of a store.
  package init(_ preparer: Preparer) {
    self.init(chunkByteLimit: preparer.inlineByteLimit)
  }

  /// The rules of a store whose records have so many bytes at most.
  package init(chunkByteLimit: Int) {
    self.chunkByteLimit = UInt64(chunkByteLimit)
    // A record has room in a batch of twice that size, with its head and its list of runs.
    skeletonByteLimit = UInt64(chunkByteLimit / 4 * 3)
    runLimit = min(RecipeRun.maximumCount, chunkByteLimit / 2 / RecipeRun.byteCount)
  }
}

/// How a store is made and run.
///
/// `segmentByteCount` counts only when a directory is opened for the first time; a store keeps the
/// size it was made with.
public struct StoreOptions: Hashable, Sendable {
  /// Which disk carries the work out.
  public enum InputOutput: String, CaseIterable, Hashable, Sendable {
    /// io_uring where the kernel allows it, threads elsewhere.
    case automatic = "auto"
    /// io_uring or an error.
    case ring
    /// A pool of threads.
    case threads
  }

  /// The size of a segment, in bytes: a power of two from 256 KiB to 256 MiB.
  public var segmentByteCount: UInt64
  /// The most that the segments may take together, in bytes; nil: what the file system has.
  public var capacityByteCount: UInt64?
  /// How many bytes of puts may wait for the disk before callers are held back.
  public var bufferedByteLimit: Int
  /// How many bytes of the newest batches stay in memory to be read from there.
  public var recentByteLimit: Int
  /// How many bytes small blobs may take that are kept in memory because they are asked for again
  /// and again; 0: none are.
  public var cacheByteLimit: Int
  /// How many bytes the log grows before the index is checkpointed, at least; the index's own
  /// size counts too, so that checkpoints stay below 5 % of what is written.
  public var checkpointByteInterval: UInt64
  /// How many records the log grows before the index is checkpointed, at most; a quarter of the
  /// blobs where that is more.
  ///
  /// A store of tiny blobs opens the faster after a crash.
  public var checkpointRecordInterval: Int
  /// How long a blob that was put or touched is safe from collection, in milliseconds: longer than
  /// it takes to refer to a blob after it was put.
  public var graceMilliseconds: UInt64
  /// How long the bytes of a deleted blob are kept, in milliseconds, so that
  /// ``BlobStore/undelete(_:)`` can bring it back; 0: they are not.
  ///
  /// Meanwhile they take their room, and 40 bytes of memory for each blob. At least the age of the
  /// oldest backup of whatever refers to the blobs, where one may be restored.
  public var deletionDelayMilliseconds: UInt64
  /// Whether a new store makes all files of its index as soon as it is open, 4 MiB in all, and not
  /// while the first puts wait for them.
  package var makesIndexAhead = false
  /// Whether bytes of deleted blobs are kept even when the store is full, which then refuses puts;
  /// otherwise the oldest deletes are given up first.
  public var keepsDeletedWhenFull: Bool
  /// How long an upload may stand still before it is given up, in milliseconds; its writer is then
  /// told ``EngineError/writerClosed``.
  public var uploadPatienceMilliseconds: UInt64
  /// Whether dead bytes are reclaimed while the store is open, or only when asked for.
  public var reclaims: Bool
  /// Whether bytes that reclaim copies are compressed once more, at a higher level, where that
  /// saves at least a thirty-second of them; it needs ``compresses``.
  ///
  /// Nothing is written for it that is not written anyway, and reads are not slower. It costs a
  /// worker 20 ms for each MiB that reclaim copies and that is compressed; see *Decisions*.
  public var recompresses: Bool
  /// Whether archives come to share their members while the store is open, or only when asked for.
  ///
  /// As ``BlobStore/shareMembers(among:)`` lets them; a pass through the store each day, at a tenth
  /// of the pace that the disk allows. Scopes take part, each by itself, whose keys are in use or
  /// given by ``BlobStore/useKeys(from:)``.
  public var sharesMembers: Bool
  /// When that is done, and how fast.
  package var sharingPace = SharingPace()
  /// Whether bytes are compressed where that saves at least an eighth of them.
  public var compresses: Bool
  /// Which disk carries the work out.
  public var inputOutput: InputOutput
  /// Whether file systems are accepted that cannot keep the engine's promises, such as NFS.
  public var acceptsAnyFileSystem: Bool

  /// Makes options, each with a default that suits a server.
  public init(
    segmentByteCount: UInt64 = 256 << 20,
    capacityByteCount: UInt64? = nil,
    bufferedByteLimit: Int = 64 << 20,
    recentByteLimit: Int = 32 << 20,
    cacheByteLimit: Int = 64 << 20,
    checkpointByteInterval: UInt64 = 256 << 20,
    checkpointRecordInterval: Int = 1 << 20,
    graceMilliseconds: UInt64 = 24 * 3_600_000,
    deletionDelayMilliseconds: UInt64 = 0,
    keepsDeletedWhenFull: Bool = false,
    uploadPatienceMilliseconds: UInt64 = 3_600_000,
    reclaims: Bool = true,
    recompresses: Bool = true,
    sharesMembers: Bool = false,
    compresses: Bool = true,
    inputOutput: InputOutput = .automatic,
    acceptsAnyFileSystem: Bool = false
  ) {
    self.segmentByteCount = segmentByteCount
    self.capacityByteCount = capacityByteCount
    self.bufferedByteLimit = bufferedByteLimit
    self.recentByteLimit = recentByteLimit
    self.cacheByteLimit = cacheByteLimit
    self.checkpointByteInterval = checkpointByteInterval
    self.checkpointRecordInterval = checkpointRecordInterval
    self.graceMilliseconds = graceMilliseconds
    self.deletionDelayMilliseconds = deletionDelayMilliseconds
    self.keepsDeletedWhenFull = keepsDeletedWhenFull
    self.uploadPatienceMilliseconds = uploadPatienceMilliseconds
    self.reclaims = reclaims
    self.recompresses = recompresses
    self.sharesMembers = sharesMembers
    self.compresses = compresses
    self.inputOutput = inputOutput
    self.acceptsAnyFileSystem = acceptsAnyFileSystem
  }
}

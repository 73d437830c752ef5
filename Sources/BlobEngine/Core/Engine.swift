import Bytes
import Codec
package import Disk

/// The heart of a store: decides everything, does nothing.
///
/// Events go in through ``receive(_:)``; ``finishTurn(into:)`` then gives back what is to be done.
/// The engine has no clock, thread, task, descriptor or random source of its own, so that the same
/// events give the same effects, on a ring, on threads and on the simulated disk of the tests.
///
/// A turn may hold any number of events. Everything asked for in one turn can share one batch, so
/// a runner feeds all that has arrived before it ends the turn; that is the group commit.
///
/// Used from one thread. The invariants it keeps are numbered in *Recovery*.
package struct Engine: ~Copyable {
  let options: StoreOptions
  let breakages: Breakages
  let makeBuffer: (Int) -> DiskBuffer
  var generator: any RandomNumberGenerator

  var mode = EngineMode.new
  /// Milliseconds since 1970, as far as the runner has told; never goes back.
  var now: UInt64 = 0
  /// When what had failed was last given another chance.
  private var lastRetry: UInt64 = 0

  // The store. Until it is open: the one that would be made here.
  var superblock: Superblock
  /// The two copies of the superblock that are written last at its next update.
  var superblockCopiesToKeep = [2, 3]
  var checksum: Checksum
  var limits: EngineLimits
  var nextSequence: UInt64 = 1
  var nextSegmentID: UInt64 = 1

  // Where things are.
  var index = BlobIndex()
  var slots = SlotTable(slotLimit: 0)
  /// The slots that have a file of the right size.
  var slotFiles: Set<UInt32> = []
  var slotOfSegment: [UInt64: UInt32] = [:]
  var recent: RecentBatches
  var filter = ContentFilter()
  /// What callers know of already although its flush is not over.
  var unflushed: [SHA256Digest: UnflushedRecord] = [:]
  /// The blobs found to be damaged since the store was opened.
  var damaged: [SHA256Digest: BlobDamage] = [:]
  /// The lists of extents that were not counted yet since the store was opened.
  var uncounted: Set<IndexPlace> = []
  var beingCounted: Set<IndexPlace> = []
  /// The lists of extents that are damaged: what they name must not be used for anything else.
  var unreadableLists: Set<IndexPlace> = []
  /// The large blobs that have extents in a segment.
  var extentOwners = ExtentOwners()

  // What is under way.
  var lanes = Lanes()
  var gates = KeyGates()
  var uploads: [UploadID: Upload] = [:]
  var readers: [ReaderID: Reader] = [:]
  var checkpoints = CheckpointState()
  /// Whether a full file system is being asked for room.
  var isProbing = false
  var grace = Grace()
  var delayed = DelayedDeletes()
  var reclaim = ReclaimState()
  var sharing = SharingState()
  /// How many records are elsewhere than when the store was opened.
  package internal(set) var recordMoveCount: UInt64 = 0
  /// What reclaim has done since the store was opened.
  package var reclaimCounters: ReclaimCounters { reclaim.counters }
  var traffic = WriteTraffic()
  var closing: RequestID?
  private var lastNumber: UInt64 = 0

  // Traffic.
  var effects: [EngineEffect] = []
  var continuations: [UInt64: DiskContinuation] = [:]
  var nextDiskRequest: UInt64 = 1

  /// The bytes of puts that wait for the disk.
  ///
  /// A runner holds callers back while this is above ``StoreOptions/bufferedByteLimit``; the engine
  /// itself refuses nothing for it.
  package internal(set) var bufferedByteCount = 0

  /// Makes an engine that has not seen its disk yet.
  ///
  /// - Parameters:
  ///   - options: how the store is made and run.
  ///   - generator: the source of ids and secrets. A store is only as hard to fool as this is
  ///     hard to guess; tests pass a seeded one.
  ///   - breakages: what is to be broken on purpose; only tests pass any.
  ///   - makeBuffer: lends memory for disk requests, at least as many bytes as asked for.
  package init(
    options: StoreOptions,
    generator: any RandomNumberGenerator,
    breakages: Breakages = [],
    makeBuffer: @escaping (Int) -> DiskBuffer = { DiskBuffer(byteCount: $0) }
  ) {
    var generator = generator
    self.options = options
    self.breakages = breakages
    self.makeBuffer = makeBuffer
    self.superblock = Superblock(newStoreFor: options, using: &generator)
    self.generator = generator
    self.checksum = Checksum(secret: superblock.hashSecret) ?? .plain
    self.limits = EngineLimits(segmentByteCount: superblock.segmentByteCount)
    self.recent = RecentBatches(byteLimit: options.recentByteLimit)
  }

  /// Takes note of an event.
  ///
  /// Effects follow at the end of the turn.
  package mutating func receive(_ event: EngineEvent) {
    switch event {
    case .open(let request, let files): open(request, files)
    case .requested(let request, let what): accept(what, as: request)
    case .completed(let completion): complete(completion)
    case .tick(let milliseconds):
      now = max(now, milliseconds)
      tryAgainIfDue()
      if mode == .running {
        noteNow()
        giveUpOverdue()
      }
    }
  }

  /// Gives what has failed another chance, once a second: a disk that keeps failing would otherwise
  /// be asked as often as the time is told, for as long as it fails.
  private mutating func tryAgainIfDue() {
    guard now >= lastRetry + Self.retryMilliseconds else { return }
    lastRetry = now
    reclaim.tryAgain()
    // Who waits would otherwise go on hoping instead of being refused.
    if !lanes.areWaiting { checkpoints.hasFailed = false }
    guard mode == .running else { return }
    checkpoints.room.tryAgain()
    probeForSpace()
    endForgottenUploads()
    endForgottenSharings()
  }

  private static var retryMilliseconds: UInt64 { 1_000 }

  /// Ends a turn: appends everything that is to be done now, in order.
  package mutating func finishTurn(into effects: inout [EngineEffect]) {
    collectChunksIfDue()
    retireDeadSlotsIfAny()
    reclaimIfDue()
    commitAll()
    // A lane that found no slot waits for reclaim, which therefore has to begin now.
    if lanes.areWaiting {
      collectChunksIfDue()
      reclaimIfDue()
      commitAll()
    }
    while letRelocationsPass() {
      reclaimIfDue()
      commitAll()
    }
    beginCheckpointIfDue()
    growFilesIfWanted()
    finishClosingIfQuiet()
    effects += self.effects
    self.effects.removeAll(keepingCapacity: true)
  }

  /// Whether no disk request is under way and nothing waits.
  package var isIdle: Bool {
    continuations.isEmpty && lanes.areIdle && effects.isEmpty
  }

  /// A number that was not given out before in this open.
  mutating func nextNumber() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  /// The largest blob that a list of extents can describe.
  var largestBlobByteCount: UInt64 {
    UInt64(limits.extentLimit) * UInt64(limits.extentByteCount)
  }
}

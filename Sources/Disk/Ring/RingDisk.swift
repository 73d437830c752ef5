import Ring

/// A disk on io_uring: one ring, one thread, no thread of its own.
///
/// Files are registered with the ring and opened twice, around the page cache and through it.
/// Writes go around it into extents that were allocated when the file was made: those stay with
/// the submitting thread, where buffered or extending writes would wait for a kernel worker.
///
/// Made, used and ended on one thread. Ending waits for what is under way; that is why it is a
/// class, since the `deinit` of a value may not change it any more.
package final class RingDisk: Disk {
  /// Numbers of completions that belong to no flight.
  static let wakeNumber = UInt64.max

  let directory: StoreDirectory
  let flushForm: FlushForm
  let ringWaker: RingWaker
  /// Where the kernel puts the eight bytes of the event.
  let wakeBuffer = DiskBuffer(byteCount: 8)
  let arena: BufferArena
  var ring: Ring
  var table: FileTable
  var flights: FlightTable
  var queued: [DiskRequest] = []
  var nextQueued = 0
  /// The flights to submit again: short, interrupted, or short of a flush.
  var unfinished: [Int] = []
  var finished: [DiskCompletion] = []
  var wakeArmed = false
  /// Files whose size has changed since their last flush need fsync and not fdatasync.
  var grown: Set<StoreFile> = []
  var supportsCachedOnce = true
  var registersBuffers: Bool

  /// Sets a ring up for a directory.
  ///
  /// - Throws: EPERM, EACCES, ENOSYS or ENOMEM where this process may not have a ring.
  init(_ directory: StoreDirectory, _ options: DiskOptions) throws(SystemError) {
    self.directory = directory
    flushForm = options.flushForm ?? (directory.durableWrites ? .durableWrite : .linkedFlush)
    ring = try Ring()
    ringWaker = try RingWaker()
    ring.limitWorkers(files: 4, others: 4)
    let limit = max(16, min(options.fileLimit, FileTable.systemShare))
    // One place more than the files have: the lock's. The ring holds it until its last write has
    // landed, so that no other process opens the store over the writes of one that was killed.
    try ring.makeFileTable(count: limit + 1)
    try ring.setFile(directory.lock, at: limit)
    table = FileTable(limit: limit)
    flights = FlightTable(capacity: min(512, limit / 2))
    arena = BufferArena(
      regionLimit: max(1, options.arenaByteCount / BufferArena.regionByteCount)
    )
    registersBuffers = (try? ring.makeBufferTable(count: arena.regionLimit)) != nil
  }

  deinit {
    // Never leave the kernel with memory that is about to go: `self` ends only after this.
    drain()
  }

  package var name: String { "ring" }

  package var waker: any DiskWaker { ringWaker }

  /// What was found out at open, for logs.
  package var summary: String {
    "io_uring (\(ring.form.flags)), \(directory.direct ? "O_DIRECT" : "page cache"), "
      + "flush form \(flushForm.rawValue)"
  }

  package func files() throws(DiskError) -> [StoreFile: UInt64] {
    try directory.files()
  }

  package func makeBuffer(byteCount: Int) -> DiskBuffer {
    let slab = unsafe arena.makeBuffer(byteCount: byteCount) { base, index in
      guard registersBuffers else { return false }
      registersBuffers =
        unsafe (try? ring.setBuffer(base, byteCount: BufferArena.regionByteCount, at: index))
        != nil
      return registersBuffers
    }
    return slab ?? DiskBuffer(byteCount: byteCount)
  }

  package func submit(_ request: DiskRequest) {
    if let refusal = request.refusal() {
      finished.append(DiskCompletion(id: request.id, result: .failure(refusal)))
    } else {
      queued.append(request)
    }
  }
}

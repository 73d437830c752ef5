import Bytes
import Disk

/// Room for checkpoints, taken before anything needs it, as slots are.
///
/// Slots of deleted blobs come back with a checkpoint only. A checkpoint that needed space could
/// not be had on a full file system, which then would stay full. So:
///
/// 1. Both files of a partition are long enough for the entries that it has and for those that
///    are promised to puts under way.
/// 2. A put is promised its entry before its record goes to the log. The first put of a partition
///    waits for the files; later ones find room, since files are made longer when they are three
///    quarters full, while nobody waits.
/// 3. Where the file system has no room for that, puts that need it are refused as if there were no
///    slot. The names of uploads, whose bytes are in the log already, may use the last entries.
///
/// Deletes, touches and reclaim make no partition longer.
extension Engine {
  /// Promises a put room for its entry, or says why there is none; whoever is promised some gives
  /// it back with ``endPromise(in:)``.
  mutating func promiseEntry(
    in partition: UInt8,
    isName: Bool,
    then: @escaping (inout Engine, EngineError?) -> Void
  ) {
    if promiseIfRoom(in: partition, isName: isName) { return then(&self, nil) }
    guard checkpoints.room.mayAsk else { return then(&self, checkpoints.room.refusal) }
    checkpoints.room.wait(for: partition) { engine, failure in
      let hasRoom = engine.promiseIfRoom(in: partition, isName: isName)
      then(&engine, hasRoom ? nil : failure ?? .storageFull)
    }
  }

  /// The entry is in the index now, or will not come.
  mutating func endPromise(in partition: UInt8) { checkpoints.room.promise(-1, in: partition) }

  private mutating func promiseIfRoom(in partition: UInt8, isName: Bool) -> Bool {
    let taken = takenEntryCount(in: partition)
    let capacity = entryCapacity(of: partition)
    guard taken + (isName ? 0 : Self.entriesForNames) < capacity else { return false }
    checkpoints.room.promise(1, in: partition)
    if taken >= capacity / 4 * 3, checkpoints.room.mayAsk { checkpoints.room.want(partition) }
    return true
  }

  /// The last entries of a partition's files, which only the names of uploads may take.
  private static var entriesForNames: Int { 32 }

  /// The entries of a partition, and those promised.
  private func takenEntryCount(in partition: UInt8) -> Int {
    index.partition(partition).count + checkpoints.room.promisedCount(in: partition)
  }

  /// How many entries both files of a partition can hold.
  private func entryCapacity(of partition: UInt8) -> Int {
    let byteCount = checkpoints.files[Int(partition)].commonByteCount
    return CheckpointPages.entryCapacity(ofFileByteCount: byteCount)
  }

  // MARK: Growth

  /// Makes a partition's files long enough for a checkpoint of it, where an open has found them
  /// missing or short.
  mutating func makeRoom(
    for job: PartitionJob,
    then: @escaping (inout Engine, DiskFailure?) -> Void
  ) {
    guard !hasRoom(for: job) else { return then(&self, nil) }
    guard checkpoints.room.mayAsk else { return then(&self, .lackOfRoom(for: job)) }
    checkpoints.room.wait(for: job.partition) { engine, _ in
      then(&engine, engine.hasRoom(for: job) ? nil : .lackOfRoom(for: job))
    }
  }

  private func hasRoom(for job: PartitionJob) -> Bool {
    checkpoints.files[Int(job.partition)][job.second] ?? 0 >= job.byteCount
  }

  /// Sees to it that the files suffice for what an open has found.
  mutating func makeRoomForAll() {
    for partition in 0...UInt8.max
    where index.partition(partition).count > entryCapacity(of: partition) {
      checkpoints.room.want(partition)
    }
    guard options.makesIndexAhead else { return }
    checkpoints.room.wantAhead((0...UInt8.max).filter { entryCapacity(of: $0) == 0 })
  }

  /// Makes longer what is wanted longer, all partitions together; at the end of a turn, so that
  /// puts that came together go on together.
  mutating func growFilesIfWanted() {
    guard !checkpoints.room.isGrowing else { return }
    var partitions = checkpoints.room.takeWanted()
    if partitions.isEmpty, mode == .running {
      partitions = checkpoints.room.takeAhead().filter { entryCapacity(of: $0) == 0 }
    }
    guard !partitions.isEmpty else { return }
    checkpoints.room.isGrowing = true
    let growth = CheckpointGrowth(
      partitions: partitions,
      files: partitions.flatMap { growingFiles(of: $0) }
    )
    takeSpace(for: growth)
  }

  /// The two files of a partition, half as long again as what is there and waits takes.
  private func growingFiles(of partition: UInt8) -> [CheckpointGrowth.File] {
    let entryCount =
      takenEntryCount(in: partition) + checkpoints.room.waitingCount(for: partition)
    let byteCount = CheckpointPages.fileByteCount(
      entryCount: entryCount + entryCount / 2 + Self.entriesForNames + 1
    )
    let files = checkpoints.files[Int(partition)]
    return [false, true].map { second in
      CheckpointGrowth.File(
        partition: partition,
        second: second,
        byteCount: max(UInt64(byteCount), files[second] ?? 0),
        exists: files[second] != nil,
        isNamed: (files[second] ?? 0) > 0
      )
    }
  }

  private mutating func takeSpace(for growth: CheckpointGrowth) {
    submitAll(growth.files.map(\.allocation)) { engine, results in
      growth.keep(results)
      // There, although nothing may count on its length before the flush.
      for file in growth.files where !file.exists {
        engine.checkpoints.files[Int(file.partition)][file.second] = 0
      }
      engine.flush(growth)
    }
  }

  private mutating func flush(_ growth: CheckpointGrowth) {
    submitAll(growth.files.map(\.flush)) { engine, results in
      growth.keep(results)
      guard let new = growth.files.first(where: { !$0.isNamed }) else { return engine.end(growth) }
      engine.submit(.flushDirectory(of: new.file)) { engine, result in
        if case .failure(let error) = result {
          growth.failure = growth.failure ?? DiskFailure(error)
          growth.files.removeAll { !$0.isNamed }
        }
        engine.end(growth)
      }
    }
  }

  private mutating func end(_ growth: CheckpointGrowth) {
    for file in growth.files {
      checkpoints.files[Int(file.partition)][file.second] = file.byteCount
    }
    note(growth.failure)
    let waiting = growth.partitions.flatMap { checkpoints.room.takeWaiting(for: $0) }
    checkpoints.room.isGrowing = false
    for waiter in waiting { waiter(&self, checkpoints.room.refusal) }
  }

  private mutating func note(_ failure: DiskFailure?) {
    let refusal = failure.map { $0.isLackOfSpace ? EngineError.storageFull : .disk($0) }
    if let failure, checkpoints.room.refusal == nil {
      log(.alarm, "There is no room for more entries of the index: \(failure.message).")
    }
    checkpoints.room.note(refusal)
  }
}

extension DiskFailure {
  fileprivate static func lackOfRoom(for job: PartitionJob) -> DiskFailure {
    DiskFailure(
      code: nil,
      message: "\(job.file.path) is too short for \(job.entryCount) entries, and there is no room"
    )
  }
}

import BlobEngine
import Bytes
import Disk
import Simulation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// Single stories of trouble, each on a disk that does what the story says.
@Suite("A store in trouble", .tags(.fault))
struct SimulatedStoreTests {
  private func blob(_ number: Int, _ byteCount: Int = 3000) -> [UInt8] {
    BlobRecipe(byteCount: byteCount, family: 7, variant: number).makeBytes()
  }

  @Test func `a store whose epoch was taken by another stops writing, and spoils nothing`() throws {
    let first = SimulatedStore(SimulatedDrive(seed: 1))
    try first.open()
    let key = try first.put(blob(1)).key
    // Somebody opens the same files: seen from here, the superblock has changed on the disk.
    let other = SimulatedStore(SimulatedDrive(medium: first.drive.medium, seed: 2))
    try other.open()
    let page = try other.drive.medium.read(.superblock, offset: 0, byteCount: 16384)
    first.drive.medium.overwrite(.superblock, at: 0, with: page)
    #expect(throws: EngineError.self) { try first.checkpoint() }
    #expect(throws: EngineError.self) { try first.put(blob(2)) }
    #expect(try first.get(key) == blob(1))
    #expect(try first.drive.medium.read(.superblock, offset: 0, byteCount: 16384) == page)
  }

  @Test func `a read that fails once is tried again`() throws {
    let store = SimulatedStore(SimulatedDrive(seed: 3))
    try store.open()
    let key = try store.put(blob(1)).key
    store.drive.faults = FaultPlan(rules: [.init(.failure(code: EIO), on: .read)])
    #expect(try store.get(key) == blob(1))
    #expect(store.drive.faultCount == 1)
  }

  @Test func `a read that fails for good says that the blob is damaged`() throws {
    let store = SimulatedStore(SimulatedDrive(seed: 3))
    try store.open()
    let key = try store.put(blob(1)).key
    store.drive.faults = FaultPlan(
      rules: [.init(.failure(code: EIO), on: .read, count: 100)])
    #expect {
      try store.get(key)
    } throws: {
      guard case .damaged(key, let damage)? = $0 as? EngineError else { return false }
      return damage.kind == .unreadable
    }
    store.drive.faults = FaultPlan()
    #expect(try store.get(key) == blob(1))
  }

  @Test func `a batch whose write fails goes to another segment and is acknowledged`() throws {
    for fault in [SimulatedFault.failure(code: EIO), .failedFlush, .short] {
      let store = SimulatedStore(SimulatedDrive(seed: 4))
      try store.open()
      let first = try store.put(blob(1)).key
      store.drive.faults = FaultPlan(rules: [.init(fault, on: .write, in: .slot)])
      let second = try store.put(blob(2)).key
      #expect(store.audit().isEmpty)
      let again = SimulatedStore(
        SimulatedDrive(medium: store.drive.medium.afterCrash(keeping: []), seed: 5)
      )
      try again.open()
      #expect(try again.get(first) == blob(1))
      #expect(try again.get(second) == blob(2), "\(fault)")
      #expect(again.report?.damagedBatchCount == 0, "\(fault)")
    }
  }

  @Test func `a store whose disk takes no more writes says so and still reads`() throws {
    let store = SimulatedStore(SimulatedDrive(seed: 6))
    try store.open()
    let key = try store.put(blob(1)).key
    store.drive.faults = FaultPlan(
      rules: [.init(.failure(code: EROFS), on: .write, count: 1000)])
    #expect {
      try store.put(blob(2))
    } throws: {
      guard case .readOnly? = $0 as? EngineError else { return false }
      return true
    }
    #expect(try store.get(key) == blob(1))
  }

  /// Fills a store, deletes three in ten, and fills it again, a hundred times.
  ///
  /// In segments this small a fifth may be dead without being worth a copy; beyond that the room
  /// stays what it was.
  @Test func `a hundred times full and emptied, a store has room for as much as at first`() throws {
    var options = SimulatedStore.options
    options.segmentByteCount = 256 << 10
    options.capacityByteCount = 24 * options.segmentByteCount
    try fillAndEmpty(SimulatedStore(SimulatedDrive(seed: 7), options: options), cycles: 100)
  }

  /// No limit is set: the file system says no, to slots and to checkpoints, in the middle of
  /// things.
  @Test func `a full file system stops neither deletes nor reclaim nor checkpoints`() throws {
    var options = SimulatedStore.options
    options.segmentByteCount = 4 << 20
    let drive = SimulatedDrive(seed: 17)
    drive.capacity = 14 * options.segmentByteCount
    let store = SimulatedStore(drive, options: options)
    try fillAndEmpty(store, cycles: 25)
    try store.checkpoint()
  }

  /// Somebody else's file takes all that is left when the store has no checkpoint yet, and when not
  /// every partition of the index has its files.
  @Test(arguments: 1...6) func `a file system that others fill up stops nothing but puts`(
    _ seed: Int
  ) throws {
    var options = SimulatedStore.options
    options.segmentByteCount = 4 << 20
    let drive = SimulatedDrive(seed: UInt64(seed))
    let store = SimulatedStore(drive, options: options)
    try store.open()
    for number in 0..<(100 + seed * seed * 20) { _ = try store.put(stamped(1_000_000 + number)) }
    drive.capacity = drive.medium.files.values.reduce(0, +)
    try fillAndEmpty(store, cycles: 15, isOpen: true, leastTenths: 2)
    try store.checkpoint()
    #expect(!store.log.contains { $0.message.contains("checkpoint failed") })
  }

  /// Bytes that differ in their first eight only: cheap to make and to compare.
  private func stamped(_ number: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Self.sizes[number % 5])
    for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: number >> (8 * place)) }
    return bytes
  }

  private static let sizes = [9_000, 60_000, 5_000, 12_000, 3_000]

  private func fillAndEmpty(
    _ store: SimulatedStore,
    cycles: Int,
    isOpen: Bool = false,
    leastTenths: Int = 7
  ) throws {
    if !isOpen { try store.open() }
    var generator = SeededGenerator(seed: 77)
    var kept: [(key: SHA256Digest, number: Int)] = []
    var most = 0
    var number = 0
    for cycle in 0..<cycles {
      // One blob may be refused for its place in the index alone.
      var refusals = 0
      while refusals < 8 {
        number += 1
        do throws(EngineError) {
          kept.append((try store.put(refusable: stamped(number)).key, number))
          refusals = 0
        } catch {
          #expect(error == .storageFull)
          refusals += 1
        }
      }
      most = max(most, kept.count)
      try #require(
        kept.count * 10 >= most * leastTenths,
        "cycle \(cycle): \(kept.count), once \(most)"
      )
      let any = generator.pick(kept)
      #expect(try store.get(any.key) == stamped(any.number))
      kept.shuffle(using: &generator)
      let goneCount = kept.count * 3 / 10
      for gone in kept.suffix(goneCount) { try #require(try store.delete(gone.key)) }
      kept.removeLast(goneCount)
      try #require(store.audit().isEmpty)
    }
    for (key, number) in kept { #expect(try store.get(key) == stamped(number)) }
  }

  /// A segment was given up after a failed write, and there is no slot that its records could move
  /// to: trying that again has to wait for the clock.
  @Test func `reclaim without a place to copy to leaves the disk alone`() throws {
    for skipping in 0..<12 {
      let drive = SimulatedDrive(seed: 31)
      drive.capacity = 4 * SimulatedStore.options.segmentByteCount
      drive.faults = FaultPlan(
        rules: [.init(.failure(code: EIO), on: .write, in: .slot, skipping: skipping)])
      let store = SimulatedStore(drive)
      try store.open()
      for (number, byteCount) in [40_000, 5000, 300, 5000, 5000, 5000].enumerated() {
        do throws(EngineError) {
          _ = try store.put(refusable: blob(number, byteCount))
        } catch {
          #expect(error == .storageFull)
        }
      }
      #expect(store.audit().isEmpty)
      #expect(drive.effectCount < 1000, "\(skipping) writes went well")
    }
  }

  @Test func `touches that have to stay are not moved for ever`() throws {
    let store = SimulatedStore(SimulatedDrive(seed: 41))
    try store.open()
    for _ in 0..<2 {
      for number in 0..<900 { _ = try store.put(blob(number, 20)) }
    }
    let before = store.drive.effectCount
    #expect(store.audit().isEmpty)
    #expect(store.drive.effectCount < before + 2000)
  }

  /// While a slot cannot be read no tombstone may be dropped.
  @Test func `tombstones that have to stay are not moved for ever`() throws {
    let first = SimulatedStore(SimulatedDrive(seed: 42))
    try first.open()
    for number in 0..<20 { _ = try first.put(blob(number, 5000)) }
    try first.close()
    var medium = first.drive.medium.afterShutdown()
    medium.overwrite(.slot(3), at: 0, with: [UInt8](repeating: 0xA5, count: 8192))
    let store = SimulatedStore(SimulatedDrive(medium: medium, seed: 43))
    try store.open()
    let keys = try (0..<900).map { try store.put(blob(100 + $0, 20)).key }
    for key in keys { _ = try store.delete(key) }
    let before = store.drive.effectCount
    #expect(store.audit().isEmpty)
    #expect(store.drive.effectCount < before + 2000)
  }

  @Test func `room that comes back is found without opening the store again`() throws {
    let drive = SimulatedDrive(seed: 8)
    let store = SimulatedStore(drive)
    try store.open()
    drive.capacity = drive.medium.files.values.reduce(0, +)
    #expect(throws: EngineError.storageFull) {
      for number in 0..<100 { _ = try store.put(blob(number, 6000)) }
    }
    drive.capacity = .max
    let key = try store.put(blob(500)).key
    #expect(try store.get(key) == blob(500))
  }

  /// A partition of an unfinished checkpoint leads to copies that nothing else knows of.
  ///
  /// The next checkpoint must not vouch for it: their slot is given back by then.
  @Test func `a checkpoint that a crash cut short is not believed after the next one`() throws {
    for seed in UInt64(1)...3 {
      let first = SimulatedStore(SimulatedDrive(seed: seed))
      try first.open()
      let keys = try (0..<30).map { try first.put(blob($0, 5000)).key }
      for number in 0..<30 where number % 6 != 0 { _ = try first.delete(keys[number]) }
      try first.checkpoint()
      let medium = first.drive.medium.afterCrash(keeping: [])
      for effect in 1...600 {
        let drive = SimulatedDrive(medium: medium, seed: seed)
        drive.powerLastsFor = effect
        let cut = SimulatedStore(drive)
        do {
          try cut.open()
          try cut.compact()
        } catch is SimulatedStore.NoAnswer {
        }
        let second = SimulatedStore(
          SimulatedDrive(medium: drive.medium.afterCrash(keeping: []), seed: seed)
        )
        try second.open()
        _ = try second.put(blob(100))
        try second.checkpoint()
        let third = SimulatedStore(
          SimulatedDrive(medium: second.drive.medium.afterShutdown(), seed: seed)
        )
        try third.open()
        for number in stride(from: 0, to: 30, by: 6) {
          #expect(try third.get(keys[number]) == blob(number, 5000), "effect \(effect)")
        }
        if !drive.isOff { break }
      }
    }
  }

  @Test func `a power cut at each effect of an opening leaves a store that opens`() throws {
    let first = SimulatedStore(SimulatedDrive(seed: 9))
    try first.open()
    let key = try first.put(blob(1)).key
    let large = try first.put(blob(2, 40_000)).key
    try first.checkpoint()
    let medium = first.drive.medium.afterCrash(keeping: [])
    for effect in 1...400 {
      let drive = SimulatedDrive(medium: medium, seed: UInt64(effect))
      drive.powerLastsFor = effect
      let cut = SimulatedStore(drive)
      if (try? cut.open()) != nil, !drive.isOff { break }
      var generator = SeededGenerator(seed: UInt64(effect))
      let again = SimulatedStore(
        SimulatedDrive(medium: drive.medium.afterCrash(using: &generator), seed: 10)
      )
      try again.open()
      #expect(try again.get(key) == blob(1))
      #expect(try again.get(large) == blob(2, 40_000))
    }
  }
}

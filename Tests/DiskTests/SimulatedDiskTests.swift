import Disk
import Simulation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// Each test shows one way in which the simulated disk is worse than a kind one.
@Suite("The simulated disk")
struct SimulatedDiskTests {
  private let drive = SimulatedDrive(seed: 1)
  private let page = DiskBuffer.alignment

  @Test func `loses what no flush covered, and keeps what one did`() throws {
    try makeDurableFile()
    try write(7, at: 0)
    try run(.flush(.slot(0)))
    try write(8, at: 4096)
    let medium = drive.medium.afterCrash(keeping: [])
    #expect(try medium.read(.slot(0), offset: 0, byteCount: 1) == [7])
    #expect(try medium.read(.slot(0), offset: 4096, byteCount: 1) == [0])
  }

  @Test func `keeps a flushed write without a flush`() throws {
    try makeDurableFile()
    try write(7, at: 0, flushed: true)
    let medium = drive.medium.afterCrash(keeping: [])
    #expect(try medium.read(.slot(0), offset: 0, byteCount: 1) == [7])
  }

  @Test func `covers by a flush only what was complete when it was asked for`() throws {
    try makeDurableFile()
    var disk = SimulatedDisk(drive)
    disk.submit(DiskRequest(id: 1, operation: writeOperation(7, at: 0)))
    disk.submit(DiskRequest(id: 2, operation: .flush(.slot(0))))
    var done: [DiskCompletion] = []
    while done.count < 2 { disk.wait(timeout: nil, into: &done) }
    let medium = drive.medium.afterCrash(keeping: [])
    #expect(try medium.read(.slot(0), offset: 0, byteCount: 1) == [0])
  }

  @Test func `forgets a new file whose directory was not flushed`() throws {
    try run(.create(.slot(0), byteCount: 8192))
    try run(.flush(.slot(0)))
    #expect(drive.medium.afterCrash(keeping: []).files.isEmpty)
  }

  @Test func `forgets the size of a new file that was not flushed`() throws {
    try run(.create(.slot(0), byteCount: 8192))
    try run(.flushDirectory(of: .slot(0)))
    #expect(drive.medium.afterCrash(keeping: []).files == [.slot(0): 0])
  }

  @Test func `brings a removed file back until its directory is flushed`() throws {
    try makeDurableFile()
    try run(.remove(.slot(0)))
    #expect(drive.medium.files.isEmpty)
    #expect(drive.medium.afterCrash(keeping: []).files == [.slot(0): 16384])
    try run(.flushDirectory(of: .slot(0)))
    #expect(drive.medium.afterCrash(keeping: []).files.isEmpty)
  }

  @Test func `fails a flush and lets the next succeed without the bytes`() throws {
    try makeDurableFile()
    try write(7, at: 0)
    drive.faults = FaultPlan(rules: [.init(.failedFlush, on: .flush)])
    #expect(throws: DiskError.system(operation: "flush", code: EIO)) {
      try run(.flush(.slot(0)))
    }
    try run(.flush(.slot(0)))
    let medium = drive.medium.afterCrash(keeping: [])
    #expect(try medium.read(.slot(0), offset: 0, byteCount: 1) == [0])
  }

  @Test func `tears a page by sectors in as many ways as there are`() throws {
    try makeDurableFile()
    try write(7, at: 0)
    let states = CrashStates(of: drive.medium)
    #expect(states.count == 256)
    var seen: Set<[UInt8]> = []
    for state in states {
      let bytes = try state.read(.slot(0), offset: 0, byteCount: page)
      seen.insert((0..<8).map { bytes[$0 * 512] })
    }
    #expect(seen.count == 256)
    #expect(seen.contains([7, 0, 7, 7, 0, 0, 0, 7]))
  }

  @Test func `tells older units from the last ones when it counts states`() throws {
    try makeDurableFile()
    try write(7, at: 0)
    try write(8, at: 4096)
    #expect(CrashStates(of: drive.medium, limit: 8).count == 512)
    #expect(CrashStates(of: drive.medium, limit: 16).count == 65536)
  }

  @Test func `crashes by a seed alike, and by many seeds in many ways`() throws {
    try makeDurableFile()
    try write(7, at: 0)
    try write(8, at: 8192)
    var outcomes: Set<[UInt8]> = []
    for seed in UInt64(0)..<100 {
      var first = SeededGenerator(seed: seed)
      var second = SeededGenerator(seed: seed)
      let bytes = try drive.medium.afterCrash(using: &first)
        .read(.slot(0), offset: 0, byteCount: 16384)
      let again = try drive.medium.afterCrash(using: &second)
        .read(.slot(0), offset: 0, byteCount: 16384)
      #expect(bytes == again)
      outcomes.insert(bytes)
    }
    #expect(outcomes.count > 20)
  }

  @Test func `drops everything after the effect at which the power goes`() throws {
    try makeDurableFile()
    drive.powerLastsFor = drive.effectCount + 1
    var disk = SimulatedDisk(drive)
    disk.submit(DiskRequest(id: 1, operation: writeOperation(7, at: 0)))
    disk.submit(DiskRequest(id: 2, operation: writeOperation(8, at: 4096)))
    var done: [DiskCompletion] = []
    disk.wait(timeout: .seconds(1), into: &done)
    #expect(done.isEmpty)
    #expect(drive.isOff)
    #expect(CrashStates(of: drive.medium).count == 256)
  }

  @Test func `keeps what was complete when the process is killed, until the power goes`() throws {
    try makeDurableFile()
    try write(7, at: 0)
    var disk = SimulatedDisk(drive)
    disk.submit(DiskRequest(id: 1, operation: writeOperation(8, at: 4096)))
    var outcomes: Set<UInt8> = []
    for seed in UInt64(0)..<20 {
      var generator = SeededGenerator(seed: seed)
      let killed = drive.medium.afterKill(using: &generator)
      #expect(try killed.read(.slot(0), offset: 0, byteCount: 1) == [7])
      outcomes.formUnion(try killed.read(.slot(0), offset: 4096, byteCount: 1))
      let cut = killed.afterCrash(keeping: [])
      #expect(try cut.read(.slot(0), offset: 0, byteCount: 1) == [0])
    }
    #expect(outcomes == [0, 8])
  }

  @Test func `moves less than asked and says so`() throws {
    try makeDurableFile()
    drive.faults = FaultPlan(rules: [.init(.short, on: .write)])
    #expect {
      try write(7, at: 0)
    } throws: {
      guard case .short(expected: 4096, let actual) = $0 as? DiskError else { return false }
      return actual < 4096
    }
  }

  @Test func `loses, tears, rots and misdirects without a word`() throws {
    for fault in [SimulatedFault.lost, .torn, .bitRot, .misdirected] {
      drive.medium = SimulatedMedium()
      try makeDurableFile()
      drive.faults = FaultPlan(rules: [.init(fault, on: .write, in: .slot)])
      try write(7, at: 0)
      let bytes = try drive.medium.read(.slot(0), offset: 0, byteCount: page)
      #expect(bytes != [UInt8](repeating: 7, count: page), "\(fault)")
      #expect(drive.faults.rules[0].count == 0)
    }
  }

  @Test func `refuses a file for which there is no room`() throws {
    drive.capacity = 20000
    try makeDurableFile()
    #expect(throws: DiskError.system(operation: "create", code: ENOSPC)) {
      try run(.create(.slot(1), byteCount: 8192))
    }
  }

  @Test func `holds a stuck request until it is let go`() throws {
    try makeDurableFile()
    drive.faults = FaultPlan(rules: [.init(.stuck, on: .write)])
    var disk = SimulatedDisk(drive)
    disk.submit(DiskRequest(id: 1, operation: writeOperation(7, at: 0)))
    var done: [DiskCompletion] = []
    disk.wait(timeout: .seconds(60), into: &done)
    #expect(done.isEmpty && drive.isQuiet)
    drive.releaseStuckRequests()
    disk.wait(timeout: .seconds(60), into: &done)
    #expect(done.map(\.id) == [1])
  }

  // MARK: - One thing at a time

  private func run(_ operation: DiskOperation) throws {
    var disk = SimulatedDisk(drive)
    disk.submit(DiskRequest(id: 1, operation: operation))
    var done: [DiskCompletion] = []
    while done.isEmpty { disk.wait(timeout: nil, into: &done) }
    _ = try done[0].result.get()
  }

  private func makeDurableFile() throws {
    try run(.create(.slot(0), byteCount: 16384))
    try run(.flush(.slot(0)))
    try run(.flushDirectory(of: .slot(0)))
  }

  private func writeOperation(_ byte: UInt8, at offset: UInt64) -> DiskOperation {
    let buffer = DiskBuffer(byteCount: page)
    buffer.copy(from: [UInt8](repeating: byte, count: page).span)
    return .write(
      .slot(0),
      offset: offset,
      byteCount: page,
      from: buffer,
      bufferOffset: 0,
      flushed: false
    )
  }

  private func write(_ byte: UInt8, at offset: UInt64, flushed: Bool = false) throws {
    let operation = writeOperation(byte, at: offset)
    guard case .write(let file, let offset, let count, let buffer, _, _) = operation else { return }
    try run(
      .write(
        file,
        offset: offset,
        byteCount: count,
        from: buffer,
        bufferOffset: 0,
        flushed: flushed
      )
    )
  }
}

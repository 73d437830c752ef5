import Glibc
import Ring
import Testing

@testable import Disk

@Suite("The directory of a store")
struct StoreDirectoryTests {
  private func open(_ path: String) throws -> StoreDirectory {
    try StoreDirectory(path: path, acceptsAnyFileSystem: true)
  }

  @Test func `a second opening is refused while the first lives`() throws {
    let scratch = ScratchDirectory()
    do {
      let first = try open(scratch.path)
      #expect(throws: DiskError.locked) { try open(scratch.path) }
      #expect(try first.files().isEmpty)
    }
    _ = try open(scratch.path)
  }

  @Test func `a ring keeps the lock until it is gone`() throws {
    let scratch = ScratchDirectory()
    do {
      let disk = try RingDisk(open(scratch.path), DiskOptions(choice: .ring))
      #expect(throws: DiskError.locked) { try open(scratch.path) }
      #expect(disk.name == "ring")
    }
    _ = try open(scratch.path)
  }

  @Test func `missing directories are made, and foreign files are passed over`() throws {
    let scratch = ScratchDirectory()
    let path = scratch.path + "/a/b/store"
    let directory = try open(path)
    for name in ["slots/junk", "slots/1.seg", "SUPERB", "ckpt/p300.a"] {
      _ = try OpenFile("\(path)/\(name)", .create)
    }
    _ = try OpenFile("\(path)/slots/000012.seg", .create)
    #expect(try directory.files() == [.slot(12): 0])
  }

  @Test func `a path that is a file is refused with the path`() throws {
    let scratch = ScratchDirectory()
    _ = try open(scratch.path)
    #expect(
      throws: DiskError.system(operation: "open \(scratch.path)/LOCK", code: ENOTDIR)
    ) { try open("\(scratch.path)/LOCK") }
  }

  @Test func `network file systems are unfit, and unknown ones are told of`() {
    guard case .unfit = FileSystemKind(magic: 0x6969).fitness else {
      Issue.record("NFS is fit")
      return
    }
    #expect(FileSystemKind(magic: 0xef53).fitness == .fit)
    #expect(FileSystemKind(magic: 0x1234).name == "unknown (0x1234)")
  }
}

@Suite("The choice of a disk")
struct OpenedDiskTests {
  private func open(
    _ choice: DiskChoice,
    refusedWith code: Int32
  ) throws(DiskError) -> (name: String, notices: [String]) {
    let scratch = ScratchDirectory()
    var options = DiskOptions(choice: choice)
    options.acceptsAnyFileSystem = true
    var notices: [String] = []
    let opened = try OpenedDisk.open(
      at: scratch.path,
      options: options,
      makeRing: { _, _ throws(SystemError) in
        throw SystemError(operation: "io_uring_setup", code: code)
      },
      notice: { notices.append($0) }
    )
    switch consume opened {
    case .ring(let disk): return (disk.name, notices)
    case .threads(let disk): return (disk.name, notices)
    }
  }

  @Test(arguments: [EPERM, EACCES, ENOSYS, ENOMEM])
  func `a refused ring leads to threads, with one line that says why and what to do`(
    code: Int32
  ) throws {
    let (name, notices) = try open(.automatic, refusedWith: code)
    #expect(name == "threads")
    let line = try #require(notices.filter { $0.contains("io_uring") }.first)
    #expect(line.contains("errno \(code)") && line.contains("going on with threads"))
    #expect(!line.contains("\n"))
  }

  @Test func `a ring that was demanded is not replaced`() {
    #expect(throws: DiskError.self) { try open(.ring, refusedWith: EPERM) }
  }

  @Test func `another answer is a mistake, not a reason for threads`() {
    #expect(throws: DiskError.self) { try open(.automatic, refusedWith: EINVAL) }
  }

  @Test func `threads that were demanded never ask for a ring`() throws {
    let (name, notices) = try open(.threads, refusedWith: EPERM)
    #expect(name == "threads")
    #expect(!notices.contains { $0.contains("io_uring") })
  }
}

/// Which disk carries the work out.
package enum DiskChoice: String, CaseIterable, Sendable {
  /// io_uring where the kernel allows it, threads elsewhere.
  case automatic = "auto"
  /// io_uring or nothing.
  case ring
  case threads
}

/// What an operator or a test may settle about a disk.
package struct DiskOptions: Sendable {
  package var choice = DiskChoice.automatic
  /// Opens stores on network file systems, FUSE and the like all the same.
  package var acceptsAnyFileSystem = false
  /// False keeps to the page cache, also where direct I/O works.
  package var direct = true
  /// Nil takes what the file system supports.
  package var flushForm: FlushForm?
  /// The most memory for slabs, in bytes; it is taken 4 MiB at a time.
  package var arenaByteCount = 64 << 20
  /// The most descriptors to keep open.
  package var fileLimit = 1024
  /// The threads of a `ThreadDisk`; nil is the number of cores, at least 4 and at most 8.
  package var threadCount: Int?

  package init() {}

  package init(choice: DiskChoice) {
    self.choice = choice
  }
}

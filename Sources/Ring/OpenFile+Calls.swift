import CUring
import Glibc

extension OpenFile {
  /// Reads once, and returns how many bytes there were: fewer than asked for are no error.
  ///
  /// With `leavesNoCache` it asks for `RWF_DONTCACHE`; kernels before 6.14 answer EOPNOTSUPP.
  package func read(
    into base: UnsafeMutableRawPointer,
    byteCount: Int,
    at offset: UInt64,
    leavesNoCache: Bool = false
  ) throws(SystemError) -> Int {
    try Self.retrying("read") {
      // SAFETY: the caller owns `byteCount` bytes from `base` on.
      unsafe curing_file_read(descriptor, base, byteCount, offset, leavesNoCache ? 1 : 0)
    }
  }

  /// Writes once, and returns how many bytes went: fewer than given are no error.
  ///
  /// When `durable`, the bytes would survive a power cut once this returns (`RWF_DSYNC`).
  package func write(
    from base: UnsafeRawPointer,
    byteCount: Int,
    at offset: UInt64,
    durable: Bool
  ) throws(SystemError) -> Int {
    try Self.retrying("write") {
      // SAFETY: the caller owns `byteCount` bytes from `base` on.
      unsafe curing_file_write(descriptor, base, byteCount, offset, durable ? 1 : 0)
    }
  }

  /// Makes completed writes durable, and the size too (fdatasync(2), or fsync(2) when not
  /// `dataOnly`).
  package func flush(dataOnly: Bool) throws(SystemError) {
    _ = try Self.retrying(dataOnly ? "fdatasync" : "fsync") {
      let answer = dataOnly ? fdatasync(descriptor) : fsync(descriptor)
      return answer < 0 ? -Int64(errno) : 0
    }
  }

  /// Takes space for the file's first `byteCount` bytes and makes it that long (fallocate(2)).
  package func allocate(byteCount: UInt64) throws(SystemError) {
    _ = try Self.retrying("fallocate") { Int64(curing_file_allocate(descriptor, byteCount)) }
  }

  /// Takes the exclusive lock of this open file, or returns false when another one holds it.
  ///
  /// The lock goes with the last descriptor of this opening, however the process ends
  /// (open file description locks, fcntl(2)).
  package func lock() throws(SystemError) -> Bool {
    let answer = curing_file_lock(descriptor)
    if answer == -EAGAIN || answer == -EACCES { return false }
    try SystemError.check(answer, "lock")
    return true
  }

  /// Tells the kernel that reads will come in no order, so that it reads nothing ahead.
  package func expectRandomReads() {
    // Advice only: a file system that ignores it loses a little speed.
    _ = curing_file_expect_random(descriptor)
  }

  /// The magic number of the file system that holds the file (statfs(2)).
  package func fileSystem() throws(SystemError) -> UInt32 {
    UInt32(truncatingIfNeeded: try SystemError.check(curing_file_system(descriptor), "statfs"))
  }

  /// The bytes that the file system has left for everybody (statfs(2)).
  package func fileSystemRoom() throws(SystemError) -> UInt64 {
    UInt64(try SystemError.check(curing_file_system_room(descriptor), "statfs"))
  }

  /// What direct reads and writes must be aligned to, in bytes, or 0 when there are none.
  package func directAlignment() throws(SystemError) -> Int {
    Int(try SystemError.check(curing_file_direct_alignment(descriptor), "statx"))
  }

  /// Calls again for as long as signals interrupt the call.
  private static func retrying(
    _ operation: String,
    _ call: () -> Int64
  ) throws(SystemError) -> Int {
    while true {
      let answer = call()
      if answer == -Int64(EINTR) { continue }
      return Int(try SystemError.check(answer, operation))
    }
  }
}

/// Gives the calling thread a name of at most 15 bytes, for ps(1) and perf(1).
package func nameCurrentThread(_ name: String) {
  // SAFETY: the string lives for the length of the call.
  unsafe curing_thread_name(String(decoding: name.utf8.prefix(15), as: UTF8.self))
}

/// Gives the pages of the heap back to the system that hold nothing; takes 1 ms for each 10 MB or
/// so.
package func trimHeap() {
  curing_heap_trim()
}

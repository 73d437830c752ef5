import CUring

extension Ring {
  /// Makes a table of `count` empty places for files.
  package mutating func makeFileTable(count: Int) throws(SystemError) {
    let answer = unsafe curing_register_files(handle, UInt32(count))
    try SystemError.check(answer, "io_uring_register files")
  }

  /// Puts a file into a place of the table, or empties the place.
  ///
  /// The ring holds the file open by itself. Requests resolve their place when they start, linked
  /// ones only after their predecessor: a place changes hands only while no request names it.
  package mutating func setFile(_ file: OpenFile?, at index: Int) throws(SystemError) {
    let answer = unsafe curing_set_file(handle, UInt32(index), file?.descriptor ?? -1)
    try SystemError.check(answer, "io_uring_register file")
  }

  /// Lets go of every registered file.
  package mutating func dropFiles() {
    // Fails only when there is no table.
    _ = unsafe curing_unregister_files(handle)
  }

  /// Makes a table of `count` empty places for memory regions.
  package mutating func makeBufferTable(count: Int) throws(SystemError) {
    let answer = unsafe curing_register_buffers(handle, UInt32(count))
    try SystemError.check(answer, "io_uring_register buffers")
  }

  /// Registers a region of memory, at most 1 GiB: the kernel pins its pages once, not per request.
  package mutating func setBuffer(
    _ base: UnsafeMutableRawPointer,
    byteCount: Int,
    at index: Int
  ) throws(SystemError) {
    // SAFETY: the caller keeps the memory mapped for as long as the ring lives.
    let answer = unsafe curing_set_buffer(handle, UInt32(index), base, byteCount)
    try SystemError.check(answer, "io_uring_register buffer")
  }

  /// Bounds the kernel's worker threads of this ring: those for files, and those for the rest.
  package mutating func limitWorkers(files: UInt32, others: UInt32) {
    // Linux 5.15; without it the kernel's own bounds hold.
    _ = unsafe curing_limit_workers(handle, files, others)
  }
}

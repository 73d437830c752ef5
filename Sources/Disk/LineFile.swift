import Glibc

/// A file of lines that is only ever added to, such as a log that must outlive a crash.
///
/// Whole lines go in; a line that a crash cut off is taken away when the file is opened again, so
/// that what is read from it is always whole lines. One writer at a time.
package struct LineFile: ~Copyable {
  /// How much of the file's end is looked through at a time for the last line end, in bytes.
  private static let stepByteCount = 64 << 10

  private let descriptor: Int32
  /// How long the file is, in bytes.
  package private(set) var byteCount: Int
  private var durableByteCount: Int
  /// How many bytes of a torn last line were taken away when the file was opened.
  package let tornByteCount: Int

  /// Opens the file, or makes it with mode 0600 and makes its name durable.
  ///
  /// - Throws: ``DiskError/system(operation:code:)``.
  package init(at path: String) throws(DiskError) {
    // SAFETY: the string outlives the call.
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    try Self.check("open", descriptor)
    do throws(DiskError) {
      let length = Int(lseek(descriptor, 0, SEEK_END))
      let whole = try Self.wholeByteCount(descriptor, length)
      if whole < length { try Self.check("ftruncate", ftruncate(descriptor, whole)) }
      if length == 0 { try Self.flushDirectory(of: path) }
      self.descriptor = descriptor
      self.byteCount = whole
      self.durableByteCount = whole
      self.tornByteCount = length - whole
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit {
    close(descriptor)
  }

  /// Adds lines, each with its line end, and makes them durable: one write and one fdatasync(2).
  ///
  /// - Throws: ``DiskError/system(operation:code:)``; the file is then as long as before, unless
  ///   even that failed, and the next opening mends it.
  package mutating func append(_ lines: [UInt8]) throws(DiskError) {
    try add(lines)
    try flush()
  }

  /// Adds lines, each with its line end, and leaves them to the system: they outlive this process
  /// however it ends, and are durable once ``flush()`` returns.
  ///
  /// - Throws: as ``append(_:)``.
  package mutating func add(_ lines: [UInt8]) throws(DiskError) {
    do throws(DiskError) {
      try write(lines)
      byteCount += lines.count
    } catch {
      // Best effort: what stays of a line is taken away when the file is opened again.
      _ = ftruncate(descriptor, byteCount)
      throw error
    }
  }

  /// Makes durable what was added.
  ///
  /// - Throws: as ``append(_:)``; what was added since the last flush is taken away again.
  package mutating func flush() throws(DiskError) {
    do throws(DiskError) {
      try Self.check("fdatasync", fdatasync(descriptor))
      durableByteCount = byteCount
    } catch {
      _ = ftruncate(descriptor, durableByteCount)
      byteCount = durableByteCount
      throw error
    }
  }

  private func write(_ bytes: [UInt8]) throws(DiskError) {
    var written = 0
    while written < bytes.count {
      // SAFETY: the buffer holds what is offered.
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(
          descriptor,
          buffer.baseAddress?.advanced(by: written),
          buffer.count - written,
          byteCount + written
        )
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw .system(operation: "write", code: errno) }
      written += count
    }
  }

  /// Returns how many bytes there are up to and with the last line end.
  private static func wholeByteCount(
    _ descriptor: Int32,
    _ length: Int
  ) throws(DiskError) -> Int {
    var end = length
    var bytes = [UInt8](repeating: 0, count: stepByteCount)
    while end > 0 {
      let start = max(0, end - stepByteCount)
      let asked = end - start
      // SAFETY: the buffer has room for `stepByteCount` bytes, and no more are asked for.
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(descriptor, buffer.baseAddress, asked, start)
      }
      guard count == asked else {
        throw .system(operation: "read", code: count < 0 ? errno : EIO)
      }
      if let last = bytes[..<count].lastIndex(of: UInt8(ascii: "\n")) { return start + last + 1 }
      end = start
    }
    return 0
  }

  private static func flushDirectory(of path: String) throws(DiskError) {
    let end = path.lastIndex(of: "/")
    let directory = end.map { String(path[...$0]) } ?? "."
    // SAFETY: the string outlives the call.
    let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try check("open", descriptor)
    defer { close(descriptor) }
    try check("fsync", fsync(descriptor))
  }

  /// Makes room for a new file at `path`: the one that is there becomes `….1`, what was that `….2`,
  /// and the one numbered `count` goes.
  ///
  /// A crash in between leaves a number out, and no file lost or twice.
  ///
  /// - Throws: ``DiskError/system(operation:code:)``.
  package static func shift(at path: String, keeping count: Int) throws(DiskError) {
    for number in stride(from: count - 1, through: 0, by: -1) {
      let (old, new) = (number == 0 ? path : "\(path).\(number)", "\(path).\(number + 1)")
      // SAFETY: the strings outlive the call.
      guard unsafe rename(old, new) == 0 || errno == ENOENT else {
        throw .system(operation: "rename", code: errno)
      }
    }
  }

  private static func check(_ operation: String, _ result: Int32) throws(DiskError) {
    if result < 0 { throw .system(operation: operation, code: errno) }
  }
}

import Glibc

/// Small files that only their owner may read, such as keys and credentials.
package enum PrivateFile {
  /// Replaces the file at `path`, with mode 0600, as one step that survives a power cut.
  ///
  /// The bytes are written and flushed beside the final place, renamed over it, and the directory
  /// is flushed: a reader sees the old file or the new one, never a part or an open one.
  ///
  /// - Throws: ``DiskError/system(operation:code:)``; the old file is then still there.
  package static func write(_ bytes: [UInt8], to path: String) throws(DiskError) {
    let draft = path + ".new"
    let descriptor = try opened(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
    do throws(DiskError) {
      try check("fchmod", fchmod(descriptor, 0o600))
      try writeAll(bytes, to: descriptor)
      try check("fsync", fsync(descriptor))
    } catch {
      close(descriptor)
      throw error
    }
    close(descriptor)
    // SAFETY: both strings outlive the call.
    try check("rename", unsafe rename(draft, path))
    try flushDirectory(of: path)
  }

  /// Reads a file of at most `limit` bytes, or returns nil when there is none.
  ///
  /// - Throws: ``DiskError/system(operation:code:)`` with `EFBIG` for a longer one.
  package static func read(_ path: String, upTo limit: Int = 1 << 20) throws(DiskError) -> [UInt8]?
  {
    // SAFETY: the string outlives the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .system(operation: "open", code: errno)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var filled = 0
    while filled < bytes.count {
      // SAFETY: the buffer has room for what is asked.
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(
          descriptor,
          buffer.baseAddress?.advanced(by: filled),
          buffer.count - filled
        )
      }
      if count < 0 { throw .system(operation: "read", code: errno) }
      if count == 0 { return Array(bytes.prefix(filled)) }
      filled += count
    }
    throw .system(operation: "read", code: EFBIG)
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(DiskError) {
    var written = 0
    while written < bytes.count {
      // SAFETY: the buffer holds what is offered.
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor,
          buffer.baseAddress?.advanced(by: written),
          buffer.count - written
        )
      }
      if count < 0 { throw .system(operation: "write", code: errno) }
      written += count
    }
  }

  private static func flushDirectory(of path: String) throws(DiskError) {
    let end = path.lastIndex(of: "/")
    let directory = end.map { String(path[...$0]) } ?? "."
    let descriptor = try opened(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    try check("fsync", fsync(descriptor))
  }

  private static func opened(_ path: String, _ flags: Int32) throws(DiskError) -> Int32 {
    // SAFETY: the string outlives the call.
    let descriptor = unsafe open(path, flags, 0o600)
    try check("open", descriptor)
    return descriptor
  }

  private static func check(_ operation: String, _ result: Int32) throws(DiskError) {
    if result < 0 { throw .system(operation: operation, code: errno) }
  }
}

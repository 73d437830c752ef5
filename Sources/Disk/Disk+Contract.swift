import Glibc

extension DiskRequest {
  /// Returns what is wrong with a request that no disk carries out, or nil.
  ///
  /// Direct transfers off the alignment are refused also where the file system would let them
  /// pass, so that what runs here runs everywhere.
  ///
  /// - Precondition: a transfer lies inside its buffer; the kernel would not know.
  func refusal() -> DiskError? {
    switch operation {
    case .read(let file, let offset, let byteCount, let buffer, let bufferOffset, let mode):
      Self.checkRange(byteCount, at: bufferOffset, of: buffer)
      guard mode == .direct else { return nil }
      return Self.alignment(of: offset, byteCount, bufferOffset, "read \(file.path)")
    case .write(let file, let offset, let byteCount, let buffer, let bufferOffset, _):
      Self.checkRange(byteCount, at: bufferOffset, of: buffer)
      return Self.alignment(of: offset, byteCount, bufferOffset, "write \(file.path)")
    case .create, .extend, .remove, .flush, .flushDirectory:
      return nil
    }
  }

  private static func checkRange(_ byteCount: Int, at offset: Int, of buffer: DiskBuffer) {
    precondition(byteCount >= 0, "a transfer moves no less than nothing")
    precondition(offset >= 0, "a transfer begins inside its buffer")
    precondition(byteCount <= buffer.byteCount - offset, "a transfer ends inside its buffer")
  }

  private static func alignment(
    of offset: UInt64,
    _ byteCount: Int,
    _ bufferOffset: Int,
    _ operation: @autoclosure () -> String
  ) -> DiskError? {
    let page = DiskBuffer.alignment
    let isAligned =
      offset % UInt64(page) == 0 && byteCount % page == 0 && bufferOffset % page == 0
    return isAligned ? nil : .system(operation: operation(), code: EINVAL)
  }
}

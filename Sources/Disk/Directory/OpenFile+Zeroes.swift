import Glibc
import Ring

extension OpenFile {
  /// Gives a file its length and its space by writing zeroes behind what it has, where fallocate(2)
  /// is not supported.
  ///
  /// Takes as long as the device takes; slots are made seldom.
  func fillWithZeroes(upTo byteCount: UInt64, as path: String) throws(DiskError) {
    let zeroes = DiskBuffer(byteCount: 1 << 20)
    // Nobody reads or writes at the descriptor's own place.
    var offset = UInt64(max(0, lseek(descriptor, 0, SEEK_END)))
    while offset < byteCount {
      let count = Int(min(UInt64(zeroes.byteCount), byteCount - offset))
      do throws(SystemError) {
        // SAFETY: the buffer has `count` bytes, and is kept for the length of the call.
        let written = unsafe try write(
          from: zeroes.base,
          byteCount: count,
          at: offset,
          durable: false
        )
        guard written > 0 else { throw SystemError(operation: "write", code: EIO) }
        offset += UInt64(written)
      } catch {
        throw .system(operation: "fill \(path) with zeroes", code: error.code)
      }
    }
  }

  /// Takes space for a file's first bytes, by writing zeroes where nothing else is known there.
  func takeSpace(byteCount: UInt64, as path: String) throws(DiskError) {
    do {
      try allocate(byteCount: byteCount)
    } catch {
      guard error.code == EOPNOTSUPP else {
        throw .system(operation: "fallocate \(path)", code: error.code)
      }
      try fillWithZeroes(upTo: byteCount, as: path)
    }
  }
}

import Glibc
import Ring
import Synchronization

extension OpenFile {
  /// Reads all of `byteCount` bytes, or what there is up to the end of the file.
  func read(
    _ byteCount: Int,
    at offset: UInt64,
    into buffer: DiskBuffer,
    from bufferOffset: Int,
    _ mode: ReadMode,
    _ supportsCachedOnce: borrowing Atomic<Bool>,
    as path: String
  ) throws(DiskError) -> Int {
    var moved = 0
    while moved < byteCount {
      let once = mode == .cachedOnce && supportsCachedOnce.load(ordering: .relaxed)
      do throws(SystemError) {
        // SAFETY: the job keeps the buffer, whose room was checked when it was submitted.
        let count = unsafe try read(
          into: buffer.base.advanced(by: bufferOffset + moved),
          byteCount: byteCount - moved,
          at: offset + UInt64(moved),
          leavesNoCache: once
        )
        moved += count
        // Around the page cache, a count off the alignment is the end of the file: no other read
        // could go on from there.
        if count == 0 || mode == .direct && moved % DiskBuffer.alignment != 0 { break }
      } catch  where error.code == EOPNOTSUPP && once {
        supportsCachedOnce.store(false, ordering: .relaxed)
      } catch  where error.code == EAGAIN {
        continue
      } catch {
        throw .system(operation: "read \(path)", code: error.code)
      }
    }
    return moved
  }

  /// Writes all of `byteCount` bytes, and makes them durable in the form given, if one is.
  func write(
    _ byteCount: Int,
    at offset: UInt64,
    from buffer: DiskBuffer,
    from bufferOffset: Int,
    _ flushForm: FlushForm?,
    as path: String
  ) throws(DiskError) -> Int {
    var moved = 0
    var needsFlush = flushForm == .linkedFlush
    while moved < byteCount {
      let count: Int
      do throws(SystemError) {
        // SAFETY: as above.
        count = unsafe try write(
          from: buffer.base.advanced(by: bufferOffset + moved),
          byteCount: byteCount - moved,
          at: offset + UInt64(moved),
          durable: flushForm == .durableWrite
        )
      } catch  where error.code == EAGAIN {
        continue
      } catch {
        throw .system(operation: "write \(path)", code: error.code)
      }
      if count == byteCount - moved { break }
      // Even a durable write is not trusted after it stopped half-way.
      needsFlush = flushForm != nil
      let advance = count / DiskBuffer.alignment * DiskBuffer.alignment
      guard advance > 0 else { throw .short(expected: byteCount, actual: moved + count) }
      moved += advance
    }
    if needsFlush { try flush(dataOnly: true, as: path) }
    return byteCount
  }

  func flush(dataOnly: Bool, as path: String) throws(DiskError) {
    do {
      try flush(dataOnly: dataOnly)
    } catch {
      throw .system(operation: "\(error.operation) \(path)", code: error.code)
    }
  }
}

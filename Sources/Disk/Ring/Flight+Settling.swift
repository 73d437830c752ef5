import Glibc

extension Flight {
  /// What becomes of a flight after one submission of it has completed.
  enum Outcome: Equatable {
    case again
    case done(Int)
    case failed(DiskError)
  }

  /// Decides from the answers that are in; nothing here looks at a ring.
  ///
  /// 1. A transfer is done only when every byte of it was moved, or a read met the file's end.
  /// 2. A flushed write is done only when a flush that began after its last byte succeeded, or
  ///    when it was durable by itself in one piece.
  /// 3. Interrupted and would-block answers lead to another try, all others to the caller.
  mutating func settle(_ flushForm: FlushForm) -> Outcome {
    switch request.operation {
    case .read(let file, _, let byteCount, _, _, let mode):
      settleRead(of: file, byteCount: byteCount, mode)
    case .write(let file, _, let byteCount, _, _, let flushed):
      stage == .flush
        ? Self.settleFlush(answer, "fdatasync \(file.path)", count: byteCount)
        : settleWrite(of: file, byteCount: byteCount, flushed ? flushForm : nil)
    case .flush(let file):
      Self.settleFlush(answer, "fsync \(file.path)", count: 0)
    case .flushDirectory(let file):
      Self.settleFlush(answer, "fsync the directory of \(file.path)", count: 0)
    case .create, .extend, .remove:
      preconditionFailure("a disk settles these by itself")
    }
  }

  /// Whether an answer only says that the call should be made again.
  static func passes(_ answer: Int32) -> Bool {
    answer == -EINTR || answer == -EAGAIN
  }

  private mutating func settleRead(
    of file: StoreFile,
    byteCount: Int,
    _ mode: ReadMode
  ) -> Outcome {
    if Self.passes(answer) { return .again }
    if answer == -EOPNOTSUPP, leavesNoCache {
      wasRefusedDontCache = true
      return .again
    }
    guard answer >= 0 else {
      return .failed(.system(operation: "read \(file.path)", code: -answer))
    }
    moved += Int(answer)
    if moved == byteCount { return .done(byteCount) }
    // Around the page cache, a count off the alignment is the end of the file: no other read
    // could go on from there.
    let isOff = mode == .direct && moved % DiskBuffer.alignment != 0
    return answer == 0 || isOff ? .done(moved) : .again
  }

  private mutating func settleWrite(
    of file: StoreFile,
    byteCount: Int,
    _ flushForm: FlushForm?
  ) -> Outcome {
    if Self.passes(answer) { return .again }
    guard answer >= 0 else {
      return .failed(.system(operation: "write \(file.path)", code: -answer))
    }
    guard Int(answer) == byteCount - moved else { return settleShortWrite(of: byteCount) }
    moved = byteCount
    switch flushForm {
    case nil:
      return .done(byteCount)
    case .durableWrite where !needsFlush:
      return .done(byteCount)
    case .durableWrite:
      stage = .flush
      return .again
    case .linkedFlush:
      // The linked flush began after this piece, and so after every piece before it.
      let settled = Self.settleFlush(flushAnswer, "fdatasync \(file.path)", count: byteCount)
      if case .again = settled { stage = .flush }
      return settled
    }
  }

  /// Goes on behind the whole pages that were written.
  ///
  /// The flush that was linked to the write has been cancelled; and even a durable write is not
  /// trusted after it stopped half-way.
  private mutating func settleShortWrite(of byteCount: Int) -> Outcome {
    let advance = Int(answer) / DiskBuffer.alignment * DiskBuffer.alignment
    guard advance > 0 else {
      return .failed(.short(expected: byteCount, actual: moved + Int(answer)))
    }
    moved += advance
    needsFlush = true
    return .again
  }

  private static func settleFlush(_ answer: Int32, _ operation: String, count: Int) -> Outcome {
    // ECANCELED: the write it was linked to did not wholly succeed, so it never began.
    if passes(answer) || answer == -ECANCELED { return .again }
    return answer < 0 ? .failed(.system(operation: operation, code: -answer)) : .done(count)
  }
}

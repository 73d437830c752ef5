import Glibc
import Ring

extension RingDisk {
  /// What becomes of a flight after one submission of it has completed.
  private enum Outcome {
    case again
    case done(Int)
    case failed(DiskError)
  }

  /// Takes one completion, and ends or goes on with its flight once all parts of it are in.
  func land(_ number: UInt64, _ answer: Int32) {
    if number == Self.wakeNumber {
      wakeArmed = false
      return
    }
    let (place, part) = flights.resolve(number)
    switch part {
    case .transfer: flights[place].answer = answer
    case .flush: flights[place].flushAnswer = answer
    }
    flights[place].outstanding -= 1
    guard flights[place].outstanding == 0 else { return }
    switch settle(&flights[place]) {
    case .again: unfinished.append(place)
    case .done(let count): end(place, .success(count))
    case .failed(let error): end(place, .failure(error))
    }
  }

  private func end(_ place: Int, _ result: Result<Int, DiskError>) {
    let flight = flights[place]
    flights.remove(place)
    if let file = flight.place { empty(table.release(file)) }
    if case .create(let file, _) = flight.request.operation, case .failure = result {
      // Nothing half-made stays behind; the name that cannot be removed is found at the next open.
      try? remove(file)
    }
    finished.append(DiskCompletion(id: flight.request.id, result: result))
  }

  private func settle(_ flight: inout Flight) -> Outcome {
    switch flight.request.operation {
    case .create(let file, let byteCount): settleCreate(flight, of: file, byteCount: byteCount)
    case .read(let file, _, let byteCount, _, _, let mode):
      settleRead(&flight, of: file, byteCount: byteCount, mode)
    case .write(let file, _, let byteCount, _, _, let flushed):
      flight.stage == .flush
        ? settleFlush(flight.answer, "fdatasync \(file.path)", count: byteCount)
        : settleWrite(&flight, of: file, byteCount: byteCount, flushed: flushed)
    case .flush(let file): settleFlush(of: file, flight)
    case .flushDirectory(let file):
      settleFlush(flight.answer, "fsync the directory of \(file.path)", count: 0)
    case .remove: preconditionFailure("a removal is over at once")
    }
  }

  private func settleCreate(
    _ flight: Flight,
    of file: StoreFile,
    byteCount: UInt64
  ) -> Outcome {
    if Self.passes(flight.answer) { return .again }
    do throws(DiskError) {
      if flight.answer == -EOPNOTSUPP, let place = flight.place {
        try table.file(at: place).writeZeroes(byteCount: byteCount, as: file.path)
      } else if flight.answer < 0 {
        throw .system(operation: "fallocate \(file.path)", code: -flight.answer)
      }
    } catch {
      return .failed(error)
    }
    grown.insert(file)
    return .done(0)
  }

  private func settleRead(
    _ flight: inout Flight,
    of file: StoreFile,
    byteCount: Int,
    _ mode: ReadMode
  ) -> Outcome {
    if Self.passes(flight.answer) { return .again }
    if flight.answer == -EOPNOTSUPP, mode == .cachedOnce, supportsCachedOnce {
      supportsCachedOnce = false
      return .again
    }
    guard flight.answer >= 0 else {
      return .failed(.system(operation: "read \(file.path)", code: -flight.answer))
    }
    flight.moved += Int(flight.answer)
    if flight.moved == byteCount { return .done(byteCount) }
    // Around the page cache, a count off the alignment is the end of the file: no other read
    // could go on from there.
    let isOff = mode == .direct && flight.moved % DiskBuffer.alignment != 0
    let ended = flight.answer == 0 || isOff
    return ended ? .done(flight.moved) : .again
  }

  private func settleWrite(
    _ flight: inout Flight,
    of file: StoreFile,
    byteCount: Int,
    flushed: Bool
  ) -> Outcome {
    if Self.passes(flight.answer) { return .again }
    guard flight.answer >= 0 else {
      return .failed(.system(operation: "write \(file.path)", code: -flight.answer))
    }
    let left = byteCount - flight.moved
    guard Int(flight.answer) == left else {
      return settleShortWrite(&flight, expected: byteCount)
    }
    flight.moved = byteCount
    guard flushed else { return .done(byteCount) }
    switch flushForm {
    case .durableWrite where !flight.needsFlush:
      return .done(byteCount)
    case .durableWrite:
      flight.stage = .flush
      return .again
    case .linkedFlush:
      // The linked flush began after this piece, and so after every piece before it.
      let settled = settleFlush(flight.flushAnswer, "fdatasync \(file.path)", count: byteCount)
      if case .again = settled { flight.stage = .flush }
      return settled
    }
  }

  /// Goes on behind the whole pages that were written.
  ///
  /// The flush that was linked to the write has been cancelled; and even a durable write is not
  /// trusted after it stopped half-way.
  private func settleShortWrite(_ flight: inout Flight, expected: Int) -> Outcome {
    let advance = Int(flight.answer) / DiskBuffer.alignment * DiskBuffer.alignment
    guard advance > 0 else {
      return .failed(.short(expected: expected, actual: flight.moved + Int(flight.answer)))
    }
    flight.moved += advance
    flight.needsFlush = true
    return .again
  }

  private func settleFlush(of file: StoreFile, _ flight: Flight) -> Outcome {
    let outcome = settleFlush(flight.answer, "fsync \(file.path)", count: 0)
    if case .done = outcome { grown.remove(file) }
    return outcome
  }

  private func settleFlush(_ answer: Int32, _ operation: String, count: Int) -> Outcome {
    // ECANCELED: the write it was linked to did not wholly succeed, so it never began.
    if Self.passes(answer) || answer == -ECANCELED { return .again }
    return answer < 0 ? .failed(.system(operation: operation, code: -answer)) : .done(count)
  }

  private static func passes(_ answer: Int32) -> Bool {
    answer == -EINTR || answer == -EAGAIN
  }
}

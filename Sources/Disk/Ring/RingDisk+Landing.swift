import Glibc
import Ring

extension RingDisk {
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

  private func settle(_ flight: inout Flight) -> Flight.Outcome {
    switch flight.request.operation {
    case .create(let file, let byteCount), .extend(let file, let byteCount):
      return settleAllocation(flight, of: file, byteCount: byteCount)
    case .remove, .read, .write, .flush, .flushDirectory: break
    }
    let outcome = flight.settle(flushForm)
    if flight.wasRefusedDontCache { supportsCachedOnce = false }
    if case .flush(let file) = flight.request.operation, case .done = outcome { grown.remove(file) }
    return outcome
  }

  private func settleAllocation(
    _ flight: Flight,
    of file: StoreFile,
    byteCount: UInt64
  ) -> Flight.Outcome {
    if Flight.passes(flight.answer) { return .again }
    do throws(DiskError) {
      if flight.answer == -EOPNOTSUPP, let place = flight.place {
        try table.file(at: place).fillWithZeroes(upTo: byteCount, as: file.path)
      } else if flight.answer < 0 {
        throw .system(operation: "fallocate \(file.path)", code: -flight.answer)
      }
    } catch {
      return .failed(error)
    }
    grown.insert(file)
    return .done(0)
  }
}

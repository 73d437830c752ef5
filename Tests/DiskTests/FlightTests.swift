import Glibc
import Testing

@testable import Disk

@Suite("What becomes of a request on a ring")
struct FlightTests {
  private let page = DiskBuffer.alignment

  private func write(_ byteCount: Int, flushed: Bool = true) -> Flight {
    let buffer = DiskBuffer(byteCount: byteCount)
    return Flight(
      request: DiskRequest(
        id: 1,
        operation: .write(
          .slot(0),
          offset: 0,
          byteCount: byteCount,
          from: buffer,
          bufferOffset: 0,
          flushed: flushed
        )
      ),
      place: 0
    )
  }

  private func read(_ byteCount: Int, _ mode: ReadMode) -> Flight {
    let buffer = DiskBuffer(byteCount: byteCount)
    return Flight(
      request: DiskRequest(
        id: 1,
        operation: .read(
          .slot(0),
          offset: 0,
          byteCount: byteCount,
          into: buffer,
          bufferOffset: 0,
          mode
        )
      ),
      place: 0
    )
  }

  @Test func `a whole durable write needs no flush`() {
    var flight = write(4 * page)
    flight.answer = Int32(4 * page)
    #expect(flight.settle(.durableWrite) == .done(4 * page))
  }

  @Test func `a short durable write is written on, and then flushed`() {
    var flight = write(4 * page)
    flight.answer = Int32(page + 100)
    #expect(flight.settle(.durableWrite) == .again)
    #expect(flight.moved == page)
    flight.answer = Int32(3 * page)
    #expect(flight.settle(.durableWrite) == .again)
    #expect(flight.stage == .flush)
    flight.answer = 0
    #expect(flight.settle(.durableWrite) == .done(4 * page))
  }

  @Test func `a short write cancels its linked flush, and gets a new one`() {
    var flight = write(2 * page)
    (flight.answer, flight.flushAnswer) = (Int32(page), -ECANCELED)
    #expect(flight.settle(.linkedFlush) == .again)
    #expect(flight.stage == .transfer)
    (flight.answer, flight.flushAnswer) = (Int32(page), 0)
    #expect(flight.settle(.linkedFlush) == .done(2 * page))
  }

  @Test func `a flush that succeeds after a short write does not make it whole`() {
    var flight = write(2 * page)
    (flight.answer, flight.flushAnswer) = (Int32(page), 0)
    #expect(flight.settle(.linkedFlush) == .again)
    #expect(flight.moved == page)
  }

  @Test func `a whole write with a cancelled flush is flushed again`() {
    var flight = write(page)
    (flight.answer, flight.flushAnswer) = (Int32(page), -ECANCELED)
    #expect(flight.settle(.linkedFlush) == .again)
    #expect(flight.stage == .flush)
  }

  @Test(arguments: [FlushForm.linkedFlush, .durableWrite])
  func `a failed flush reaches the caller and is never tried again`(form: FlushForm) {
    var flight = write(page)
    flight.stage = .flush
    flight.answer = -EIO
    let failure = DiskError.system(operation: "fdatasync slots/000000.seg", code: EIO)
    #expect(flight.settle(form) == .failed(failure))
  }

  @Test func `a failed linked flush reaches the caller`() {
    var flight = write(page)
    (flight.answer, flight.flushAnswer) = (Int32(page), -EIO)
    let failure = DiskError.system(operation: "fdatasync slots/000000.seg", code: EIO)
    #expect(flight.settle(.linkedFlush) == .failed(failure))
  }

  @Test(arguments: [EINTR, EAGAIN]) func `a passing answer leads to another try`(code: Int32) {
    var flight = write(page)
    flight.answer = -code
    #expect(flight.settle(.durableWrite) == .again)
    #expect(flight.moved == 0)
    var other = read(page, .direct)
    other.answer = -code
    #expect(other.settle(.durableWrite) == .again)
  }

  @Test(arguments: [EIO, ENOSPC, EROFS, EDQUOT])
  func `every other answer reaches the caller`(code: Int32) {
    var flight = write(page)
    flight.answer = -code
    #expect(
      flight.settle(.durableWrite)
        == .failed(.system(operation: "write slots/000000.seg", code: code))
    )
  }

  @Test func `a write that moves nothing fails instead of trying for ever`() {
    var flight = write(2 * page)
    flight.answer = 0
    #expect(flight.settle(.durableWrite) == .failed(.short(expected: 2 * page, actual: 0)))
  }

  @Test func `a short direct read goes on at a page and ends within one`() {
    var flight = read(4 * page, .direct)
    flight.answer = Int32(page)
    #expect(flight.settle(.durableWrite) == .again)
    flight.answer = 100
    #expect(flight.settle(.durableWrite) == .done(page + 100))
  }

  @Test func `a short cached read goes on anywhere, until nothing comes`() {
    var flight = read(4 * page, .cached)
    flight.answer = 100
    #expect(flight.settle(.durableWrite) == .again)
    flight.answer = 0
    #expect(flight.settle(.durableWrite) == .done(100))
  }

  @Test func `a kernel without RWF_DONTCACHE is asked again without it`() {
    var flight = read(page, .cachedOnce)
    flight.leavesNoCache = true
    flight.answer = -EOPNOTSUPP
    #expect(flight.settle(.durableWrite) == .again)
    #expect(flight.wasRefusedDontCache)
    flight.leavesNoCache = false
    #expect(
      flight.settle(.durableWrite)
        == .failed(.system(operation: "read slots/000000.seg", code: EOPNOTSUPP))
    )
  }

  @Test func `a completion that comes twice stops the program`() async {
    await #expect(processExitsWith: .failure) {
      var table = FlightTable(capacity: 2)
      let request = DiskRequest(id: 1, operation: .flush(.slot(0)))
      let place = table.insert(Flight(request: request, place: nil))
      let number = table.number(of: place, part: .transfer)
      table.remove(place)
      _ = table.resolve(number)
    }
  }
}

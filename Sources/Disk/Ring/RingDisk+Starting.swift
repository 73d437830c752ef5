import Glibc
import Ring

extension RingDisk {
  /// The most that one submission moves, in bytes; the kernel's own limit is a little under 2 GiB.
  private static let pieceByteCount = 1 << 30

  /// Turns queued requests into flights, as far as there is room for them.
  func startQueued() {
    resubmit()
    while nextQueued < queued.count, !flights.isFull, ring.room >= 2 {
      let request = queued[nextQueued]
      nextQueued += 1
      start(request)
    }
    if nextQueued == queued.count {
      queued.removeAll(keepingCapacity: true)
      nextQueued = 0
    }
  }

  /// Submits the next piece of flights that have not come to their end.
  func resubmit() {
    while let place = unfinished.last, ring.room >= 2 {
      unfinished.removeLast()
      prepare(place)
    }
  }

  private func start(_ request: DiskRequest) {
    do throws(DiskError) {
      switch request.operation {
      case .remove(let file):
        try remove(file)
        finished.append(DiskCompletion(id: request.id, result: .success(0)))
      case .create(let file, let byteCount):
        try directory.requireRoom(byteCount: byteCount, for: file)
        let opened = try create(file)
        try fly(request, over: insert(opened, of: file))
      case .read(let file, _, _, _, _, let mode):
        try fly(request, over: place(of: file, direct: mode == .direct))
      case .write(let file, _, _, _, _, _), .flush(let file), .extend(let file, _):
        try fly(request, over: place(of: file, direct: true))
      case .flushDirectory:
        fly(request, over: nil)
      }
    } catch {
      finished.append(DiskCompletion(id: request.id, result: .failure(error)))
    }
  }

  private func fly(_ request: DiskRequest, over file: Int?) {
    if let file { table.retain(file) }
    prepare(flights.insert(Flight(request: request, place: file)))
  }

  /// Queues what a flight needs next in the ring.
  private func prepare(_ place: Int) {
    let flight = flights[place]
    let number = flights.number(of: place, part: .transfer)
    flights[place].outstanding = 1
    flights[place].answer = 0
    switch flight.request.operation {
    case .create(_, let byteCount), .extend(_, let byteCount):
      ring.allocate(target(of: flight), byteCount: byteCount, number: number)
    case .read(_, let offset, let byteCount, let buffer, let bufferOffset, let mode):
      let leavesNoCache = mode == .cachedOnce && supportsCachedOnce
      flights[place].leavesNoCache = leavesNoCache
      // SAFETY: the flight keeps the buffer until its completion; `check` made sure of the room.
      unsafe ring.read(
        target(of: flight),
        into: buffer.base.advanced(by: bufferOffset + flight.moved),
        byteCount: min(byteCount - flight.moved, Self.pieceByteCount),
        at: offset + UInt64(flight.moved),
        buffer: buffer.registration,
        leavesNoCache ? .leavesNoCache : [],
        number: number
      )
    case .write(_, let offset, let byteCount, let buffer, let bufferOffset, let flushed):
      if flight.stage == .flush {
        ring.flush(target(of: flight), dataOnly: true, number: number)
        return
      }
      let linked = flushed && flushForm == .linkedFlush
      let manner: Ring.Manner =
        linked ? .linked : flushed && flushForm == .durableWrite ? .durable : []
      // SAFETY: as above.
      unsafe ring.write(
        target(of: flight),
        from: buffer.base.advanced(by: bufferOffset + flight.moved),
        byteCount: min(byteCount - flight.moved, Self.pieceByteCount),
        at: offset + UInt64(flight.moved),
        buffer: buffer.registration,
        manner,
        number: number
      )
      if linked {
        flights[place].outstanding = 2
        ring.flush(
          target(of: flight),
          dataOnly: true,
          number: flights.number(of: place, part: .flush)
        )
      }
    case .flush(let file):
      ring.flush(target(of: flight), dataOnly: !grown.contains(file), number: number)
    case .flushDirectory(let file):
      ring.flush(
        .descriptor(directory.folder(of: file).descriptor),
        dataOnly: false,
        number: number
      )
    case .remove:
      preconditionFailure("a removal is over at once")
    }
  }

  private func target(of flight: Flight) -> Ring.Target {
    guard let place = flight.place else { preconditionFailure("the flight has a file") }
    return .registered(place)
  }
}

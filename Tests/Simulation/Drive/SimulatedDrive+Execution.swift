import Disk

#if canImport(Glibc)
import Glibc
#endif

// How requests are carried out, faults and all.

extension SimulatedDrive {
  func begin(_ operation: DiskOperation, _ fault: SimulatedFault?) -> SimulatedRequest.Begun {
    do throws(DiskError) {
      switch operation {
      case .create, .extend, .remove, .read: return .nothing
      case .write(let file, let offset, let byteCount, let buffer, let start, _):
        try Self.requireAlignment([Int(clamping: offset), byteCount, start], of: "write")
        let bytes = buffer.bytes(in: start..<start + byteCount)
        let place = fault == .misdirected ? elsewhere(file, offset, byteCount) : offset
        return .write(try medium.beginWrite(file, offset: place, bytes))
      case .flush(let file): return .flush(try medium.beginFlush(file))
      case .flushDirectory(let file): return .directory(medium.beginDirectoryFlush(of: file))
      }
    } catch {
      return .refused(error)
    }
  }

  func end(_ request: SimulatedRequest) -> Result<Int, DiskError> {
    Result { () throws(DiskError) -> Int in
      switch (request.begun, request.operation) {
      case (.refused(let error), _): throw error
      case (.write(let ticket), .write(_, _, let byteCount, _, _, let flushed)):
        return try endWrite(ticket, byteCount, flushed: flushed, request.fault)
      case (.flush(let ticket), _): return try endFlush(ticket, request.fault)
      case (.directory(let ticket), _):
        try refuse(request.fault, "flush directory")
        medium.finishDirectoryFlush(ticket)
        return 0
      case (_, .create(let file, let byteCount)):
        return try create(file, byteCount: byteCount, request.fault)
      case (_, .extend(let file, let byteCount)):
        return try extend(file, byteCount: byteCount, request.fault)
      case (_, .remove(let file)):
        try refuse(request.fault, "remove")
        try medium.remove(file)
        return 0
      case (_, .read(let file, let offset, let byteCount, let buffer, let start, let mode)):
        let part = ReadPart(file: file, offset: offset, byteCount: byteCount, mode: mode)
        return try read(part, into: buffer, at: start, request.fault)
      default: return 0
      }
    }
  }

  private func extend(
    _ file: StoreFile,
    byteCount: UInt64,
    _ fault: SimulatedFault?
  ) throws(DiskError) -> Int {
    try refuse(fault, "extend")
    let taken = medium.files.values.reduce(0, +)
    let more = byteCount - min(byteCount, medium.files[file] ?? 0)
    guard more <= capacity, taken <= capacity - more else {
      throw .system(operation: "extend", code: ENOSPC)
    }
    try medium.extend(file, byteCount: byteCount)
    return 0
  }

  private func create(
    _ file: StoreFile,
    byteCount: UInt64,
    _ fault: SimulatedFault?
  ) throws(DiskError) -> Int {
    try refuse(fault, "create")
    let taken = medium.files.values.reduce(0, +)
    guard byteCount <= capacity, taken <= capacity - byteCount else {
      throw .system(operation: "create", code: ENOSPC)
    }
    try medium.create(file, byteCount: byteCount)
    return 0
  }

  private func endWrite(
    _ ticket: SimulatedMedium.WriteTicket,
    _ byteCount: Int,
    flushed: Bool,
    _ fault: SimulatedFault?
  ) throws(DiskError) -> Int {
    let sectorCount = byteCount / SimulatedPage.sectorByteCount
    switch fault {
    case .failure(let code):
      medium.failWrite(ticket, seenSectorCount: generator.below(sectorCount + 1))
      throw .system(operation: "write", code: code)
    case .failedFlush where flushed:
      medium.failWrite(ticket, seenSectorCount: sectorCount)
      throw .system(operation: "write", code: EIO)
    case .short:
      let moved = generator.below(max(1, sectorCount))
      medium.failWrite(ticket, seenSectorCount: moved)
      throw .short(expected: byteCount, actual: moved * SimulatedPage.sectorByteCount)
    case .lost: medium.loseWrite(ticket)
    case .torn:
      let mask = UInt8(truncatingIfNeeded: generator.next())
      medium.tearWrite(ticket, sectors: mask, flushed: flushed)
    case .bitRot:
      medium.finishWrite(ticket, flushed: flushed)
      rot(ticket, byteCount)
    default: medium.finishWrite(ticket, flushed: flushed)
    }
    return byteCount
  }

  private func endFlush(
    _ ticket: SimulatedMedium.FlushTicket,
    _ fault: SimulatedFault?
  ) throws(DiskError) -> Int {
    switch fault {
    case .failure(let code):
      medium.failFlush(ticket)
      throw .system(operation: "flush", code: code)
    case .failedFlush:
      medium.failFlush(ticket)
      throw .system(operation: "flush", code: EIO)
    default:
      medium.finishFlush(ticket)
      return 0
    }
  }

  /// What a read asks for.
  private struct ReadPart {
    var file: StoreFile
    var offset: UInt64
    var byteCount: Int
    var mode: ReadMode
  }

  private func read(
    _ part: ReadPart,
    into buffer: DiskBuffer,
    at start: Int,
    _ fault: SimulatedFault?
  ) throws(DiskError) -> Int {
    try refuse(fault, "read")
    if part.mode == .direct {
      try Self.requireAlignment([Int(clamping: part.offset), part.byteCount, start], of: "read")
    }
    var offset = part.offset
    if fault == .misdirected { offset = elsewhere(part.file, offset, part.byteCount) }
    if fault == .bitRot, part.byteCount > 0 {
      let place = offset + UInt64(generator.below(part.byteCount))
      medium.corrupt(part.file, at: place, by: 1 << UInt8(generator.below(8)))
    }
    let bytes = try medium.read(part.file, offset: offset, byteCount: part.byteCount)
    if fault == .short, !bytes.isEmpty {
      let moved = generator.below(bytes.count)
      throw .short(expected: part.byteCount, actual: moved)
    }
    buffer.copy(from: bytes.span, at: start)
    return bytes.count
  }

  /// Fails a request for which the fault is an error.
  private func refuse(_ fault: SimulatedFault?, _ operation: String) throws(DiskError) {
    switch fault {
    case .failure(let code): throw .system(operation: operation, code: code)
    case .failedFlush where operation == "flush directory":
      throw .system(operation: operation, code: EIO)
    default: return
    }
  }

  private static func requireAlignment(
    _ numbers: [Int],
    of operation: String
  ) throws(DiskError) {
    guard numbers.allSatisfy({ $0 % DiskBuffer.alignment == 0 }) else {
      throw .system(operation: operation, code: EINVAL)
    }
  }

  /// Another place of the file at which a misdirected request of this size lands.
  private func elsewhere(_ file: StoreFile, _ offset: UInt64, _ byteCount: Int) -> UInt64 {
    let page = UInt64(SimulatedPage.byteCount)
    let pages = (medium.files[file] ?? 0) / page
    let room = pages - min(pages, (UInt64(byteCount) + page - 1) / page)
    guard room > 0 else { return offset }
    return (offset / page + 1 + UInt64(generator.below(Int(room)))) % (room + 1) * page
  }

  private func rot(_ ticket: SimulatedMedium.WriteTicket, _ byteCount: Int) {
    guard let file = medium.names.first(where: { $0.value == ticket.inode })?.key else { return }
    let place = ticket.offset + generator.below(max(1, byteCount))
    medium.corrupt(file, at: UInt64(place), by: 1 << UInt8(generator.below(8)))
  }
}

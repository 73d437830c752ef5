import Bytes
import Disk
import Dispatch
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// The lines of the contract of `Disk`, each of which every implementation keeps.
///
/// A suite for an implementation is one parameterised test: it opens an empty disk for each of
/// ``allCases`` and calls ``check(_:)``.
enum DiskConformance: String, CaseIterable, CustomTestStringConvertible {
  case `a new disk lists nothing`
  case `a created file is listed with its size and reads as zeroes`
  case `a file is created once`
  case `a removed file is gone, and its name begins anew with zeroes`
  case `a file that is extended keeps what was in it, and zeroes follow`
  case `a missing file is an error to everything but create`
  case `what was written is read, in every mode`
  case `a flushed write is read`
  case `a write touches only its own bytes`
  case `a buffer is used from its offset on`
  case `a read past the end is short and no error`
  case `a flush of a file and of its directory succeeds`
  case `an unaligned direct request is refused`
  case `a cached read need not be aligned`
  case `a buffer lives as long as its request`
  case `buffers are aligned and as large as asked`
  case `a wait ends with its timeout`
  case `a call from another thread ends a wait`
  case `a call before the wait is not lost`
  case `every request is reported exactly once`
  case `a batch of four mebibytes moves in one request`
  case `files of all kinds live side by side`

  var testDescription: String { rawValue }

  /// Checks this line on an empty disk.
  func check<D: Disk & ~Copyable>(_ disk: inout D) throws {
    switch self {
    case .`a new disk lists nothing`: try checkEmpty(&disk)
    case .`a created file is listed with its size and reads as zeroes`: try checkCreate(&disk)
    case .`a file is created once`: try checkCreateTwice(&disk)
    case .`a removed file is gone, and its name begins anew with zeroes`: try checkRemove(&disk)
    case .`a file that is extended keeps what was in it, and zeroes follow`:
      try checkExtend(&disk)
    case .`a missing file is an error to everything but create`: try checkMissing(&disk)
    case .`what was written is read, in every mode`: try checkReadAfterWrite(&disk, flushed: false)
    case .`a flushed write is read`: try checkReadAfterWrite(&disk, flushed: true)
    case .`a write touches only its own bytes`: try checkNeighbours(&disk)
    case .`a buffer is used from its offset on`: try checkBufferOffset(&disk)
    case .`a read past the end is short and no error`: try checkShortRead(&disk)
    case .`a flush of a file and of its directory succeeds`: try checkFlush(&disk)
    case .`an unaligned direct request is refused`: try checkUnaligned(&disk)
    case .`a cached read need not be aligned`: try checkCachedUnaligned(&disk)
    case .`a buffer lives as long as its request`: try checkBufferLife(&disk)
    case .`buffers are aligned and as large as asked`: checkBuffers(&disk)
    case .`a wait ends with its timeout`: checkTimeout(&disk)
    case .`a call from another thread ends a wait`: checkWaker(&disk)
    case .`a call before the wait is not lost`: checkEarlyCall(&disk)
    case .`every request is reported exactly once`: try checkManyRequests(&disk)
    case .`a batch of four mebibytes moves in one request`: try checkLargeRequest(&disk)
    case .`files of all kinds live side by side`: try checkKinds(&disk)
    }
  }
}

// MARK: - Names

private let page = DiskBuffer.alignment

private func checkEmpty<D: Disk & ~Copyable>(_ disk: inout D) throws {
  let files = try disk.files()
  #expect(files.isEmpty)
}

private func checkCreate<D: Disk & ~Copyable>(_ disk: inout D) throws {
  #expect(try disk.run(.create(.slot(3), byteCount: 65536)) >= 0)
  let files = try disk.files()
  #expect(files == [.slot(3): 65536])
  #expect(try disk.bytes(of: .slot(3), at: 0, 65536) == [UInt8](repeating: 0, count: 65536))
}

private func checkCreateTwice<D: Disk & ~Copyable>(_ disk: inout D) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 8192))
  let code = disk.errorCode(.create(.slot(0), byteCount: 8192))
  #expect(code == EEXIST)
}

private func checkRemove<D: Disk & ~Copyable>(_ disk: inout D) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 8192))
  try disk.write(pattern(8192, 1), to: .slot(0), at: 0)
  _ = try disk.run(.remove(.slot(0)))
  _ = try disk.run(.flushDirectory(of: .slot(0)))
  let files = try disk.files()
  #expect(files.isEmpty)
  _ = try disk.run(.create(.slot(0), byteCount: 4096))
  #expect(try disk.bytes(of: .slot(0), at: 0, 4096) == [UInt8](repeating: 0, count: 4096))
}

private func checkExtend<D: Disk & ~Copyable>(_ disk: inout D) throws {
  let file = StoreFile.checkpoint(partition: 7, second: true)
  _ = try disk.run(.create(file, byteCount: 8192))
  try disk.write(pattern(8192, 3), to: file, at: 0)
  #expect(try disk.run(.extend(file, byteCount: 20480)) >= 0)
  let files = try disk.files()
  #expect(files == [file: 20480])
  #expect(try disk.bytes(of: file, at: 0, 8192) == pattern(8192, 3))
  #expect(try disk.bytes(of: file, at: 8192, 12288) == [UInt8](repeating: 0, count: 12288))
  try disk.write(pattern(4096, 5), to: file, at: 16384)
  _ = try disk.run(.flush(file))
  #expect(try disk.bytes(of: file, at: 16384, 4096) == pattern(4096, 5))
  _ = try disk.run(.extend(file, byteCount: 4096))
  let shorter = try disk.files()
  #expect(shorter == [file: 20480], "nothing becomes shorter")
}

private func checkMissing<D: Disk & ~Copyable>(_ disk: inout D) throws {
  let buffer = disk.makeBuffer(byteCount: page)
  let codes = [
    disk.errorCode(.remove(.slot(9))),
    disk.errorCode(.flush(.slot(9))),
    disk.errorCode(.extend(.slot(9), byteCount: 8192)),
    disk.errorCode(
      .read(.slot(9), offset: 0, byteCount: page, into: buffer, bufferOffset: 0, .direct)
    ),
    disk.errorCode(
      .write(
        .slot(9),
        offset: 0,
        byteCount: page,
        from: buffer,
        bufferOffset: 0,
        flushed: false
      )
    ),
  ]
  #expect(codes == [ENOENT, ENOENT, ENOENT, ENOENT, ENOENT])
}

private func checkKinds<D: Disk & ~Copyable>(_ disk: inout D) throws {
  let kinds: [StoreFile: UInt64] = [
    .superblock: 16384, .slot(0): 65536, .slot(1_000_000): 4096,
    .checkpoint(partition: 0, second: false): 8192,
    .checkpoint(partition: 255, second: true): 4096,
  ]
  for (file, byteCount) in kinds {
    _ = try disk.run(.create(file, byteCount: byteCount))
    try disk.write(pattern(4096, UInt8(truncatingIfNeeded: byteCount >> 12)), to: file, at: 0)
    _ = try disk.run(.flush(file))
    _ = try disk.run(.flushDirectory(of: file))
  }
  let files = try disk.files()
  #expect(files == kinds)
  for (file, byteCount) in kinds {
    let bytes = try disk.bytes(of: file, at: 0, 4096)
    #expect(bytes == pattern(4096, UInt8(truncatingIfNeeded: byteCount >> 12)))
  }
}

// MARK: - Contents

private func checkReadAfterWrite<D: Disk & ~Copyable>(_ disk: inout D, flushed: Bool) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 65536))
  for mode in [ReadMode.direct, .cached, .cachedOnce] {
    let bytes = pattern(16384, mode == .direct ? 5 : mode == .cached ? 6 : 7)
    try disk.write(bytes, to: .slot(0), at: 8192, flushed: flushed)
    #expect(try disk.bytes(of: .slot(0), at: 8192, 16384, mode) == bytes)
  }
}

private func checkNeighbours<D: Disk & ~Copyable>(_ disk: inout D) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 32768))
  var expected = pattern(32768, 1)
  try disk.write(expected, to: .slot(0), at: 0)
  try disk.write(pattern(4096, 2), to: .slot(0), at: 12288)
  expected.replaceSubrange(12288..<16384, with: pattern(4096, 2))
  #expect(try disk.bytes(of: .slot(0), at: 0, 32768) == expected)
}

private func checkBufferOffset<D: Disk & ~Copyable>(_ disk: inout D) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 8192))
  let source = disk.makeBuffer(byteCount: 3 * page)
  source.copy(from: pattern(page, 3).span, at: 2 * page)
  _ = try disk.run(
    .write(
      .slot(0),
      offset: 4096,
      byteCount: page,
      from: source,
      bufferOffset: 2 * page,
      flushed: false
    )
  )
  let target = disk.makeBuffer(byteCount: 2 * page)
  let count = try disk.run(
    .read(.slot(0), offset: 4096, byteCount: page, into: target, bufferOffset: page, .direct)
  )
  #expect(count == page)
  #expect(target.bytes(in: page..<2 * page) == pattern(page, 3))
  #expect(target.bytes(in: 0..<page) == [UInt8](repeating: 0, count: page))
}

private func checkShortRead<D: Disk & ~Copyable>(_ disk: inout D) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 8192))
  try disk.write(pattern(8192, 4), to: .slot(0), at: 0)
  for mode in [ReadMode.direct, .cached] {
    #expect(try disk.bytes(of: .slot(0), at: 4096, 16384, mode) == Array(pattern(8192, 4)[4096...]))
    #expect(try disk.bytes(of: .slot(0), at: 8192, 4096, mode) == [])
  }
}

private func checkFlush<D: Disk & ~Copyable>(_ disk: inout D) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 8192))
  #expect(try disk.run(.flush(.slot(0))) >= 0)
  #expect(try disk.run(.flushDirectory(of: .slot(0))) >= 0)
  #expect(try disk.run(.flushDirectory(of: .superblock)) >= 0)
}

private func checkUnaligned<D: Disk & ~Copyable>(_ disk: inout D) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 16384))
  let buffer = disk.makeBuffer(byteCount: 2 * page)
  let file = StoreFile.slot(0)
  for (offset, byteCount, start) in [(512, page, 0), (0, page - 1, 0), (0, page, 8)] {
    let read = disk.errorCode(
      .read(
        file,
        offset: UInt64(offset),
        byteCount: byteCount,
        into: buffer,
        bufferOffset: start,
        .direct
      )
    )
    let write = disk.errorCode(
      .write(
        file,
        offset: UInt64(offset),
        byteCount: byteCount,
        from: buffer,
        bufferOffset: start,
        flushed: false
      )
    )
    #expect(read == EINVAL)
    #expect(write == EINVAL)
  }
}

private func checkCachedUnaligned<D: Disk & ~Copyable>(_ disk: inout D) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 16384))
  let bytes = pattern(16384, 9)
  try disk.write(bytes, to: .slot(0), at: 0)
  #expect(try disk.bytes(of: .slot(0), at: 4001, 777, .cached) == Array(bytes[4001..<4778]))
}

private func checkLargeRequest<D: Disk & ~Copyable>(_ disk: inout D) throws {
  let byteCount = 4 << 20
  _ = try disk.run(.create(.slot(0), byteCount: UInt64(byteCount) + 8192))
  let bytes = pattern(byteCount, 11)
  try disk.write(bytes, to: .slot(0), at: 4096, flushed: true)
  #expect(try disk.bytes(of: .slot(0), at: 4096, byteCount) == bytes)
}

// MARK: - Buffers

private func checkBufferLife<D: Disk & ~Copyable>(_ disk: inout D) throws {
  _ = try disk.run(.create(.slot(0), byteCount: 16 * UInt64(page)))
  for index in 0..<16 {
    disk.submitWrite(pattern(page, UInt8(index)), number: UInt64(index))
  }
  // What was lent and given up meanwhile must not be lent again before its write has ended.
  let results = disk.collect(16)
  #expect(results.count == 16)
  for index in 0..<16 {
    let bytes = try disk.bytes(of: .slot(0), at: UInt64(index * page), page)
    #expect(bytes == pattern(page, UInt8(index)))
  }
}

private func checkBuffers<D: Disk & ~Copyable>(_ disk: inout D) {
  for byteCount in [1, page, page + 1, 65536, 1 << 20, 4 << 20] {
    let buffer = disk.makeBuffer(byteCount: byteCount)
    #expect(buffer.byteCount >= byteCount)
    #expect(buffer.byteCount % page == 0)
  }
}

// MARK: - Waiting

private func checkTimeout<D: Disk & ~Copyable>(_ disk: inout D) {
  var completions: [DiskCompletion] = []
  disk.wait(timeout: .milliseconds(5), into: &completions)
  #expect(completions.isEmpty)
}

private func checkWaker<D: Disk & ~Copyable>(_ disk: inout D) {
  for _ in 0..<20 {
    let waker = disk.waker
    DispatchQueue.global().async { waker.wake() }
    var completions: [DiskCompletion] = []
    disk.wait(timeout: nil, into: &completions)
    #expect(completions.isEmpty)
  }
}

private func checkEarlyCall<D: Disk & ~Copyable>(_ disk: inout D) {
  disk.waker.wake()
  disk.waker.wake()
  var completions: [DiskCompletion] = []
  disk.wait(timeout: nil, into: &completions)
  #expect(completions.isEmpty)
}

private func checkManyRequests<D: Disk & ~Copyable>(_ disk: inout D) throws {
  let count = 1_000
  _ = try disk.run(.create(.slot(0), byteCount: UInt64(count * page)))
  let buffer = disk.makeBuffer(byteCount: page)
  buffer.copy(from: pattern(page, 1).span)
  for index in 0..<count {
    disk.submit(
      DiskRequest(
        id: UInt64(index) << 32 | 7,
        operation: .write(
          .slot(0),
          offset: UInt64(index * page),
          byteCount: page,
          from: buffer,
          bufferOffset: 0,
          flushed: false
        )
      )
    )
  }
  let results = disk.collect(count)
  #expect(Set(results.map(\.id)) == Set((0..<count).map { UInt64($0) << 32 | 7 }))
  #expect(results.count == count)
  #expect(results.allSatisfy { $0.result == .success(page) })
  var late: [DiskCompletion] = []
  disk.wait(timeout: .milliseconds(5), into: &late)
  #expect(late.isEmpty)
}

// MARK: - Doing one thing at a time

/// Returns bytes that differ from place to place and from pattern to pattern.
private func pattern(_ byteCount: Int, _ number: UInt8) -> [UInt8] {
  let page = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) ^ number &* 37 }
  var bytes: [UInt8] = []
  while bytes.count < byteCount { bytes.append(contentsOf: page) }
  return Array(bytes.prefix(byteCount))
}

extension Disk where Self: ~Copyable {
  /// Waits until `count` requests have been reported.
  fileprivate mutating func collect(_ count: Int) -> [DiskCompletion] {
    var completions: [DiskCompletion] = []
    while completions.count < count {
      wait(timeout: .seconds(30), into: &completions)
    }
    return completions
  }

  /// Carries one request out.
  fileprivate mutating func run(_ operation: DiskOperation) throws(DiskError) -> Int {
    submit(DiskRequest(id: 42, operation: operation))
    return try collect(1)[0].result.get()
  }

  /// Carries out a request that the system refuses, and returns its `errno`; 0 when it does not.
  fileprivate mutating func errorCode(_ operation: DiskOperation) -> Int32 {
    do throws(DiskError) {
      _ = try run(operation)
    } catch {
      if case .system(_, let code) = error { return code }
    }
    return 0
  }

  fileprivate mutating func write(
    _ bytes: [UInt8],
    to file: StoreFile,
    at offset: UInt64,
    flushed: Bool = false
  ) throws {
    let buffer = makeBuffer(byteCount: bytes.count)
    buffer.copy(from: bytes.span)
    let count = try run(
      .write(
        file,
        offset: offset,
        byteCount: bytes.count,
        from: buffer,
        bufferOffset: 0,
        flushed: flushed
      )
    )
    #expect(count == bytes.count)
  }

  fileprivate mutating func bytes(
    of file: StoreFile,
    at offset: UInt64,
    _ byteCount: Int,
    _ mode: ReadMode = .direct
  ) throws(DiskError) -> [UInt8] {
    let buffer = makeBuffer(byteCount: byteCount)
    let count = try run(
      .read(file, offset: offset, byteCount: byteCount, into: buffer, bufferOffset: 0, mode)
    )
    return buffer.bytes(in: 0..<count)
  }

  /// Queues a write from a buffer that nobody but the request holds any longer.
  fileprivate mutating func submitWrite(_ bytes: [UInt8], number: UInt64) {
    let buffer = makeBuffer(byteCount: bytes.count)
    buffer.copy(from: bytes.span)
    submit(
      DiskRequest(
        id: number,
        operation: .write(
          .slot(0),
          offset: number * UInt64(bytes.count),
          byteCount: bytes.count,
          from: buffer,
          bufferOffset: 0,
          flushed: false
        )
      )
    )
  }
}

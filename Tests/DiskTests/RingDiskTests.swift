import Testing

@testable import Disk

@Suite("The disk on a ring")
struct RingDiskTests {
  private func options(_ change: (inout DiskOptions) -> Void = { _ in }) -> DiskOptions {
    var options = DiskOptions(choice: .ring)
    options.acceptsAnyFileSystem = true
    change(&options)
    return options
  }

  private func open(_ scratch: ScratchDirectory, _ options: DiskOptions) throws -> RingDisk {
    try RingDisk(
      StoreDirectory(path: scratch.path, acceptsAnyFileSystem: true),
      options
    )
  }

  private func finish(_ disk: RingDisk, _ operations: [DiskOperation]) -> [Result<Int, DiskError>] {
    for (index, operation) in operations.enumerated() {
      disk.submit(DiskRequest(id: UInt64(index), operation: operation))
    }
    var completions: [DiskCompletion] = []
    while completions.count < operations.count { disk.wait(timeout: nil, into: &completions) }
    return completions.sorted { $0.id < $1.id }.map(\.result)
  }

  @Test func `its memory is registered up to a limit, and works beyond it`() throws {
    let scratch = ScratchDirectory()
    let disk = try open(scratch, options { $0.arenaByteCount = 4 << 20 })
    let first = disk.makeBuffer(byteCount: 4 << 20)
    let second = disk.makeBuffer(byteCount: 4096)
    #expect(first.registration == 0)
    #expect(second.registration == nil)
    second.copy(from: [UInt8](repeating: 7, count: 4096).span)
    let results =
      finish(disk, [.create(.slot(0), byteCount: 1 << 20)])
      + finish(
        disk,
        [
          .write(
            .slot(0),
            offset: 0,
            byteCount: 4096,
            from: second,
            bufferOffset: 0,
            flushed: true
          ),
          .read(
            .slot(0),
            offset: 4096,
            byteCount: 4096,
            into: first,
            bufferOffset: 4096,
            .direct
          ),
        ]
      )
    #expect(results == [.success(0), .success(4096), .success(4096)])
    #expect(
      finish(
        disk,
        [
          .read(.slot(0), offset: 0, byteCount: 4096, into: first, bufferOffset: 0, .direct)
        ]
      ) == [.success(4096)]
    )
    #expect(
      first.bytes(in: 0..<8192) == [UInt8](repeating: 7, count: 4096)
        + [UInt8](
          repeating: 0,
          count: 4096
        )
    )
  }

  @Test func `more files than descriptors take turns`() throws {
    let scratch = ScratchDirectory()
    let disk = try open(scratch, options { $0.fileLimit = 16 })
    let files = (0..<50).map { StoreFile.slot($0) }
    #expect(
      finish(disk, files.map { .create($0, byteCount: 4096) }).allSatisfy { $0 == .success(0) }
    )
    for round in 0..<3 {
      let buffers = files.indices.map { index in
        let buffer = disk.makeBuffer(byteCount: 4096)
        buffer.copy(from: [UInt8](repeating: UInt8(index + round), count: 4096).span)
        return buffer
      }
      let writes = zip(files, buffers).map { file, buffer in
        DiskOperation.write(
          file,
          offset: 0,
          byteCount: 4096,
          from: buffer,
          bufferOffset: 0,
          flushed: round == 1
        )
      }
      #expect(finish(disk, writes).allSatisfy { $0 == .success(4096) })
      let page = disk.makeBuffer(byteCount: 4096)
      for (index, file) in files.enumerated() {
        let mode: ReadMode = index % 2 == 0 ? .direct : .cached
        let read = DiskOperation.read(
          file,
          offset: 0,
          byteCount: 4096,
          into: page,
          bufferOffset: 0,
          mode
        )
        #expect(finish(disk, [read]) == [.success(4096)])
        #expect(page.bytes(in: 0..<1) == [UInt8(index + round)])
      }
    }
  }

  @Test func `requests under way end before the disk does`() throws {
    let scratch = ScratchDirectory()
    let bytes = [UInt8](repeating: 9, count: 1 << 20)
    do {
      let disk = try open(scratch, options())
      _ = finish(disk, [.create(.slot(0), byteCount: 16 << 20)])
      for index in 0..<16 {
        let buffer = disk.makeBuffer(byteCount: bytes.count)
        buffer.copy(from: bytes.span)
        disk.submit(
          DiskRequest(
            id: UInt64(index),
            operation: .write(
              .slot(0),
              offset: UInt64(index) << 20,
              byteCount: bytes.count,
              from: buffer,
              bufferOffset: 0,
              flushed: false
            )
          )
        )
      }
      var completions: [DiskCompletion] = []
      disk.wait(timeout: .zero, into: &completions)
    }
    let disk = try open(scratch, options())
    let page = disk.makeBuffer(byteCount: 4096)
    let last = DiskOperation.read(
      .slot(0),
      offset: (16 << 20) - 4096,
      byteCount: 4096,
      into: page,
      bufferOffset: 0,
      .direct
    )
    #expect(finish(disk, [last]) == [.success(4096)])
    #expect(page.bytes(in: 0..<4096) == Array(bytes.prefix(4096)))
  }
}

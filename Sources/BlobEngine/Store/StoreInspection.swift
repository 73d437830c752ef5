import Codec
package import Disk

/// What the files of a store say about themselves, read without opening the store: nothing is
/// written, and damage is described instead of repaired.
package struct StoreInspection: Sendable {
  /// One of the copies of the superblock.
  package enum SuperblockCopy: Sendable {
    case valid(Superblock)
    case invalid(String)
  }

  /// What is in a slot.
  package enum SlotState: Sendable {
    /// No valid header: never used, or damaged. The text says what was found.
    case unused(String)
    /// Being written to, or left behind by a crash.
    case open(SegmentHeader)
    case sealed(SegmentHeader, Trailer)
  }

  /// One file of the index.
  package enum PartitionState: Sendable {
    case valid(CheckpointHeader)
    case invalid(String)
  }

  package let superblocks: [SuperblockCopy]
  package let slots: [(number: UInt32, byteCount: UInt64, state: SlotState)]
  package let partitions: [(file: StoreFile, byteCount: UInt64, state: PartitionState)]

  /// The superblock that counts, or nil when no two copies agree.
  package var superblock: Superblock? {
    let valid = superblocks.compactMap { copy -> Superblock? in
      if case .valid(let superblock) = copy { return superblock }
      return nil
    }
    return valid.filter { one in valid.count { $0 == one } >= Superblock.quorum }
      .max { $0.sequence < $1.sequence }
  }

  /// Reads the store in `directory`, which must not be open anywhere.
  ///
  /// Waits for the disk, so call it where waiting does no harm.
  package static func read(
    at directory: String,
    options: StoreOptions
  ) throws(EngineError) -> StoreInspection {
    do throws(DiskError) {
      let disk = try OpenedDisk.open(at: directory, options: DiskOptions(options)) { _ in }
      switch consume disk {
      case .ring(let disk):
        var inspector = StoreInspector(disk)
        return try inspector.inspect()
      case .threads(let disk):
        var inspector = StoreInspector(disk)
        return try inspector.inspect()
      }
    } catch {
      throw EngineError(opening: error)
    }
  }
}

/// Reads the files of a store one after the other.
private struct StoreInspector<D: Disk & ~Copyable>: ~Copyable {
  private var disk: D

  init(_ disk: consuming D) {
    self.disk = disk
  }

  mutating func inspect() throws(DiskError) -> StoreInspection {
    let files = try disk.files()
    var superblocks: [StoreInspection.SuperblockCopy] = []
    if files[.superblock] != nil {
      for copy in 0..<Superblock.copyCount { superblocks.append(try superblock(copy)) }
    }
    let partial = StoreInspection(superblocks: superblocks, slots: [], partitions: [])
    let checksum = partial.superblock.flatMap { Checksum(secret: $0.hashSecret) }
    var slots: [(UInt32, UInt64, StoreInspection.SlotState)] = []
    var partitions: [(StoreFile, UInt64, StoreInspection.PartitionState)] = []
    for (file, byteCount) in files.sorted(by: { $0.key.path < $1.key.path }) {
      switch file {
      case .superblock: break
      case .slot(let number): slots.append((number, byteCount, try slot(number, byteCount)))
      case .checkpoint(let partition, _):
        partitions.append((file, byteCount, try self.partition(partition, file, checksum)))
      }
    }
    return StoreInspection(superblocks: superblocks, slots: slots, partitions: partitions)
  }

  private mutating func superblock(
    _ copy: Int
  ) throws(DiskError) -> StoreInspection.SuperblockCopy {
    let page = try page(of: .superblock, at: Superblock.offset(ofCopy: copy))
    do throws(FormatError) {
      return .valid(try Superblock(decoding: page.span, copy: copy))
    } catch {
      return .invalid("\(error)")
    }
  }

  private mutating func slot(
    _ number: UInt32,
    _ byteCount: UInt64
  ) throws(DiskError) -> StoreInspection.SlotState {
    let first = try page(of: .slot(number), at: 0)
    let header: SegmentHeader
    do throws(FormatError) {
      header = try SegmentHeader(decoding: first.span, slot: number)
    } catch {
      return .unused("\(error)")
    }
    guard header.segmentByteCount == byteCount else {
      return .unused("the header speaks of \(header.segmentByteCount) bytes, not \(byteCount)")
    }
    let last = try page(of: .slot(number), at: Trailer.offset(segmentByteCount: byteCount))
    let trailer = try? Trailer(
      decoding: last.span,
      in: header.identity,
      segmentByteCount: byteCount
    )
    return trailer.map { .sealed(header, $0) } ?? .open(header)
  }

  private mutating func partition(
    _ partition: UInt8,
    _ file: StoreFile,
    _ checksum: Checksum?
  ) throws(DiskError) -> StoreInspection.PartitionState {
    guard let checksum else { return .invalid("without a superblock its checksum has no key") }
    let page = try page(of: file, at: 0)
    do throws(FormatError) {
      return .valid(
        try CheckpointHeader(decoding: page.span, partition: partition, checksum: checksum)
      )
    } catch {
      return .invalid("\(error)")
    }
  }

  /// Reads a page; what lies beyond the end of a file is zero.
  private mutating func page(of file: StoreFile, at offset: UInt64) throws(DiskError) -> [UInt8] {
    let byteCount = StoreFormat.pageByteCount
    let buffer = disk.makeBuffer(byteCount: byteCount)
    disk.submit(
      DiskRequest(
        id: 0,
        operation: .read(
          file,
          offset: offset,
          byteCount: byteCount,
          into: buffer,
          bufferOffset: 0,
          .direct
        )
      )
    )
    var completions: [DiskCompletion] = []
    while completions.isEmpty { disk.wait(timeout: nil, into: &completions) }
    let count = try completions[0].result.get()
    buffer.zero(count..<byteCount)
    return buffer.bytes(in: 0..<byteCount)
  }
}

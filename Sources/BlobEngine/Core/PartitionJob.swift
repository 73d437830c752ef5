import Codec
import Disk

/// A partition laid out for its file.
struct PartitionJob {
  let partition: UInt8
  let second: Bool
  let buffer: DiskBuffer
  let entryCount: Int
  /// The bytes of header and pages.
  let byteCount: UInt64

  init(
    partition: UInt8,
    second: Bool,
    header: CheckpointHeader,
    pages: [UInt8],
    checksum: Checksum,
    makeBuffer: (Int) -> DiskBuffer
  ) {
    let buffer = makeBuffer(CheckpointHeader.byteCount + pages.count)
    buffer.copy(from: header.encode(checksum: checksum).span)
    buffer.copy(from: pages.span, at: CheckpointHeader.byteCount)
    self.partition = partition
    self.second = second
    self.entryCount = Int(clamping: header.entryCount)
    self.buffer = buffer
    self.byteCount = UInt64(CheckpointHeader.byteCount + pages.count)
  }

  var file: StoreFile { .checkpoint(partition: partition, second: second) }
}

import BlobEngine
import Bytes
import Codec

/// Makes the checksums of broken bytes right again, so that a mutation gets past them to the code
/// behind.
///
/// Written from the page *Format*, not from the encoders: the same rule in two places that share
/// no code.
extension DecoderUnderTest {
  func repair(_ input: inout [UInt8]) {
    switch self {
    case .superblock: Self.page(&input, at: 0, offset: 8192, owner: 0, .plain)
    case .election:
      for copy in 0..<4 {
        Self.page(&input, at: copy * 4096, offset: UInt64(copy * 4096), owner: 0, .plain)
      }
    case .segmentHeader:
      Self.page(&input, at: 0, offset: 0, owner: UInt64(FormatExamples.slot), .plain)
    case .batch: Self.batch(&input, at: 0, offset: 4096)
    case .record, .sealedRecord: _ = Self.record(&input, at: 0, end: input.count)
    case .recordExtension: break
    case .segment: Self.segment(&input)
    case .checkpoint: Self.checkpoint(&input)
    }
  }

  private static var keyed: Checksum { FormatExamples.checksum }

  private static func put(_ value: UInt64, _ input: inout [UInt8], at position: Int) {
    for index in 0..<8 {
      input[position + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
    }
  }

  private static func number(_ input: [UInt8], at position: Int, _ byteCount: Int) -> Int {
    var value: UInt64 = 0
    for index in (0..<byteCount).reversed() { value = value << 8 | UInt64(input[position + index]) }
    return Int(truncatingIfNeeded: value & 0x7FFF_FFFF_FFFF_FFFF)
  }

  private static func little(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
  }

  private static func page(
    _ input: inout [UInt8],
    at start: Int,
    offset: UInt64,
    owner: UInt64,
    _ checksum: Checksum
  ) {
    guard input.count >= start + 4096 else { return }
    let covered = Array(input[start..<(start + 4080)]) + little(offset) + little(owner)
    let digest = checksum.digest128(covered.span)
    put(digest.low, &input, at: start + 4080)
    put(digest.high, &input, at: start + 4088)
  }

  /// Mends a record and returns where the next one begins, or nil when there is none.
  private static func record(_ input: inout [UInt8], at start: Int, end: Int) -> Int? {
    guard start + 96 <= end else { return nil }
    let head = number(input, at: start + 16, 4)
    let stored = number(input, at: start + 32, 8)
    guard head >= 96, head <= end - start else { return nil }
    let payload = start + head
    if stored <= 65536, stored <= end - payload {
      let bytes = Array(input[payload..<(payload + stored)])
      put(keyed.digest64(bytes.span), &input, at: start + 80)
    }
    let items = Array(input[(start + 96)..<payload])
    let covered = Array(input[start..<(start + 88)]) + little(keyed.digest64(items.span))
    put(keyed.digest64(covered.span), &input, at: start + 88)
    guard stored <= end - payload else { return nil }
    return (payload + stored + 63) / 64 * 64
  }

  private static func batch(_ input: inout [UInt8], at start: Int, offset: UInt64) {
    guard input.count >= start + 64 else { return }
    let length = number(input, at: start + 24, 8)
    let end = length <= input.count - start - 64 ? start + 64 + length : input.count
    var next: Int? = start + 64
    while let position = next { next = record(&input, at: position, end: end) }
    if start + 64 <= end {
      let body = Array(input[(start + 64)..<end])
      put(keyed.digest64(body.span), &input, at: start + 48)
    }
    let covered =
      Array(input[start..<(start + 56)]) + little(FormatExamples.segmentID) + little(offset)
    put(keyed.digest64(covered.span), &input, at: start + 56)
  }

  /// Mends pages of table entries from `start` to `end`.
  private static func table(
    _ input: inout [UInt8],
    _ range: Range<Int>,
    owner: UInt64,
    generation: UInt64
  ) {
    var start = range.lowerBound
    while start + 16 <= range.upperBound {
      let end = min(start + 65536, range.upperBound)
      let inner = Array(input[(start + 8)..<end])
      let outer = little(keyed.digest64(inner.span)) + little(owner) + little(generation)
      put(keyed.digest64(outer.span), &input, at: start)
      start = end
    }
  }

  private static func segment(_ input: inout [UInt8]) {
    guard input.count == 16384 else { return }
    page(&input, at: 0, offset: 0, owner: UInt64(FormatExamples.slot), .plain)
    batch(&input, at: 4096, offset: 4096)
    let offset = number(input, at: 12288 + 40, 8)
    let count = number(input, at: 12288 + 48, 8)
    if offset <= 12288, count <= 12288 - offset {
      table(&input, offset..<(offset + count), owner: FormatExamples.segmentID, generation: 0)
    }
    page(&input, at: 12288, offset: 12288, owner: FormatExamples.segmentID, keyed)
  }

  private static func checkpoint(_ input: inout [UInt8]) {
    guard input.count >= 4096 else { return }
    let partition = UInt64(FormatExamples.checkpointHeader.partition)
    page(&input, at: 0, offset: 0, owner: partition, keyed)
    let generation = UInt64(number(input, at: 40, 8))
    let entryCount = min(number(input, at: 56, 8), 100_000)
    let end = min(input.count, 4096 + CheckpointPages.byteCount(entryCount: entryCount))
    table(&input, 4096..<max(end, 4096), owner: partition, generation: generation)
  }
}

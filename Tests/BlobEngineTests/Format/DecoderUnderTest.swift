import BlobEngine
import Bytes
import Codec

/// What a decoder made of some bytes.
enum Verdict: Equatable {
  case refused(FormatError)
  /// Taken; with what the value is written as again, unless it holds something that may be ignored.
  case accepted(again: [UInt8]?)
}

/// Every decoder of the format behind one door, for the golden files, the saved corpus, seeded
/// mutations and the fuzzer alike.
enum DecoderUnderTest: String, CaseIterable {
  case superblock
  case election
  case segmentHeader
  case batch
  case record
  case recordExtension
  case sealedRecord
  case segment
  case checkpoint

  /// A whole and valid input.
  var example: [UInt8] {
    switch self {
    case .superblock: FormatExamples.superblock.encode(copy: 2)
    case .election: (0..<4).flatMap { FormatExamples.superblock.encode(copy: $0) }
    case .segmentHeader: FormatExamples.segmentHeader.encode()
    case .batch: FormatExamples.batch.bytes
    case .record: Array(FormatExamples.batch.bytes[192..<384])
    case .recordExtension: FormatExamples.everyItem.encode()
    case .sealedRecord: FormatExamples.sealedRecord
    case .segment: FormatExamples.sealedSegment
    case .checkpoint: FormatExamples.checkpointFile
    }
  }

  func run(_ input: [UInt8]) -> Verdict {
    do throws(FormatError) {
      return .accepted(again: try decodeAndEncode(input))
    } catch {
      return .refused(error)
    }
  }

  private func decodeAndEncode(_ input: [UInt8]) throws(FormatError) -> [UInt8]? {
    let bytes = input.span
    switch self {
    case .superblock:
      let page = try Superblock(decoding: bytes, copy: 2)
      return page.features.isEmpty ? page.encode(copy: 2) : nil
    case .election:
      let election = try SuperblockElection(reading: bytes)
      return (0..<4).flatMap { copy in
        election.agreeingCopies.contains(copy) && election.superblock.features.isEmpty
          ? election.superblock.encode(copy: copy)
          : Array(input[(copy * 4096)..<(copy * 4096 + 4096)])
      } + input.dropFirst(16384)
    case .segmentHeader:
      return try SegmentHeader(decoding: bytes, slot: FormatExamples.slot).encode()
    case .batch: return try Self.batch(input, at: 4096)
    case .record, .sealedRecord: return try Self.record(input)
    case .recordExtension: return try RecordExtension(decoding: bytes, offset: 0).encode()
    case .segment: return try Self.segment(input)
    case .checkpoint: return try Self.checkpoint(input)
    }
  }

  private static func record(_ input: [UInt8]) throws(FormatError) -> [UInt8]? {
    let checksum = FormatExamples.checksum
    let record = try Record(decoding: input.span, offset: 0, checksum: checksum)
    try record.checkPayload(of: input.span, offset: 0, checksum: checksum)
    guard record.head.type != nil else { return nil }
    let tail = record.items.encode()
    var again = input
    var room = again.mutableSpan
    record.head.encode(into: &room, extension: tail.span, checksum: checksum)
    return again
  }

  private static func batch(_ input: [UInt8], at offset: UInt64) throws(FormatError) -> [UInt8]? {
    let segment = FormatExamples.segment
    let head = try BatchHead(decoding: input.span, at: 0, in: segment, at: offset)
    try head.checkBody(input.span, in: segment, at: offset)
    var walk = RecordWalk(head, at: offset)
    var again = input
    while let record = try walk.next(in: input.span, checksum: segment.checksum) {
      let tail = record.items.encode()
      var room = again.mutableSpan
      record.head.encode(
        into: &room,
        at: record.position,
        extension: tail.span,
        checksum: segment.checksum
      )
    }
    var room = again.mutableSpan
    head.encode(into: &room, at: 0, in: segment, at: offset)
    return again
  }

  /// Reads a sealed segment as recovery would: by its batches, then by its footer.
  private static func segment(_ input: [UInt8]) throws(FormatError) -> [UInt8]? {
    let byteCount = Int(FormatExamples.segmentByteCount)
    guard input.count == byteCount else {
      throw FormatError(.lengthOutOfBounds, in: .segmentHeader, at: 0)
    }
    let bytes = input.span
    let header = try SegmentHeader(
      decoding: bytes.extracting(0..<4096),
      slot: FormatExamples.slot
    )
    let segment = header.identity
    let trailer = try Trailer(
      decoding: bytes.extracting((byteCount - 4096)..<byteCount),
      in: segment,
      segmentByteCount: FormatExamples.segmentByteCount
    )
    let footer = Int(trailer.footerOffset)..<Int(trailer.footerOffset + trailer.footerByteCount)
    let entries = try Footer.decode(
      bytes.extracting(footer),
      entryCount: Int(trailer.entryCount),
      in: segment,
      at: trailer.footerOffset
    )
    _ = BatchScan.firstBatch(in: bytes, from: 4096, segment: segment, offset: 0)
    var again = input
    again.replaceSubrange(0..<4096, with: header.encode())
    if entries.count == Int(trailer.entryCount) {
      again.replaceSubrange(footer, with: Footer.encode(entries, in: segment))
    }
    again.replaceSubrange(
      (byteCount - 4096)...,
      with: trailer.encode(in: segment, segmentByteCount: FormatExamples.segmentByteCount)
    )
    return again
  }

  private static func checkpoint(_ input: [UInt8]) throws(FormatError) -> [UInt8]? {
    let checksum = FormatExamples.checksum
    let partition = FormatExamples.checkpointHeader.partition
    guard input.count >= 4096 else {
      throw FormatError(.lengthOutOfBounds, in: .checkpointHeader, at: 0)
    }
    let bytes = input.span
    let header = try CheckpointHeader(
      decoding: bytes.extracting(0..<4096),
      partition: partition,
      checksum: checksum
    )
    let entries = try CheckpointPages.decode(
      bytes.extracting(4096..<input.count),
      header: header,
      checksum: checksum
    )
    let pages = CheckpointPages.encode(
      entries,
      partition: partition,
      generationID: header.generationID,
      checksum: checksum
    )
    return header.encode(checksum: checksum) + pages + input.dropFirst(4096 + pages.count)
  }
}

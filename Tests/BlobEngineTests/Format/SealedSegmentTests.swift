import BlobEngine
import Bytes
import Codec
import Testing

@Suite("Sealed segment")
struct SealedSegmentTests {
  /// What the decoders say of the example after one change whose checksums are made right.
  private func damage(
    _ decoder: DecoderUnderTest,
    _ change: (inout [UInt8]) -> Void
  ) -> FormatError? {
    var bytes = decoder.example
    change(&bytes)
    decoder.repair(&bytes)
    guard case .refused(let error) = decoder.run(bytes) else { return nil }
    return error
  }

  private static let trailer = 12288

  @Test func `header, batches, footer and trailer do not overlap`() {
    let outside = FormatError(.lengthOutOfBounds, in: .trailer, at: 12288)
    // The end of the log, 8192, becomes 12288: behind the start of the footer.
    #expect(damage(.segment) { $0[Self.trailer + 97] = 0x30 } == outside)
    // The end of the log lies in the header.
    #expect(damage(.segment) { $0[Self.trailer + 97] = 0 } == outside)
    // The footer begins at the trailer; begins off a page; is longer than the room for it.
    #expect(damage(.segment) { $0[Self.trailer + 41] = 0x30 } == outside)
    #expect(damage(.segment) { $0[Self.trailer + 40] = 64 } == outside)
    #expect(damage(.segment) { $0[Self.trailer + 49] = 0x20 } == outside)
    for byte in 42..<56 {
      #expect(damage(.segment) { $0[Self.trailer + byte] = 0xFF } == outside)
    }
  }

  @Test func `a footer has as many entries as its length has room for`() {
    let contradiction = FormatError(.contradiction, in: .trailer, at: 12288)
    #expect(damage(.segment) { $0[Self.trailer + 56] = 0 } == contradiction)
    #expect(damage(.segment) { $0[Self.trailer + 56] = 9 } == contradiction, "more than records")
    #expect(damage(.segment) { $0[Self.trailer + 63] = 0xFF } == contradiction)
    let page = FormatError(.contradiction, in: .footerPage, at: 8192)
    #expect(damage(.segment) { $0[Self.trailer + 56] = 7 } == page)
    #expect(damage(.segment) { $0[8192 + 12] = 7 } == page)
  }

  @Test func `entries out of order, or twice, are damage`() {
    let first = 8192 + 16
    let second = first + 56
    let expected = FormatError(.outOfOrder, in: .footerPage, at: 8192)
    let swapped = damage(.segment) { bytes in
      let entry = Array(bytes[first..<second])
      bytes.replaceSubrange(first..<second, with: bytes[second..<(second + 56)])
      bytes.replaceSubrange(second..<(second + 56), with: entry)
    }
    #expect(swapped == expected)
    let twice = damage(.segment) { bytes in
      bytes.replaceSubrange(second..<(second + 56), with: bytes[first..<second])
    }
    #expect(twice == expected)
  }

  @Test func `an entry's record lies inside the segment, behind the header`() {
    let expected = FormatError(.lengthOutOfBounds, in: .footerPage, at: 8192)
    #expect(
      damage(.segment) {
        $0[8192 + 16 + 32] = 63; $0[8192 + 16 + 33] = 0
      } == expected
    )
    #expect(damage(.segment) { $0[8192 + 16 + 35] = 0xFF } == expected)
    #expect(damage(.segment) { $0[8192 + 16 + 36] = 95 } == expected, "shorter than a head")
    #expect(damage(.segment) { $0[8192 + 16 + 39] = 0xFF } == expected)
  }

  @Test func `a trailer of an older incarnation does not seal a segment`() {
    let page = FormatExamples.trailer.encode(
      in: FormatExamples.segment,
      segmentByteCount: FormatExamples.segmentByteCount
    )
    let younger = SegmentIdentity(
      segmentID: FormatExamples.segmentID + 1,
      marker: FormatExamples.marker,
      checksum: FormatExamples.checksum
    )
    #expect(throws: FormatError(.badChecksum, in: .trailer, at: 12288)) {
      _ = try Trailer(decoding: page.span, in: younger, segmentByteCount: 16384)
    }
  }

  @Test func `a header or a partition in another's place does not count`() {
    let header = FormatExamples.segmentHeader.encode()
    #expect(throws: FormatError(.badChecksum, in: .segmentHeader, at: 0)) {
      _ = try SegmentHeader(decoding: header.span, slot: FormatExamples.slot + 1)
    }
    #expect(
      damage(.segmentHeader) { $0[40] ^= 1 }
        == FormatError(.misplaced, in: .segmentHeader, at: 0)
    )
    let partition = FormatExamples.checkpointHeader.encode(checksum: FormatExamples.checksum)
    #expect(throws: FormatError(.badChecksum, in: .checkpointHeader, at: 0)) {
      _ = try CheckpointHeader(
        decoding: partition.span,
        partition: 1,
        checksum: FormatExamples.checksum
      )
    }
    #expect(
      damage(.checkpoint) { $0[12] ^= 1 }
        == FormatError(.misplaced, in: .checkpointHeader, at: 0)
    )
  }

  @Test func `a segment that uses unknown features, or has room for them filled, is refused`() {
    #expect(
      damage(.segmentHeader) { $0[288] = 4 }
        == FormatError(
          .unknownFeatures(FeatureWords(incompatible: FeatureWords.tieredSegmentsBit)),
          in: .segmentHeader,
          at: 0
        )
    )
    for position in [296, 359, 360, 424, 4079] {
      #expect(
        damage(.segmentHeader) { $0[position] = 1 }
          == FormatError(.reservedNotZero, in: .segmentHeader, at: 0)
      )
    }
    #expect(
      damage(.segmentHeader) { $0[12] = 4 }
        == FormatError(.unknownKind(4), in: .segmentHeader, at: 0)
    )
  }

  @Test func `a partition's counts and time marks are bounded`() {
    let outside = FormatError(.lengthOutOfBounds, in: .checkpointHeader, at: 0)
    #expect(damage(.checkpoint) { $0[96] = 129 } == outside)
    #expect(damage(.checkpoint) { $0[99] = 0xFF } == outside)
    #expect(damage(.checkpoint) { $0[63] = 1 } == outside)
    #expect(
      damage(.checkpoint) { $0[57] = 0xFF }
        == FormatError(.lengthOutOfBounds, in: .checkpointPage, at: 4096)
    )
    #expect(
      damage(.checkpoint) { $0[111] = 0xFF }
        == FormatError(.outOfOrder, in: .checkpointHeader, at: 0)
    )
  }
}

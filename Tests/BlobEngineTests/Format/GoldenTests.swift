import BlobEngine
import Testing

/// The golden files are the format's promise: a change that breaks one breaks every store there is.
///
/// `LARDER_WRITE_GOLDEN=1` writes the files that are missing, for a structure that is new.
@Suite("Golden files")
struct GoldenTests {
  private func path(_ decoder: DecoderUnderTest) -> String {
    FormatFiles.folder + "/Golden/\(decoder.rawValue).hex"
  }

  private func golden(_ decoder: DecoderUnderTest) throws -> [UInt8] {
    let path = path(decoder)
    if FormatFiles.read(path) == nil, FormatGenerator.environment("LARDER_WRITE_GOLDEN") != nil {
      #expect(FormatFiles.write(Array(HexDump.encode(decoder.example).utf8), to: path))
    }
    let text = try #require(FormatFiles.read(path), "there is a golden file at \(path)")
    return try #require(HexDump.decode(String(decoding: text, as: UTF8.self)))
  }

  @Test(arguments: DecoderUnderTest.allCases)
  func `today's encoder writes what the first one wrote`(decoder: DecoderUnderTest) throws {
    let golden = try golden(decoder)
    #expect(HexDump.encode(decoder.example) == HexDump.encode(golden))
  }

  @Test(arguments: DecoderUnderTest.allCases)
  func `today's decoder reads what the first one wrote`(decoder: DecoderUnderTest) throws {
    let golden = try golden(decoder)
    #expect(decoder.run(golden) == .accepted(again: golden))
  }

  @Test func `every field of every structure comes back`() throws {
    let copies = try golden(.election)
    let superblock = try SuperblockElection(reading: copies.span)
    #expect(superblock.superblock == FormatExamples.superblock)
    #expect(superblock.agreeingCopies == [0, 1, 2, 3])

    let segment = try golden(.segment)
    let header = try SegmentHeader(decoding: segment.span.extracting(0..<4096), slot: 42)
    #expect(header == FormatExamples.segmentHeader)

    let batch = try golden(.batch)
    let head = try BatchHead(decoding: batch.span, at: 0, in: header.identity, at: 4096)
    #expect(head == FormatExamples.batch.head)
    let records = FormatExamples.records(of: batch, head: head)
    #expect(
      records.map(\.head.type) == [
        .blob, .blob, .blobOf, .extent, .tombstone, .touch, .checkpointMark, .segmentRetired,
      ]
    )
    #expect(records.map(\.head.sequence) == [100, 101, 102, 103, 7, 104, 105, 106])
    #expect(batch[records[0].payload] == Array("what the golden files hold".utf8)[...])
    #expect(records[1].items.digests == [.init(algorithm: .md5, bytes: (0..<16).map { UInt8($0) })])
    #expect(records[2].items.extents == FormatExamples.everyItem.extents)
    #expect(ExtentName(key: records[3].head.key).logicalOffset == 1_048_576)
    #expect(records[6].items.checkpoint == CheckpointMark(checkpointID: 20, epoch: 6))
    #expect(records[7].items.retired == RetiredSegment(segmentID: 8, slot: 3))

    let items = try golden(.recordExtension)
    let decoded = try RecordExtension(decoding: items.span, offset: 0)
    #expect(decoded == FormatExamples.everyItem)

    let trailer = try Trailer(
      decoding: segment.span.extracting(12288..<16384),
      in: header.identity,
      segmentByteCount: 16384
    )
    #expect(trailer == FormatExamples.trailer)
    let entries = try Footer.decode(
      segment.span.extracting(8192..<12288),
      entryCount: 8,
      in: header.identity,
      at: 8192
    )
    #expect(entries == FormatExamples.footerEntries.sorted())

    let checkpoint = try golden(.checkpoint)
    let checkpointHeader = try CheckpointHeader(
      decoding: checkpoint.span.extracting(0..<4096),
      partition: 0xAB,
      checksum: FormatExamples.checksum
    )
    #expect(checkpointHeader == FormatExamples.checkpointHeader)
    let indexEntries = try CheckpointPages.decode(
      checkpoint.span.extracting(4096..<checkpoint.count),
      header: checkpointHeader,
      checksum: FormatExamples.checksum
    )
    #expect(indexEntries == FormatExamples.indexEntries)
  }
}

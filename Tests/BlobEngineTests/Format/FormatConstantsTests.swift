import BlobEngine
import Bytes
import Codec
import Testing

@Suite("Measures of the format")
struct FormatConstantsTests {
  @Test func `the measures fit one another`() {
    let page = StoreFormat.pageByteCount
    // A page holds whole records' alignment, a block whole pages, a batch whole blocks.
    #expect(page % StoreFormat.recordAlignment == 0)
    #expect(StoreFormat.blockByteCount % page == 0)
    #expect(StoreFormat.maximumBatchByteCount % StoreFormat.blockByteCount == 0)
    #expect(StoreFormat.maximumSegmentByteCount % UInt64(page) == 0)
    // The first record of a batch is aligned because the head is as long as the alignment.
    #expect(BatchHead.byteCount == StoreFormat.recordAlignment)
    #expect(RecordHead.byteCount == 96)
    // Items are multiples of 8, and so is where they begin.
    #expect(RecordHead.byteCount % 8 == 0)
    // One-page structures end in their digest.
    #expect(StoreFormat.pageDigestOffset + 16 == page)
    #expect(Superblock.fileByteCount == 4 * page)
    #expect(SegmentHeader.byteCount == page)
    #expect(Trailer.byteCount == page)
    #expect(CheckpointHeader.byteCount == page)
  }

  @Test func `full pages of entries are 64 KiB exactly`() {
    #expect(Footer.entriesPerPage == 1170)
    #expect(
      Footer.pageHeadByteCount + Footer.entriesPerPage * FooterEntry.byteCount
        == StoreFormat.blockByteCount
    )
    #expect(CheckpointPages.entriesPerPage == 4095)
    #expect(
      CheckpointPages.pageHeadByteCount + CheckpointPages.entriesPerPage * IndexEntry.byteCount
        == StoreFormat.blockByteCount
    )
    #expect(Footer.byteCount(entryCount: 0) == 0)
    #expect(Footer.byteCount(entryCount: 1) == 4096)
    #expect(Footer.byteCount(entryCount: 72) == 4096)
    #expect(Footer.byteCount(entryCount: 73) == 8192)
    #expect(Footer.byteCount(entryCount: 1170) == 65536)
    #expect(Footer.byteCount(entryCount: 1171) == 65536 + 4096)
    #expect(CheckpointPages.fileByteCount(entryCount: 4096) == 4096 + 65536 + 4096)
  }

  @Test func `the largest inline blob, with its tables, fits a batch beside others`() {
    let blocks = StoreFormat.maximumInlineByteCount / StoreFormat.blockByteCount
    let record = RecordHead.byteCount + 8 + blocks * 8 + 8 + 64 + StoreFormat.maximumInlineByteCount
    #expect(BatchHead.byteCount + 3 * record < StoreFormat.maximumBatchByteCount)
    // And the longest extension with the longest payload beside it.
    let longest = StoreFormat.maximumExtensionByteCount + StoreFormat.maximumInlineByteCount
    #expect(longest + 4096 < StoreFormat.maximumBatchByteCount)
  }

  @Test func `a blob of 5 GiB in extents of 1 MiB fits one list, five times over`() {
    let extents = 5 * 1024
    #expect(5 * extents * ExtentReference.byteCount < StoreFormat.maximumExtensionByteCount)
  }

  @Test func `an index entry can name every place of a full store`() {
    let last = IndexPlace(
      slot: StoreFormat.maximumSlotCount - 1,
      offset: StoreFormat.maximumSegmentByteCount - 64,
      recordByteCount: UInt64(StoreFormat.maximumBatchByteCount),
      kind: .blob
    )
    #expect(last.slot == StoreFormat.maximumSlotCount - 1)
    #expect(last.offset == StoreFormat.maximumSegmentByteCount - 64)
    #expect(last.readByteCount == UInt64(StoreFormat.maximumBatchByteCount))
    #expect(
      UInt64(StoreFormat.maximumSlotCount) * StoreFormat.maximumSegmentByteCount == 256 << 40
    )
  }

  @Test func `the smallest segment has room for a batch and its footer`() {
    let least = StoreFormat.minimumSegmentByteCount
    #expect(
      least
        == UInt64(
          SegmentHeader.byteCount + 4096 + Footer.byteCount(entryCount: 1) + Trailer.byteCount
        )
    )
  }
}

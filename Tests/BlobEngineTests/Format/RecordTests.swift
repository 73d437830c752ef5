import BlobEngine
import Bytes
import Codec
import Testing

@Suite("Record")
struct RecordTests {
  private let checksum = FormatExamples.checksum

  private func built(
    _ head: RecordHead,
    items: RecordExtension = RecordExtension(),
    payload: [UInt8]
  ) -> [UInt8] {
    var builder = BatchBuilder()
    let place = builder.append(head, items: items, payload: payload.span, checksum: checksum)
    let sealed = builder.seal(
      number: 0,
      nextSequence: 99,
      previousDigest: 0,
      in: FormatExamples.segment,
      at: 4096
    )
    return Array(sealed.bytes[place.position..<(place.position + place.byteCount)])
  }

  private func blob(_ byteCount: Int) -> (bytes: [UInt8], payload: [UInt8]) {
    var generator = FormatGenerator(seed: UInt64(byteCount))
    let payload = generator.bytes(byteCount)
    let head = RecordHead(
      type: .blob,
      sequence: 1,
      logicalByteCount: UInt64(byteCount),
      key: FormatExamples.key(9)
    )
    return (built(head, payload: payload), payload)
  }

  private func decode(_ bytes: [UInt8]) throws(FormatError) -> Record {
    try Record(decoding: bytes.span, offset: 4160, checksum: checksum)
  }

  private func check(
    _ record: Record,
    _ bytes: [UInt8],
    _ range: Range<UInt64>? = nil
  ) throws(FormatError) {
    try record.checkPayload(of: bytes.span, covering: range, offset: 4160, checksum: checksum)
  }

  @Test(arguments: [0, 1, 63, 64, 65, 4095, 4096, 65535, 65536, 65537, 200_000, 1_048_576])
  func `a payload of any length comes back, checked`(byteCount: Int) throws {
    let (bytes, payload) = blob(byteCount)
    let record = try decode(bytes)
    #expect(Array(bytes[record.payload]) == payload)
    #expect(
      record.items.blockDigests.count == (byteCount > 65536 ? (byteCount + 65535) / 65536 : 0)
    )
    try check(record, bytes)
    #expect(record.head.recordByteCount == bytes.count)
  }

  @Test func `a range checks the blocks that it touches, and only those`() throws {
    var (bytes, _) = blob(200_000)
    let record = try decode(bytes)
    bytes[record.payload.lowerBound + 70_000] ^= 1
    try check(record, bytes, 0..<65536)
    try check(record, bytes, 131_072..<200_000)
    let place = 4160 + UInt64(record.payload.lowerBound) + 65536
    let damage = FormatError(.badChecksum, in: .payload, at: place)
    for range in [65535..<65537, 65536..<65537, 131_071..<131_072, 0..<200_000] as [Range<UInt64>] {
      #expect(throws: damage) { try check(record, bytes, range) }
    }
    #expect(throws: damage) { try check(record, bytes) }
  }

  @Test func `a range beyond the payload is refused`() throws {
    let (bytes, _) = blob(200_000)
    let record = try decode(bytes)
    #expect(throws: FormatError.self) { try check(record, bytes, 0..<200_001) }
    let cut = Array(bytes.dropLast(100))
    try check(record, cut, 0..<1000)
    #expect(throws: FormatError.self) { try check(record, cut) }
  }

  @Test func `a changed block table is caught by the head`() throws {
    var (bytes, _) = blob(200_000)
    bytes[96 + 8] ^= 1
    #expect(throws: FormatError(.badChecksum, in: .recordHead, at: 4160)) { _ = try decode(bytes) }
  }

  @Test func `a record of a kind that may be ignored is passed over, another is damage`() throws {
    func batch(type: UInt8) -> [UInt8] {
      var bytes = FormatExamples.batch.bytes
      bytes[64 + 5] = type
      DecoderUnderTest.batch.repair(&bytes)
      return bytes
    }
    let head = FormatExamples.batch.head
    let ignorable = batch(type: 200)
    let records = FormatExamples.records(of: ignorable, head: head)
    #expect(records.count == Int(head.recordCount) - 1)
    #expect(records.first?.head.sequence == 101)
    for type in [0, 11, 127] as [UInt8] {
      #expect(
        DecoderUnderTest.batch.run(batch(type: type))
          == .refused(FormatError(.unknownKind(UInt32(type)), in: .recordHead, at: 4160))
      )
    }
  }

  @Test func `an item that must be understood refuses the record, another goes along`() throws {
    func items(type: UInt16) throws(FormatError) -> RecordExtension {
      var items = RecordExtension()
      items.unknown = [UnknownItem(type: type, value: [1, 2, 3])]
      let bytes = items.encode()
      return try RecordExtension(decoding: bytes.span, offset: 0)
    }
    #expect(try items(type: 0x0012).unknown == [UnknownItem(type: 0x0012, value: [1, 2, 3])])
    for type in [0x8006, 0x8012, 0xFFFF] as [UInt16] {
      #expect(throws: FormatError(.unknownKind(UInt32(type)), in: .recordExtension, at: 0)) {
        _ = try items(type: type)
      }
    }
  }

  @Test func `what head and items cannot both say is a contradiction`() throws {
    var list = RecordExtension()
    list.extents = FormatExamples.everyItem.extents
    let total = list.extents.reduce(UInt64(0)) { $0 + $1.logicalByteCount }
    func blobOf(_ logical: UInt64, type: RecordType = .blobOf) -> Verdict {
      let head = RecordHead(
        type: type,
        sequence: 1,
        logicalByteCount: logical,
        key: FormatExamples.key(1)
      )
      return DecoderUnderTest.record.run(built(head, items: list, payload: []))
    }
    guard case .accepted = blobOf(total) else {
      Issue.record("a right list was refused")
      return
    }
    let damage = Verdict.refused(FormatError(.contradiction, in: .recordExtension, at: 96))
    #expect(blobOf(total - 1) == damage)
    #expect(blobOf(total + 1) == damage)
    #expect(blobOf(0, type: .touch) == damage, "extents in a record that has none")
    let raw = RecordHead(type: .blob, sequence: 1, logicalByteCount: 5, key: FormatExamples.key(1))
    #expect(
      DecoderUnderTest.record.run(built(raw, payload: [1, 2, 3]))
        == .refused(FormatError(.contradiction, in: .recordHead, at: 0))
    )
  }

  @Test func `an extent's name goes through a key, and sorts by upload and place`() {
    let name = ExtentName(epoch: 3, stream: 9, ordinal: 2, logicalOffset: 2 << 20)
    #expect(ExtentName(key: name.key) == name)
    let later = ExtentName(epoch: 3, stream: 9, ordinal: 10, logicalOffset: 10 << 20)
    #expect(name.key < later.key)
  }
}

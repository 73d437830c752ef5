import BlobEngine
import Bytes
import Codec
import Testing

/// Random values of each structure go through their bytes and come back.
@Suite("Round trips")
struct RoundTripTests {
  private let checksum = FormatExamples.checksum
  private let segment = FormatExamples.segment

  @Test func `footers of any length, across pages`() throws {
    let seed = FormatGenerator.makeSeed(for: "footers")
    var generator = FormatGenerator(seed: seed)
    for count in [0, 1, 72, 73, 1169, 1170, 1171, 2340, 2341, 5000] {
      let entries = (0..<count).map { number in
        FooterEntry(
          key: SHA256Digest(words: (generator.next(), generator.next(), 0, generator.next())),
          offset: 4096 + generator.next() % 1_000_000 * 64,
          recordByteCount: 96 + UInt32(generator.next() % 4_000_000),
          scope: UInt32(truncatingIfNeeded: generator.anyWidth()),
          type: RecordType.allCases[Int(generator.next() % 10)],
          flags: RecordFlags(rawValue: UInt16(generator.next() % 16)),
          sequence: UInt64(number)
        )
      }
      let bytes = Footer.encode(entries, in: segment)
      #expect(bytes.count == Footer.byteCount(entryCount: count))
      let back = try Footer.decode(bytes.span, entryCount: count, in: segment, at: 8192)
      #expect(back == entries.sorted(), "seed \(seed), \(count) entries")
      guard count > 0 else { continue }
      var broken = bytes
      let position = Int(generator.next() % UInt64(bytes.count))
      broken[position] ^= 4
      let place = 8192 + UInt64(position / 65536 * 65536)
      #expect(throws: FormatError(.badChecksum, in: .footerPage, at: place)) {
        _ = try Footer.decode(broken.span, entryCount: count, in: segment, at: 8192)
      }
    }
  }

  @Test func `index partitions of any length, across pages`() throws {
    let seed = FormatGenerator.makeSeed(for: "partitions")
    var generator = FormatGenerator(seed: seed)
    for count in [0, 1, 255, 256, 4094, 4095, 4096, 8191, 20_000] {
      let entries = (0..<count).map { _ in
        IndexEntry(
          fingerprint: generator.next(),
          place: IndexPlace(
            slot: UInt32(generator.next() % 1000),
            offset: generator.next() % 4_000_000 * 64,
            recordByteCount: generator.next() % 2_000_000,
            kind: .blob
          )
        )
      }
      var header = FormatExamples.checkpointHeader
      header.entryCount = UInt64(count)
      let bytes = CheckpointPages.encode(
        entries,
        partition: header.partition,
        generationID: header.generationID,
        checksum: checksum
      )
      #expect(bytes.count == CheckpointPages.byteCount(entryCount: count))
      let back = try CheckpointPages.decode(bytes.span, header: header, checksum: checksum)
      #expect(back == entries, "seed \(seed), \(count) entries")
      guard count > 0 else { continue }
      header.generationID += 1
      #expect(throws: FormatError(.badChecksum, in: .checkpointPage, at: 4096)) {
        _ = try CheckpointPages.decode(bytes.span, header: header, checksum: checksum)
      }
    }
  }

  @Test func `extensions of any items`() throws {
    let seed = FormatGenerator.makeSeed(for: "extensions")
    var generator = FormatGenerator(seed: seed)
    for round in 0..<300 {
      let every = FormatExamples.everyItem
      var items = RecordExtension()
      if generator.chance(1, in: 2) {
        items.digests = every.digests.filter { _ in generator.chance(1, in: 2) }
      }
      if generator.chance(1, in: 2) {
        items.blockDigests = (0..<(1 + generator.next() % 40)).map { _ in generator.next() }
      }
      if generator.chance(1, in: 2) { items.milliseconds = generator.next() }
      if generator.chance(1, in: 2) {
        items.compressionLevel = UInt32(truncatingIfNeeded: generator.next())
      }
      if generator.chance(1, in: 2) {
        items.frames = FrameTable(
          logicalByteCount: 1 + UInt32(generator.next() % 1_000_000),
          storedByteCounts: (0..<(1 + generator.next() % 9)).map { _ in
            UInt32(generator.next() % 100)
          }
        )
      }
      if generator.chance(1, in: 2) { items.extents = every.extents }
      if generator.chance(1, in: 2) { items.runs = every.runs }
      if generator.chance(1, in: 2) { items.checkpoint = every.checkpoint }
      if generator.chance(1, in: 2) { items.retired = every.retired }
      if generator.chance(1, in: 2) {
        items.seal = RecordSeal(
          keyID: KeyID(value: UInt128(generator.next()) << 64),
          salt: RecordSalt(low: UInt128(generator.next()), high: UInt128(generator.next()) << 9)
        )
        items.tags = generator.bytes(16 * Int(1 + generator.next() % 5))
      }
      if generator.chance(1, in: 2) {
        items.unknown = [
          UnknownItem(type: 0x7000, value: generator.bytes(Int(generator.next() % 30)))
        ]
      }
      let bytes = items.encode()
      #expect(bytes.count % 8 == 0)
      #expect(bytes.isEmpty == items.isEmpty)
      let back = try RecordExtension(decoding: bytes.span, offset: 0)
      #expect(back == items, "seed \(seed), round \(round)")
    }
  }

  @Test func `batches of any records`() throws {
    let seed = FormatGenerator.makeSeed(for: "batches")
    var generator = FormatGenerator(seed: seed)
    for round in 0..<60 {
      var builder = BatchBuilder()
      var expected: [(RecordHead, [UInt8], Int)] = []
      for number in 0..<(1 + generator.next() % 20) {
        let payload = generator.bytes(Int(generator.anyWidth() % 3000))
        let head = RecordHead(
          type: .blob,
          flags: generator.chance(1, in: 4) ? .relaxed : [],
          sequence: number * 3,
          logicalByteCount: UInt64(payload.count),
          key: FormatExamples.key(UInt8(number))
        )
        let place = builder.append(head, payload: payload.span, checksum: checksum)
        expected.append((head, payload, place.position))
      }
      let sealed = builder.seal(
        number: UInt32(round),
        nextSequence: 100,
        previousDigest: generator.next(),
        in: segment,
        at: 4096
      )
      #expect(sealed.bytes.count % 4096 == 0)
      let head = try BatchHead(decoding: sealed.bytes.span, at: 0, in: segment, at: 4096)
      #expect(head == sealed.head)
      try head.checkBody(sealed.bytes.span, in: segment, at: 4096)
      let records = FormatExamples.records(of: sealed.bytes, head: head)
      #expect(records.count == expected.count, "seed \(seed), round \(round)")
      for (record, (head, payload, position)) in zip(records, expected) {
        #expect(record.position == position)
        #expect(record.position % 64 == 0)
        #expect(record.head.key == head.key)
        #expect(record.head.flags == head.flags)
        #expect(Array(sealed.bytes[record.payload]) == payload)
      }
    }
  }
}

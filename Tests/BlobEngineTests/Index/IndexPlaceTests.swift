import BlobEngine
import Bytes
import Codec
import Testing

@Suite("Index places")
struct IndexPlaceTests {
  @Test func `a place gives back what it was made of`() {
    let seed = FormatGenerator.makeSeed(for: "index places")
    var generator = FormatGenerator(seed: seed)
    for _ in 0..<2000 {
      let slot = UInt32(generator.next() % UInt64(StoreFormat.maximumSlotCount))
      let offset = generator.next() % (StoreFormat.maximumSegmentByteCount / 64) * 64
      let size = generator.anyWidth() % UInt64(StoreFormat.maximumBatchByteCount)
      let kind = IndexKind.allCases[Int(generator.next() % 3)]
      let flags = IndexFlags(rawValue: UInt8(generator.next() % 32))
      let place = IndexPlace(
        slot: slot,
        offset: offset,
        recordByteCount: size,
        kind: kind,
        flags: flags
      )
      #expect(place.slot == slot)
      #expect(place.offset == offset)
      #expect(place.kind == kind)
      #expect(place.flags == flags)
      #expect(place.readByteCount >= size)
      #expect(IndexPlace(rawValue: place.rawValue) == place)
      let other = IndexPlace(slot: slot, offset: offset, recordByteCount: size + 999, kind: .blob)
      #expect(place.isSameRecord(as: other))
    }
  }

  @Test func `fields lie where the format has them`() {
    let place = IndexPlace(
      slot: 0x54321,
      offset: 0x2AAAAA * 64,
      recordByteCount: 31,
      kind: .recipe,
      flags: .relaxed
    )
    // Class of 31: exponent 1, mantissa 15.
    #expect(place.rawValue == 0x54321 | 0x2AAAAA << 20 | 0x1F << 42 | 3 << 52 | 16 << 55)
  }

  @Test func `words that are no places are refused`() {
    #expect(IndexPlace(rawValue: 0) == nil, "an empty slot")
    #expect(IndexPlace(rawValue: 4 << 52) == nil, "a kind given to nobody")
    #expect(IndexPlace(rawValue: 1 << 52 | 1 << 60) == nil, "a spare bit")
    #expect(IndexPlace(rawValue: 1 << 52) != nil)
  }

  @Test func `a length class covers its length and at most a sixteenth more`() {
    var generator = FormatGenerator(seed: 1)
    var counts: [UInt64] = Array(0...1100)
    for shift in 4..<40 as Range<UInt64> {
      for step in 0..<3 as Range<UInt64> { counts.append((1 << shift) - 1 + step) }
    }
    for _ in 0..<5000 { counts.append(generator.anyWidth() >> 8) }
    for count in counts {
      let covered = SizeClass(covering: count).byteCount
      #expect(covered >= count)
      #expect(covered - count <= count / 16, "\(count) bytes")
      #expect(SizeClass(covering: covered).byteCount == covered, "a class covers itself exactly")
    }
  }

  @Test func `no class traps`() {
    for rawValue in 0..<1024 as Range<UInt16> {
      #expect(SizeClass(rawValue: rawValue).byteCount >= 0)
    }
  }

  @Test func `the fingerprint depends on key, scope and secret`() throws {
    let checksum = FormatExamples.checksum
    let key = FormatExamples.key(0xAB)
    let plain = IndexKey(key, checksum: checksum)
    #expect(plain.partition == 0xAB)
    #expect(plain.fingerprint == checksumOf(key.bytes))
    #expect(IndexKey(key, scope: 0, checksum: checksum) == plain)
    #expect(
      IndexKey(key, scope: 7, checksum: checksum).fingerprint
        == checksumOf(key.bytes + [7, 0, 0, 0])
    )
    #expect(IndexKey(key, checksum: .plain) != plain)
  }

  private func checksumOf(_ bytes: [UInt8]) -> UInt64 {
    FormatExamples.checksum.digest64(bytes.span)
  }
}

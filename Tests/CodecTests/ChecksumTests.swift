import Bytes
import Codec
import Testing

@Suite("Checksum")
struct ChecksumTests {
  /// Made by the scalar code of xxHash 0.8.1, inlined; the plain ones agree with python-xxhash.
  struct Vector: CustomTestStringConvertible {
    let byteCount: Int
    let plain64, plainLow, plainHigh, keyed64, keyedLow, keyedHigh: UInt64
    var testDescription: String { "\(byteCount) bytes" }

    init(
      _ byteCount: Int,
      _ plain64: UInt64,
      _ plainLow: UInt64,
      _ plainHigh: UInt64,
      _ keyed64: UInt64,
      _ keyedLow: UInt64,
      _ keyedHigh: UInt64
    ) {
      self.byteCount = byteCount
      self.plain64 = plain64
      self.plainLow = plainLow
      self.plainHigh = plainHigh
      self.keyed64 = keyed64
      self.keyedLow = keyedLow
      self.keyedHigh = keyedHigh
    }
  }

  // Lengths on both sides of each of the algorithm's four ways: 16, 128, 240 bytes.
  static let vectors: [Vector] = [
    .init(
      0,
      0x2D06800538D394C2,
      0x6001C324468D497F,
      0x99AA06D3014798D8,
      0x8AC65A048C188FE5,
      0x004ED27F7FCCCFE3,
      0xF3029DDCE5FB903F
    ),
    .init(
      1,
      0x4C5CCA45D0F4811F,
      0x4C5CCA45D0F4811F,
      0x495B62073EF70CA4,
      0x64ED7B5BBCD1ACB6,
      0x64ED7B5BBCD1ACB6,
      0x0F1AF8632A21AFFE
    ),
    .init(
      3,
      0x6E3E2670E61106AC,
      0x6E3E2670E61106AC,
      0x390CDC5B4A895DD7,
      0xCFDFEB9ECCD7600D,
      0xCFDFEB9ECCD7600D,
      0x17F6E799C6A12F66
    ),
    .init(
      4,
      0x5C4C63133443D03F,
      0x3D668AF6F2A44D77,
      0xAA6E2F274640A3F4,
      0xD3D5A6DEA57AED60,
      0x1DE12CF656AE7608,
      0xE5C2125BCD3D20C6
    ),
    .init(
      8,
      0xF9FD4DD0B04D78F5,
      0x61DDBE7F31A6100D,
      0x6A86A3BDA6AF4E3D,
      0xBD75FE3CE8A7675A,
      0xA2C15CDA694C81F5,
      0xC8C3DE10DED703B6
    ),
    .init(
      9,
      0x7C20DF9712C26EDF,
      0x8C7B67FD458A936B,
      0x664C7CA18AFD6255,
      0x14E7E5BDD6A50ADB,
      0x942F5A83089E1A50,
      0x449D7003AD37CB95
    ),
    .init(
      16,
      0x86ABF6BACCEA0858,
      0xE2CE54A7C19C730D,
      0x7F9A218B0425449A,
      0xA062F14DF6A649F1,
      0xB960A7162C91BC63,
      0x62E6F1D615B1376E
    ),
    .init(
      17,
      0xB58BF5DC5022D071,
      0x8D96EF110FCDEBB4,
      0x66FC23F6439DBD77,
      0xFED78E247C995AB9,
      0xE9A7820751E3E7A3,
      0x11D23B4461EA0406
    ),
    .init(
      64,
      0x1291D2D4042330DD,
      0xBA7E015A54F14BE1,
      0xE0FAF20E0E0FE0DD,
      0xA3BD266CB87C2501,
      0x8C1CC9FDD062523E,
      0x5351B8CAC4584360
    ),
    .init(
      128,
      0x10D17F72C0CCBA41,
      0xFF361DEC1385710A,
      0xAEC730751478556C,
      0x08563764F86A627B,
      0xB5A7C830CE86315E,
      0xB6C8E01EE3D6885D
    ),
    .init(
      129,
      0x1648BDC3DB49D1A2,
      0x4545B3A09738E31A,
      0x98CD36CCBB557926,
      0x5BB2FE9B668E6A0C,
      0x35FBE1EC9DFFF499,
      0xC422A1341DF759AF
    ),
    .init(
      240,
      0xB6CFAF343FAB81E6,
      0x3F2C53E72293711F,
      0x5293E17BF553903D,
      0xA9C975B092A389E7,
      0x26B705D767D15C16,
      0x29363E5B47570232
    ),
    .init(
      241,
      0x956CAE592C67279E,
      0x956CAE592C67279E,
      0xB53840FE3FEDF161,
      0xA369511E3A66324E,
      0xA369511E3A66324E,
      0x217AA64A931F2C6D
    ),
    .init(
      512,
      0xB383E80B91C39DC3,
      0xB383E80B91C39DC3,
      0x1CE9AE3BCFFF66C4,
      0x170E4A3D6DB3062B,
      0x170E4A3D6DB3062B,
      0x374F518E76D71D18
    ),
    .init(
      1024,
      0x9BB68F1FC0D4408C,
      0x9BB68F1FC0D4408C,
      0xF74ABFEE36CA5EB6,
      0x8CEF409F28A061BB,
      0x8CEF409F28A061BB,
      0x250F47D940F53D48
    ),
    .init(
      1025,
      0x98E8EC13F4C92D1A,
      0x98E8EC13F4C92D1A,
      0x0D472C059E7A4FBB,
      0xE2FF582EA7317290,
      0xE2FF582EA7317290,
      0x3DDE8EB03C5C10A3
    ),
    .init(
      4096,
      0x92BE38F02E49386E,
      0x92BE38F02E49386E,
      0x2068DB55CC61EA56,
      0x9677B9CAD37FBBCD,
      0x9677B9CAD37FBBCD,
      0x0095BC951C9E11A5
    ),
    .init(
      65536,
      0xC0A93859D90F3F86,
      0xC0A93859D90F3F86,
      0x14684D74ED096C69,
      0x316B9AA6A85B35A3,
      0x316B9AA6A85B35A3,
      0x5108081E4D52F379
    ),
    .init(
      200000,
      0x497CCAA50E5F9D52,
      0x497CCAA50E5F9D52,
      0x7CEF800B865AD92D,
      0xB3275F720F8790EA,
      0xB3275F720F8790EA,
      0x4FEF1A9EAC7ACAD2
    ),
  ]

  @Test(arguments: vectors)
  func `plain and keyed checksums are those of the reference`(vector: Vector) throws {
    let bytes = TestBytes.pattern(vector.byteCount)
    let keyed = try #require(Checksum(secret: TestBytes.secret))
    #expect(Checksum.plain.sum64(bytes) == vector.plain64)
    #expect(
      Checksum.plain.sum128(bytes)
        == Digest128(low: vector.plainLow, high: vector.plainHigh)
    )
    #expect(keyed.sum64(bytes) == vector.keyed64)
    #expect(
      keyed.sum128(bytes) == Digest128(low: vector.keyedLow, high: vector.keyedHigh)
    )
  }

  @Test(arguments: [63, 256, 1000, 4096])
  func `bytes in pieces sum up like bytes in one`(pieceByteCount: Int) throws {
    let bytes = TestBytes.pattern(10_000)
    for checksum in [Checksum.plain, try #require(Checksum(secret: TestBytes.secret))] {
      var stream = ChecksumStream(checksum)
      let nothing = stream.digest64()
      #expect(nothing == checksum.sum64([]))
      for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
        let end = min(start + pieceByteCount, bytes.count)
        stream.update(bytes.span.extracting(start..<end))
        let soFar = stream.digest64()
        #expect(soFar == checksum.sum64(Array(bytes[..<end])))
      }
    }
  }

  @Test func `a secret of any other length is refused`() {
    for count in [0, 136, 191, 193] {
      #expect(Checksum(secret: [UInt8](repeating: 1, count: count)) == nil)
    }
  }

  @Test func `the secret decides, for short inputs too`() throws {
    // Not the first secret with one value xored in: short inputs are mixed with two of its words
    // xored with each other, and such a change would cancel out.
    let other = (0..<192).map { UInt8(truncatingIfNeeded: $0 * 59 + 3) }
    let first = try #require(Checksum(secret: TestBytes.secret))
    let second = try #require(Checksum(secret: other))
    for count in [0, 1, 8, 16, 32, 128, 240, 241, 5000] {
      let bytes = TestBytes.pattern(count)
      #expect(first.sum64(bytes) != second.sum64(bytes), "\(count) bytes")
    }
  }
}

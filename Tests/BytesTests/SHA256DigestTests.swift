import Bytes
import Testing

@Suite("SHA-256 digest")
struct SHA256DigestTests {
  private let text = "00112233445566778899aabbccddeeff0102030405060708090a0b0c0d0e0f10"

  /// The test macros cannot take a span.
  private func digest(_ bytes: [UInt8]) -> SHA256Digest? {
    SHA256Digest(bytes: bytes.span)
  }

  private func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes.span.littleEndian(at: offset)
  }

  @Test func `a digest survives the trip through text and bytes`() throws {
    let digest = try #require(SHA256Digest(hexadecimal: text))
    #expect(digest.hexadecimal == text)
    #expect(self.digest(digest.bytes) == digest)
  }

  @Test func `upper case reads as the same digest`() {
    #expect(SHA256Digest(hexadecimal: text.uppercased()) == SHA256Digest(hexadecimal: text))
  }

  @Test(arguments: ["", "0", "zz", "00112233"])
  func `what is not 64 digits is no digest`(text: String) {
    #expect(SHA256Digest(hexadecimal: text) == nil)
  }

  @Test func `order is the order of the bytes`() throws {
    let low = digest([1] + [UInt8](repeating: 255, count: 31))
    let high = digest([2] + [UInt8](repeating: 0, count: 31))
    try #require(low != nil && high != nil)
    #expect(low.flatMap { low in high.map { low < $0 } } == true)
  }

  @Test func `integers are little-endian and may be unaligned`() {
    let bytes: [UInt8] = [9, 0x78, 0x56, 0x34, 0x12]
    #expect(word(bytes, at: 1) == 0x1234_5678)
    var copy = [UInt8](repeating: 0, count: 5)
    var span = copy.mutableSpan
    span.storeLittleEndian(UInt32(0x1234_5678), at: 1)
    #expect(copy == [0, 0x78, 0x56, 0x34, 0x12])
  }
}

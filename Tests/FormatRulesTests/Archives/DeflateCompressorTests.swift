import Codec
import Testing

@testable import FormatRules

@Suite("Frames of deflate")
struct DeflateCompressorTests {
  @Test(arguments: [0, 1, 100, 65535, 65536, 400_000])
  func `what was compressed comes back`(byteCount: Int) throws {
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 / 7 &* $0 / 91) }
    var reader = GzipReader()
    reader.feed(DeflateCompressor.compress(bytes.span, as: .gzip))
    var read: [UInt8] = []
    while case let chunk = try reader.produce(upTo: 1 << 16), !chunk.isEmpty { read += chunk }
    #expect(read == bytes && reader.isFinished)
  }

  @Test func `repeated text shrinks, and equal bytes have equal frames`() {
    let text = Array(String(repeating: #"{"name":"left-pad","version":"1.3.0"},"#, count: 500).utf8)
    let frame = DeflateCompressor.compress(text.span, as: .gzip)
    #expect(frame.count < text.count / 50)
    #expect(frame == DeflateCompressor.compress(text.span, as: .gzip))
  }

  @Test func `a frame of zlib ends in the checksum of RFC 1950`() {
    let frame = DeflateCompressor.compress(Array("Wikipedia".utf8).span, as: .zlib)
    #expect(frame.first == 0x78 && frame.suffix(4) == [0x11, 0xE6, 0x03, 0x98])
  }
}

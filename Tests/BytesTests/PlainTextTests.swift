import Bytes
import Testing

/// What is passed over eight bytes at a time must end where it would have, byte for byte.
@Suite("Plain text")
struct PlainTextTests {
  /// The test macros cannot take a span.
  private func end(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
    bytes.span.endOfPlainText(from: start, to: end)
  }

  private func isPlain(_ byte: UInt8) -> Bool {
    0x20..<0x80 ~= byte && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  @Test func `every byte ends it at every place of a word, or does not`() {
    for byte in UInt8.min ... .max {
      for place in 0..<20 {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 20)
        bytes[place] = byte
        #expect(end(bytes, from: 0, to: 20) == (isPlain(byte) ? 20 : place), "\(byte) at \(place)")
      }
    }
  }

  @Test func `a marked byte hides none before it`() {
    let suspects: [UInt8] = [
      0x00, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7F, 0x80, 0xFF,
    ]
    for first in suspects {
      for second in suspects {
        let bytes = [UInt8(ascii: "x"), first, second] + [UInt8](repeating: 0x61, count: 8)
        let naive = bytes.firstIndex { !isPlain($0) } ?? bytes.count
        #expect(end(bytes, from: 0, to: bytes.count) == naive, "\(first) \(second)")
      }
    }
  }

  @Test func `it stays between its bounds`() {
    let bytes = Array("\"0123456789abcdef\"".utf8)
    #expect(end(bytes, from: 1, to: 17) == 17)
    #expect(end(bytes, from: 1, to: 18) == 17)
    #expect(end(bytes, from: 3, to: 9) == 9)
    #expect(end(bytes, from: 4, to: 4) == 4)
    #expect(end([], from: 0, to: 0) == 0)
  }
}

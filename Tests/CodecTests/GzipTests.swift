import Bytes
import Codec
import Testing

/// What another program compressed comes back as it was, and nothing else passes for it.
@Suite("Gzip")
struct GzipTests {
  private static func frame(_ bytes: [UInt8]) -> [UInt8] {
    DeflateCompressor.compress(bytes.span, as: .gzip)
  }

  private func plain(
    _ bytes: [UInt8],
    limit: Int = 1 << 26
  ) throws(GzipError) -> [UInt8] {
    try GzipDecompressor.decompress(bytes.span, limit: limit)
  }

  @Test(arguments: [0, 1, 19, 4096, 300_000])
  func `what was compressed comes back`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
    #expect(try plain(Self.frame(bytes)) == bytes)
    #expect(try plain(Self.frame(bytes), limit: count) == bytes)
  }

  /// RFC 1952 section 2.2; the length that stands last is the second member's alone.
  @Test func `members that follow one another are one text`() throws {
    let (first, second) = ([UInt8](repeating: 1, count: 200_000), [UInt8](repeating: 2, count: 3))
    #expect(try plain(Self.frame(first) + Self.frame(second)) == first + second)
    #expect(throws: GzipError.tooLong) {
      try plain(Self.frame(first) + Self.frame(second), limit: 200_002)
    }
  }

  @Test func `members have an end`() throws {
    let frame = Self.frame([7])
    let members = { (count: Int) in [UInt8]([[UInt8]](repeating: frame, count: count).joined()) }
    #expect(try plain(members(1000)).count == 1000)
    #expect(throws: GzipError.damaged) { try plain(members(1001)) }
  }

  @Test func `what is longer than allowed is refused`() {
    let bomb = Self.frame([UInt8](repeating: 0, count: 1 << 20))
    #expect(throws: GzipError.tooLong) { try plain(bomb, limit: (1 << 20) - 1) }
    #expect(throws: GzipError.tooLong) { try plain(bomb, limit: 0) }
  }

  /// A length that is stated too large takes no memory beyond what the input can make.
  @Test func `a length that is not true is no harm`() {
    var frame = Self.frame([1, 2, 3])
    frame.replaceSubrange((frame.count - 4)..., with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(throws: GzipError.damaged) { try plain(frame, limit: .max) }
  }

  @Test func `what is damaged or cut short is refused`() {
    let frame = Self.frame((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* $0 / 3) })
    for end in [0, 1, 10, 19, frame.count / 2, frame.count - 1] {
      #expect(throws: GzipError.damaged) { try plain(Array(frame[..<end])) }
    }
    for place in stride(from: 0, to: frame.count, by: 97) where !(4..<10).contains(place) {
      var damaged = frame
      damaged[place] ^= 0x55
      #expect(throws: GzipError.damaged, "\(place)") { try plain(damaged) }
    }
    #expect(throws: GzipError.damaged) { try plain(frame + [0]) }
  }
}

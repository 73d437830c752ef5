import Testing

@testable import FormatRules

@Suite("Inflating")
struct InflaterTests {
  private func inflate(
    _ bytes: [UInt8],
    pieces: Int,
    chunk: Int
  ) throws -> (bytes: [UInt8], isFinished: Bool) {
    var inflater = Inflater()
    var result: [UInt8] = []
    for piece in bytes.pieces(of: pieces) {
      inflater.feed(piece)
      while true {
        let more = try inflater.produce(upTo: chunk)
        #expect(more.count <= chunk + 258)
        if more.isEmpty { break }
        result += more
      }
    }
    return (result, inflater.isFinished)
  }

  @Test(arguments: ["0", "1", "6", "9", "fixed"], [1, 7, 1000, 100_000])
  func `what zlib deflated comes back, however it is cut`(level: String, pieces: Int) throws {
    let expected = try Corpus.bytes("text.raw")
    let deflated = try Corpus.bytes("text-\(level).deflate")
    for chunk in [13, 100_000] {
      let result = try inflate(deflated, pieces: pieces, chunk: chunk)
      #expect(result.bytes == expected)
      #expect(result.isFinished)
    }
  }

  @Test func `a stream that was cut is not finished`() throws {
    let deflated = try Corpus.bytes("text-9.deflate")
    for length in stride(from: 0, to: deflated.count - 1, by: 97) {
      #expect(try !inflate(Array(deflated[..<length]), pieces: 500, chunk: 1000).isFinished)
    }
  }

  @Test func `bytes after the end are counted`() throws {
    var inflater = Inflater()
    inflater.feed(try Corpus.bytes("text-9.deflate") + [1, 2, 3])
    while try !inflater.produce(upTo: 1000).isEmpty {}
    #expect(inflater.isFinished)
    #expect(inflater.unreadByteCount == 3)
  }

  /// Each breaks one rule of RFC 1951: kind 3, a stored length without its complement, a distance
  /// before the beginning, over-subscribed and incomplete code lengths.
  @Test(
    arguments: [
      [0x07], [0x01, 0x05, 0x00, 0x00, 0x00], [0x03, 0x02, 0x00],
      [0x05, 0xC0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x05, 0xC0, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00],
    ] as [[UInt8]]
  )
  func `broken streams are errors`(bytes: [UInt8]) {
    #expect(throws: MalformedInput.self) {
      try inflate(bytes + [UInt8](repeating: 0, count: 20), pieces: 100, chunk: 1000)
    }
  }

  @Test func `members of gzip follow one another`() throws {
    let expected = Array(try Corpus.bytes("text.raw")[..<9000])
    for pieces in [1, 10_000] {
      var reader = GzipReader()
      var result: [UInt8] = []
      for piece in try Corpus.bytes("members.gz").pieces(of: pieces) {
        reader.feed(piece)
        while true {
          let more = try reader.produce(upTo: 500)
          if more.isEmpty { break }
          result += more
        }
      }
      #expect(result == expected)
      #expect(reader.isFinished)
    }
  }

  @Test func `gzip's checksum is compared`() throws {
    var bytes = try Corpus.bytes("members.gz")
    bytes[bytes.count - 7] ^= 1
    var reader = GzipReader()
    reader.feed(bytes)
    #expect(throws: MalformedInput.self) { while try !reader.produce(upTo: 1000).isEmpty {} }
  }

  @Test func `the checksum is that of RFC 1952`() {
    var checksum = CRC32()
    checksum.update("1234".bytes)
    checksum.update("56789".bytes)
    #expect(checksum.value == 0xCBF4_3926)
  }
}

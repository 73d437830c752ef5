import Bytes
import Codec
import Testing

@Suite("Zstandard frames")
struct ZstandardTests {
  private let text = Array(
    String(repeating: "all work and no play makes a dull blob ", count: 400).utf8
  )

  @Test(arguments: [0, 1, 100, 15_600])
  func `what was compressed comes back`(byteCount: Int) throws {
    var compressor = ZstandardCompressor()
    var decompressor = ZstandardDecompressor()
    let input = Array(text.prefix(byteCount))
    for _ in 0..<3 {
      let made = compressor.compress(input.span)
      let frame = try #require(made)
      let back = try decompressor.decompress(frame.span, byteCount: input.count)
      #expect(back == input)
    }
  }

  @Test func `a frame that does not fit its limit is nil, and the next one is unharmed`() throws {
    var compressor = ZstandardCompressor(level: ZstandardCompressor.sampleLevel)
    let noise = TestBytes.noise(10_000)
    let refused = compressor.compress(noise.span, limit: Compressibility.limit(of: noise.count))
    #expect(refused == nil)
    let made = compressor.compress(text.span, limit: Compressibility.limit(of: text.count))
    let frame = try #require(made)
    #expect(frame.count < 200)
    #expect(try decompress(frame, byteCount: text.count) == text)
  }

  @Test func `a frame of another tool is read`() throws {
    // zstd 1.5.4: printf 'larder larder larder larder' | zstd -c --no-check --stream-size=27
    let frame = try #require(Hexadecimal.decode("28b52ffd201b6d0000386c6172646572200100a28b11"))
    let bytes = try decompress(frame, byteCount: 27)
    #expect(bytes == Array("larder larder larder larder".utf8))
  }

  @Test func `a frame with another length than the record says is refused`() throws {
    let frame = try #require(compress(text))
    for count in [0, text.count - 1, text.count + 1, .max] {
      #expect(throws: ZstandardError.wrongLength) {
        _ = try decompress(frame, byteCount: count)
      }
    }
  }

  @Test func `anything but one whole frame is damage`() throws {
    let frame = try #require(compress(text))
    let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0]
    for bytes in [
      [], Array(frame.dropLast()), frame + frame, frame + [0], Array(text.prefix(100)), skippable,
    ] {
      #expect(throws: ZstandardError.damagedFrame) {
        _ = try decompress(bytes, byteCount: text.count)
      }
    }
  }

  @Test func `a frame that wants a huge window is refused before memory is taken`() throws {
    // zstd 1.5.4: head -c 300000 /dev/zero | zstd --long=27 -c
    let frame = try #require(
      Hexadecimal.decode("28b52ffd04886400001000000200e9ff3773e0012c02001000039f04002d28de26")
    )
    #expect(throws: ZstandardError.windowTooLarge) {
      _ = try decompress(frame, byteCount: 300_000)
    }
  }

  @Test func `a flipped bit gives an error or as many bytes as were asked for`() throws {
    let frame = try #require(compress(text))
    for bit in 0..<(frame.count * 8) {
      var broken = frame
      broken[bit / 8] ^= 1 << (bit % 8)
      let bytes = try? decompress(broken, byteCount: text.count)
      // The frame has no checksum of its own: the record's covers it. What counts here is that the
      // answer is an error or exactly as many bytes as were asked for.
      #expect(bytes == nil || bytes?.count == text.count)
    }
  }
}

@Suite("Zstandard frames without a compressor")
struct ZstandardFrameTests {
  @Test(arguments: [0, 1, 255, 256, 131_071, 131_072, 131_073, 262_144, 1_000_000])
  func `bytes held in raw blocks come back, by the library and by another tool's rules`(
    byteCount: Int
  ) throws {
    let bytes = TestBytes.noise(byteCount)
    let frame = ZstandardFrame.holding(bytes.span)
    #expect(try decompress(frame, byteCount: byteCount) == bytes)
    let blockCount = max(1, (byteCount + 131_071) / 131_072)
    #expect(frame.count == 14 + 3 * blockCount + byteCount)
    try ZstandardFrame.check(frame.span, byteCount: byteCount)
  }

  @Test func `the frame around three bytes is this one`() throws {
    // zstd 1.5.4 reads "abc" out of it.
    let frame = try #require(Hexadecimal.decode("28b52ffdc0380300000000000000190000616263"))
    let bytes = Array("abc".utf8)
    let made = ZstandardFrame.holding(bytes.span)
    #expect(made == frame)
  }

  @Test func `a frame with a dictionary is refused`() throws {
    // The frame around three bytes, with a dictionary's number of one byte.
    let frame = try #require(Hexadecimal.decode("28b52ffdc138070300000000000000190000616263"))
    #expect(throws: ZstandardError.damagedFrame) {
      try ZstandardFrame.check(frame.span, byteCount: 3)
    }
  }
}

@Suite("Compressibility")
struct CompressibilityTests {
  @Test(
    arguments: [
      [0x1F, 0x8B, 0x08, 0x00], [0x50, 0x4B, 0x03, 0x04, 0x14], [0x28, 0xB5, 0x2F, 0xFD],
      [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], Array("BZh91AY".utf8), [0x04, 0x22, 0x4D, 0x18],
      [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
      [0xFF, 0xD8, 0xFF, 0xE0], Array("wOF2".utf8), [0, 0, 0, 0x20] + Array("ftypisom".utf8),
      Array("RIFFxxxxWEBPVP8 ".utf8),
    ] as [[UInt8]]
  )
  func `formats that compress are stored raw`(start: [UInt8]) {
    #expect(compressibility(start) == .compressedAlready)
  }

  @Test func `anything else is worth a try, and so is half a signature`() {
    for start in ["", "P", "<!DOCTYPE html>", "{\"name\":", "RIFFxxxxWAVE", "\u{7F}ELF"] {
      #expect(compressibility(Array(start.utf8)) == .worthTrying)
    }
    #expect(compressibility([0x1F, 0x8B]) == .worthTrying)
  }

  @Test func `an eighth must be saved`() {
    #expect(Compressibility.limit(of: 0) == 0)
    #expect(Compressibility.limit(of: 1) == 0)
    #expect(Compressibility.limit(of: 8) == 7)
    #expect(Compressibility.limit(of: 9) == 7)
    #expect(Compressibility.limit(of: 131_072) == 114_688)
  }
}

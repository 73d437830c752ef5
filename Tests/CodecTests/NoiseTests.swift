import Bytes
import Codec
import Testing

/// Which bytes are stored as they are without a compressor having tried.
@Suite("Noise")
struct NoiseTests {
  @Test(arguments: [1_024, 1_500, 4_096, 16_384, 131_072, 1_000_003])
  func `what no compressor can do anything with is noise`(byteCount: Int) {
    #expect(isNoise(TestBytes.noise(byteCount)))
  }

  @Test(arguments: [0, 1, 1_023]) func `too little of it is not called so`(byteCount: Int) {
    #expect(!isNoise(TestBytes.noise(byteCount)))
  }

  /// Each saves an eighth or more; the first three prefer no value.
  @Test(arguments: compressible.keys.sorted())
  func `what a compressor shortens is not noise`(name: String) throws {
    let bytes = try #require(Self.compressible[name])
    #expect(!isNoise(bytes))
    #expect(compress(bytes, limit: Compressibility.limit(of: bytes.count)) != nil)
  }

  private static let compressible: [String: [UInt8]] = [
    "a ramp": (0..<16_384).map { UInt8(truncatingIfNeeded: $0) },
    "steps of a size": TestBytes.pattern(16_384),
    "a slow ramp": (0..<16_384).map { UInt8(truncatingIfNeeded: $0 / 16) },
    "numbers": (0..<4_096).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8), 0, 0] },
    "noise with holes": TestBytes.noise(16_384).enumerated().map { $0 % 3 == 0 ? 0 : $1 },
    "letters": Array(Base64.encode(TestBytes.noise(12_288)).utf8),
    "a text": Array(String(repeating: "The quick brown fox, again. ", count: 600).utf8),
  ]

  private func isNoise(_ bytes: [UInt8]) -> Bool { Compressibility.isNoise(bytes.span) }
}

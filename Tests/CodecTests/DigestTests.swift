import Bytes
import Codec
import Testing

@Suite("Digests")
struct DigestTests {
  struct Vector: CustomTestStringConvertible {
    let byteCount: Int
    let md5, sha1, sha256, sha512: String
    var testDescription: String { "\(byteCount) bytes" }
  }

  // From Python's hashlib.
  static let vectors = [
    Vector(
      byteCount: 0,
      md5: "d41d8cd98f00b204e9800998ecf8427e",
      sha1: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      sha512:
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
        + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
    ),
    Vector(
      byteCount: 1000,
      md5: "0c641f3870378df33fbc0625d060e404",
      sha1: "cbcf38edd92d45731d2f5f392638d5f061ec56ff",
      sha256: "67f6a72bfa693009456312f59875326789bec191f0634ca7d7f15fed4218cd66",
      sha512:
        "22a27821828b2db2938d3260a9156f6a54958793bace76ef83d8bab6d13b156f"
        + "691d4639ca27bcb5d59a4a8c225fed130be34f5c6455f60e004268eee9b67914"
    ),
    Vector(
      byteCount: 200000,
      md5: "9105e2c5d65307f9f0014b331ce698cc",
      sha1: "7a10ceff23dd6609f9ab399e23b7cb1ff0b3b451",
      sha256: "7137689d94792acd6c88e841018c431738d4ccb2116dc29347f053aa999e3430",
      sha512:
        "c63238e3cb1251b121b037b889b05d3a33cbf2cf6e5cfbc4ae2c17a6f5a40234"
        + "23cf4dea720c55d01655ca76ba0acb10d4c9dbecaececbac7a8aba8c3448a7e2"
    ),
  ]

  @Test(arguments: vectors)
  func `the digests are hashlib's`(vector: Vector) {
    let bytes = TestBytes.pattern(vector.byteCount)
    #expect(Hexadecimal.encode(MD5Stream.digest(of: bytes.span)) == vector.md5)
    #expect(Hexadecimal.encode(SHA1Stream.digest(of: bytes.span)) == vector.sha1)
    #expect(sha256(bytes).hexadecimal == vector.sha256)
    #expect(Hexadecimal.encode(SHA512Stream.digest(of: bytes.span)) == vector.sha512)
  }

  /// The test suite of RFC 1321, A.5.
  static let md5Vectors: [(String, String)] = [
    ("", "d41d8cd98f00b204e9800998ecf8427e"),
    ("a", "0cc175b9c0f1b6a831c399e269772661"),
    ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
    (
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
      "d174ab98d277d9f5a5611c2c9f419d9f"
    ),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
  ]

  @Test(arguments: md5Vectors) func `MD5 is that of RFC 1321`(text: String, digest: String) {
    #expect(Hexadecimal.encode(MD5Stream.digest(of: Array(text.utf8).span)) == digest)
  }

  /// One block and two of the examples that NIST publishes for FIPS 180-4.
  @Test func `SHA-1 and SHA-512 are those of FIPS 180-4`() {
    let short = Array("abc".utf8)
    #expect(
      Hexadecimal.encode(SHA1Stream.digest(of: short.span))
        == "a9993e364706816aba3e25717850c26c9cd0d89d"
    )
    #expect(
      Hexadecimal.encode(SHA512Stream.digest(of: short.span))
        == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    )
    let two = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
    #expect(
      Hexadecimal.encode(SHA1Stream.digest(of: two.span))
        == "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
    )
    let long = Array(
      ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu").utf8
    )
    #expect(
      Hexadecimal.encode(SHA512Stream.digest(of: long.span))
        == "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
        + "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"
    )
  }

  @Test(arguments: [1, 63, 64, 65, 127, 128, 129, 4096])
  func `no digest minds how its bytes arrive, and all may be asked on the way`(piece: Int) {
    let bytes = TestBytes.pattern(10_000)
    let kinds: [any DigestStream.Type] = [
      MD5Stream.self, SHA1Stream.self, SHA512Stream.self, BLAKE2b256.self,
    ]
    for kind in kinds {
      var stream = kind.init()
      for start in stride(from: 0, to: bytes.count, by: piece) {
        let end = min(start + piece, bytes.count)
        stream.update(bytes.span.extracting(start..<end))
        guard start < 500 || end == bytes.count else { continue }
        #expect(stream.digest() == kind.digest(of: Array(bytes[..<end]).span))
      }
    }
  }

  @Test func `a copy of a stream is a snapshot that either side may go on from`() {
    let bytes = TestBytes.pattern(3000)
    var stream = SHA256Stream()
    stream.update(bytes.span.extracting(0..<1000))
    let snapshot = stream
    #expect(stream.digest() == sha256(Array(bytes[..<1000])))
    stream.update(bytes.span.extracting(1000..<3000))
    #expect(stream.digest() == sha256(bytes))
    #expect(snapshot.digest() == sha256(Array(bytes[..<1000])))
  }

  // From Python's hashlib.blake2b(digest_size=32).
  static let blake2Vectors: [(Int, String)] = [
    (0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
    (1, "873e4fe9e41e924911bba3ec53ff4782efc8c0f244fb75c879f8a4328d0142ca"),
    (3, "381bc13d480016635ca5794d4fa45b45637fa14b7312d4a5e9f6a470ba08aa59"),
    (127, "4a93be37d3af03b9b7210a679fd9ebecd7b4acbd94d63dce25b42da6883ae32f"),
    (128, "c945e7bf8641fd725826599b1b32c14553d474798f7d07072c1dacca292464a4"),
    (129, "67e9bafa1f1d736a9d5cee5a9aabd6634a323bab977dc8e40fec2bda7b7b7b61"),
    (255, "ccbf53d2bf849ea0558ec7821ad2f4fe9364231a27f32c5eeda21c25fbb6dd31"),
    (256, "abebbd91f14ecf1d601a9e9be2c2be68c0e1d42ed52fb6c0cf8cad221bfda721"),
    (257, "87ddf8eaf99ebac7e8b054821babb2f566bdf44db45feaa00ea5c5e5fea5dfce"),
    (1000, "5f6f84a372902dcc3ee9fc601b12673d827819602593315fd5c47e0744779aba"),
    (65537, "ef57e3b18628031c08c758deb300a7109f312bab4742a5adc987e1744940c88d"),
  ]

  @Test func `BLAKE2b-256 is hashlib's, at every edge of a block`() {
    for (count, expected) in Self.blake2Vectors {
      let bytes = TestBytes.pattern(count)
      #expect(blake2b256(bytes) == expected, "\(count) bytes")
    }
    #expect(
      blake2b256(Array("abc".utf8))
        == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
    )
  }

  @Test(arguments: [1, 64, 127, 128, 129, 300])
  func `BLAKE2b-256 does not mind how its bytes arrive`(pieceByteCount: Int) {
    let bytes = TestBytes.pattern(1500)
    var hash = BLAKE2b256()
    for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
      let end = min(start + pieceByteCount, bytes.count)
      hash.update(bytes.span.extracting(start..<end))
      #expect(Hexadecimal.encode(hash.digest()) == blake2b256(Array(bytes[..<end])))
    }
  }
}

import Bytes
import Codec
import Crypto
import Foundation
import Testing

@Suite("Sealed blocks")
struct SealedBlocksTests {
  struct Vector: CustomTestStringConvertible {
    let number: Int
    let key, nonce, associated, plain, sealed, tag: String
    var testDescription: String { "test case \(number)" }
  }

  // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B: those with 256-bit keys.
  static let vectors = [
    Vector(
      number: 13,
      key: String(repeating: "00", count: 32),
      nonce: String(repeating: "00", count: 12),
      associated: "",
      plain: "",
      sealed: "",
      tag: "530f8afbc74536b9a963b4f1c4cb738b"
    ),
    Vector(
      number: 14,
      key: String(repeating: "00", count: 32),
      nonce: String(repeating: "00", count: 12),
      associated: "",
      plain: String(repeating: "00", count: 16),
      sealed: "cea7403d4d606b6e074ec5d3baf39d18",
      tag: "d0d1c8a799996bf0265b98b5d48ab919"
    ),
    Vector(
      number: 16,
      key: String(repeating: "feffe9928665731c6d6a8f9467308308", count: 2),
      nonce: "cafebabefacedbaddecaf888",
      associated: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      plain: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
      tag: "76fc6ece0f4e1768cddf8853bb2d551b"
    ),
  ]

  private static let sizes = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]
  private let context: [UInt8] = Array("a blob of a store".utf8)

  private func key(_ byte: UInt8) throws -> SecretKey {
    try #require(SecretKey([UInt8](repeating: byte, count: SecretKey.byteCount)))
  }

  private func open(
    _ sealed: [UInt8],
    _ tags: [UInt8],
    key: SecretKey,
    context: [UInt8],
    blocks: Range<Int>? = nil,
    of byteCount: Int? = nil
  ) -> [UInt8]? {
    let byteCount = byteCount ?? sealed.count
    return SealedBlocks(key: key, context: context).open(
      sealed.span,
      blocks: blocks ?? 0..<SealedBlocks.blockCount(byteCount: byteCount),
      of: byteCount,
      tags: tags
    )
  }

  @Test(arguments: vectors)
  func `the cipher gives the published answers`(_ vector: Vector) throws {
    let key = try #require(SecretKey(try bytes(vector.key)))
    let cipher = BlockCipher(key: key)
    let nonce = try bytes(vector.nonce)
    let associated = try bytes(vector.associated)
    let plain = try bytes(vector.plain)
    var sealed: [UInt8] = []
    var tags: [UInt8] = []
    // Twice: the second goes through what the first has set up.
    for _ in 0..<2 {
      (sealed, tags) = ([], [])
      cipher.seal(
        plain.span,
        nonce: nonce,
        authenticating: associated,
        to: &sealed,
        tags: &tags
      )
      #expect(sealed == (try bytes(vector.sealed)))
      #expect(tags == (try bytes(vector.tag)))
      var opened: [UInt8] = [7]
      let isOpen = cipher.open(
        sealed.span,
        nonce: nonce,
        authenticating: associated,
        tag: tags.span,
        to: &opened
      )
      #expect(isOpen)
      #expect(opened == [7] + plain)
    }
  }

  @Test(arguments: sizes)
  func `what is sealed opens again, whole and block by block`(_ byteCount: Int) throws {
    let plain = TestBytes.noise(byteCount)
    let (sealed, tags) = SealedBlocks(key: try key(1), context: context).seal(plain.span)
    #expect(sealed.count == plain.count)
    #expect(open(sealed, tags, key: try key(1), context: context) == plain)
    for number in 0..<SealedBlocks.blockCount(byteCount: byteCount) {
      let place = SealedBlocks.block(number, of: byteCount)
      let part = open(
        Array(sealed[place]),
        tags,
        key: try key(1),
        context: context,
        blocks: number..<(number + 1),
        of: byteCount
      )
      #expect(part == Array(plain[place]))
    }
  }

  @Test func `another implementation opens a block`() throws {
    let plain = TestBytes.noise(150_000)
    let (sealed, tags) = SealedBlocks(key: try key(9), context: context).seal(plain.span)
    let block = SealedBlocks.block(2, of: plain.count)
    let box = try AES.GCM.SealedBox(
      nonce: AES.GCM.Nonce(data: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      ciphertext: sealed[block],
      tag: tags[32..<48]
    )
    let opened = try AES.GCM.open(
      box,
      using: SymmetricKey(data: [UInt8](repeating: 9, count: 32)),
      authenticating: context + [2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]
    )
    #expect([UInt8](opened) == Array(plain[block]))
  }

  @Test func `one changed bit anywhere does not open`() throws {
    let plain = TestBytes.noise(70_000)
    let (sealed, tags) = SealedBlocks(key: try key(1), context: context).seal(plain.span)
    for place in [0, 65_535, 65_536, 69_999] {
      var changed = sealed
      changed[place] ^= 1
      #expect(open(changed, tags, key: try key(1), context: context) == nil, "byte \(place)")
    }
    for place in tags.indices {
      var changed = tags
      changed[place] ^= 0x80
      #expect(open(sealed, changed, key: try key(1), context: context) == nil, "tag \(place)")
    }
    for place in context.indices {
      var changed = context
      changed[place] ^= 4
      #expect(open(sealed, tags, key: try key(1), context: changed) == nil, "context \(place)")
    }
    #expect(open(sealed, tags, key: try key(2), context: context) == nil)
  }

  @Test func `blocks can be neither swapped, repeated, cut off nor appended`() throws {
    let plain = TestBytes.noise(3 * SealedBlocks.blockByteCount)
    let (sealed, tags) = SealedBlocks(key: try key(1), context: context).seal(plain.span)
    let blocks = (0..<3).map { Array(sealed[SealedBlocks.block($0, of: sealed.count)]) }
    let marks = (0..<3).map { Array(tags[($0 * 16)..<($0 * 16 + 16)]) }
    for order in [[1, 0, 2], [0, 0, 2], [0, 1], [1, 2], [0], [0, 1, 2, 2], [0, 1, 2, 0]] {
      let shuffled = order.flatMap { blocks[$0] }
      let shuffledTags = order.flatMap { marks[$0] }
      #expect(
        open(shuffled, shuffledTags, key: try key(1), context: context) == nil,
        "blocks \(order)"
      )
    }
    #expect(open([], [], key: try key(1), context: context) == nil)
    #expect(open([], marks[0], key: try key(1), context: context) == nil)
    #expect(
      open(Array(sealed.dropLast()), tags, key: try key(1), context: context) == nil,
      "the last byte cut off"
    )
  }

  @Test func `equal blocks of one text look different`() throws {
    let plain = [UInt8](repeating: 5, count: 2 * SealedBlocks.blockByteCount)
    let (sealed, _) = SealedBlocks(key: try key(1), context: context).seal(plain.span)
    #expect(sealed[..<SealedBlocks.blockByteCount] != sealed[SealedBlocks.blockByteCount...])
  }

  @Test func `keys come out of one another as RFC 5869 says`() throws {
    let root = try key(11)
    let purpose = "a purpose"
    let derived = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: [UInt8](repeating: 11, count: 32)),
      info: Array(purpose.utf8),
      outputByteCount: 32
    )
    // SAFETY: the bytes are copied while the key lends them.
    let expected = unsafe derived.withUnsafeBytes { unsafe Array($0) }
    #expect(bytes(of: root.derived(for: purpose)) == expected)
    // By hand: the first block of the expansion is HMAC(key, info ‖ 1).
    let expanded = root.expanded(with: [1, 2, 3])
    let byHand = HMAC<SHA256>.authenticationCode(
      for: [1, 2, 3, 1] as [UInt8],
      using: SymmetricKey(data: [UInt8](repeating: 11, count: 32))
    )
    #expect(bytes(of: expanded) == Array(byHand))
    #expect("\(root.authentication(of: [1, 2, 3, 1]))" == Hexadecimal.encode(Array(byHand)))
  }

  @Test func `a key does not print itself`() throws {
    let key = try key(0xAB)
    var shown = ""
    dump(key, to: &shown)
    shown += "\(key) \(String(reflecting: key)) \([key])"
    #expect(!shown.lowercased().contains("ab, ") && !shown.contains("171"))
    #expect(shown.contains("a secret key"))
    #expect(SecretKey([1, 2, 3]) == nil)
  }

  private func bytes(of key: SecretKey) -> [UInt8] {
    key.withBytes { span in (0..<span.count).map { span[$0] } }
  }

  private func bytes(_ text: String) throws -> [UInt8] {
    try #require(Hexadecimal.decode(text))
  }
}

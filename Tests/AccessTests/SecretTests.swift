import Access
import Bytes
import Testing

@Suite("Secrets")
struct SecretTests {
  private let random = (0..<64).map { UInt8($0 * 3) }

  @Test func `a token is short, safe in a URL and a shell, and opaque`() {
    let token = AccessToken(random: Array(random.prefix(32)))
    #expect(token.text.count == 50)
    #expect(token.text.hasPrefix(AccessToken.prefix))
    #expect(token.text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
    #expect(AccessToken(random: Array(random.prefix(64))).text.count < 200)
  }

  @Test func `a token is found again by its text`() {
    let token = AccessToken(random: random)
    #expect(token.digest == AccessToken.digest(of: token.text))
    #expect(token.digest != AccessToken.digest(of: token.text + "x"))
  }

  @Test func `a digest is the published one`() {
    #expect(
      AccessToken.digest(of: "abc").hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
  }

  @Test func `an access key looks like those the tools expect`() {
    let key = AccessKey(random: random)
    #expect(key.id.count == 20)
    #expect(key.id.hasPrefix("LKIA"))
    #expect(key.secret.count == 40)
  }

  @Test func `too little randomness is the caller's mistake`() async {
    await #expect(processExitsWith: .failure) { _ = AccessToken(random: [1, 2, 3]) }
    await #expect(processExitsWith: .failure) { _ = AccessKey(random: [1, 2, 3]) }
  }

  @Test func `a sealed secret opens with its key and context`() throws {
    let sealer = try #require(SecretSealer(key: Array(random.prefix(32))))
    let nonce = Array(random.prefix(12))
    let sealed = try sealer.seal("the secret", nonce: nonce, context: "LKIA1")
    #expect(try sealer.open(sealed, context: "LKIA1") == "the secret")
    #expect(throws: SealingError.damaged) { try sealer.open(sealed, context: "LKIA2") }
    let other = try #require(SecretSealer(key: Array(random.suffix(32))))
    #expect(throws: SealingError.damaged) { try other.open(sealed, context: "LKIA1") }
  }

  @Test func `every changed or missing byte of a sealed secret is noticed`() throws {
    let sealer = try #require(SecretSealer(key: Array(random.prefix(32))))
    let sealed = try sealer.seal("the secret", nonce: Array(random.prefix(12)), context: "LKIA1")
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(throws: SealingError.self) { try sealer.open(changed, context: "LKIA1") }
      #expect(throws: SealingError.self) {
        try sealer.open(Array(sealed.prefix(index)), context: "LKIA1")
      }
    }
  }

  @Test func `keys and nonces of another size are refused`() throws {
    #expect(SecretSealer(key: [1]) == nil)
    let sealer = try #require(SecretSealer(key: Array(random.prefix(32))))
    #expect(throws: SealingError.badNonce) { try sealer.seal("x", nonce: [1], context: "") }
    #expect(throws: SealingError.unknownVersion(9)) {
      try sealer.open([9] + random, context: "")
    }
  }

  @Test func `comparison in constant time compares`() {
    #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
    #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
    #expect(!ConstantTime.equal([1, 2, 3], [0, 2, 3]))
    #expect(!ConstantTime.equal([1, 2, 3], [1, 2]))
    #expect(ConstantTime.equal([], []))
  }
}

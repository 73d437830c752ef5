import Access
import Bytes
import Testing

@Suite(
  "AWS signature test suite",
  .enabled(if: !SignatureVector.all.isEmpty, "needs ../shared/vectors/sigv4 or LARDER_SHARED")
)
struct SignatureVectorTests {
  private let key = AccessKey(
    id: "AKIDEXAMPLE",
    secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
  )
  private let scope = CredentialScope(date: "20150830", region: "us-east-1", service: "service")
  private let verifier = SignatureVerifier(region: "us-east-1", services: ["service"])
  private let now: SigningTime

  init() throws {
    now = try #require(SigningTime("20150830T123600Z"))
  }

  @Test func `the suite is whole`() {
    #expect(SignatureVector.all.count == 34)
  }

  @Test(arguments: SignatureVector.all)
  func `requests are spelled canonically`(vector: SignatureVector) throws {
    #expect(try canonical(vector).text == vector.canonicalRequest)
  }

  @Test(arguments: SignatureVector.all)
  func `the string to sign names time, scope and digest`(vector: SignatureVector) throws {
    #expect(try canonical(vector).stringToSign(at: now, scope: scope) == vector.stringToSign)
  }

  @Test(arguments: SignatureVector.all)
  func `the signer writes the suite's authorization header`(vector: SignatureVector) throws {
    let signer = RequestSigner(key: key, region: "us-east-1", service: "service")
    let value = try signer.authorization(
      for: withSessionToken(vector),
      signedHeaders: vector.signedHeaders,
      payloadHash: PayloadHash.sha256(vector.body),
      at: now
    )
    #expect(value == vector.authorization)
  }

  @Test(arguments: SignatureVector.all)
  func `the verifier accepts the suite's signatures`(vector: SignatureVector) throws {
    var request = withSessionToken(vector)
    request.headers.append(.init("Authorization", vector.authorization))
    let claim = try verifier.claim(of: request, now: now)
    let token = request.headers.first { $0.name == "X-Amz-Security-Token" }?.value
    let key = AccessKey(id: claim.accessKeyID, secret: key.secret, sessionToken: token)
    try verifier.verify(claim, of: request, body: PayloadHash.sha256(vector.body), key: key)
  }

  @Test(arguments: SignatureVector.all)
  func `another secret makes another signature`(vector: SignatureVector) throws {
    var request = withSessionToken(vector)
    request.headers.append(.init("Authorization", vector.authorization))
    let claim = try verifier.claim(of: request, now: now)
    let other = AccessKey(id: key.id, secret: "not it", sessionToken: claim.sessionToken)
    let error = #expect(throws: SignatureError.self) {
      try verifier.verify(claim, of: request, body: PayloadHash.sha256(vector.body), key: other)
    }
    #expect(
      error
        == .mismatch(canonicalRequest: vector.canonicalRequest, stringToSign: vector.stringToSign)
    )
  }

  private func canonical(_ vector: SignatureVector) throws -> CanonicalRequest {
    try CanonicalRequest(
      withSessionToken(vector),
      signedHeaders: vector.signedHeaders,
      payloadHash: PayloadHash.sha256(vector.body).hexadecimal,
      isPresigned: false
    )
  }

  /// `get-vanilla-with-session-token` leaves the token out of its request file; the client adds it.
  private func withSessionToken(_ vector: SignatureVector) -> SignableRequest {
    guard vector.name == "get-vanilla-with-session-token" else { return vector.request }
    var request = vector.request
    let token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"
    request.headers.append(.init("X-Amz-Security-Token", token))
    return request
  }
}

import Access
import Bytes
import Testing

@Suite("Signature verification")
struct SignatureVerifierTests {
  private let key = AccessKey(id: "LKIATEST", secret: "secret")
  private let verifier = SignatureVerifier(region: "us-east-1")
  private let now = SigningTime(secondsSinceEpoch: 1_700_000_000)
  private let body = Array(#"{"maxResults":5}"#.utf8)

  private func request(
    query: String = "domain=corp",
    extra: [SignableRequest.Header] = []
  ) -> SignableRequest {
    SignableRequest(
      method: "POST",
      rawPath: "/v1/domain",
      rawQuery: query,
      headers: [.init("Host", "127.0.0.1:8470"), .init("Content-Type", "application/json")] + extra
    )
  }

  private func signed(
    _ request: SignableRequest,
    key: AccessKey? = nil,
    region: String = "us-east-1",
    service: String = "codeartifact",
    offset: Int64 = 0
  ) throws -> SignableRequest {
    try RequestSigner(key: key ?? self.key, region: region, service: service).sign(
      request,
      payloadHash: PayloadHash.sha256(body),
      at: now.advanced(bySeconds: offset)
    )
  }

  private func check(
    _ request: SignableRequest,
    body: [UInt8]? = nil,
    key: AccessKey? = nil
  ) throws(SignatureError) {
    let claim = try verifier.claim(of: request, now: now)
    try verifier.verify(
      claim,
      of: request,
      body: PayloadHash.sha256(body ?? self.body),
      key: key ?? self.key
    )
  }

  private func failure(_ work: () throws -> Void) -> SignatureError? {
    do {
      try work()
      return nil
    } catch {
      return error as? SignatureError
    }
  }

  @Test func `what the signer signs the verifier accepts`() throws {
    try check(signed(request()))
  }

  @Test func `a request without a signature is told so`() throws {
    let error = try #require(failure { try check(request()) })
    #expect(error == .missing)
    #expect(error.exceptionName == "MissingAuthenticationTokenException")
    #expect(error.status == 403)
  }

  @Test func `every changed part breaks the signature`() throws {
    let good = try signed(request())
    let changed = [
      SignableRequest(
        method: "PUT",
        rawPath: good.rawPath,
        rawQuery: good.rawQuery,
        headers: good.headers
      ),
      SignableRequest(
        method: good.method,
        rawPath: "/v1/domains",
        rawQuery: good.rawQuery,
        headers: good.headers
      ),
      SignableRequest(
        method: good.method,
        rawPath: good.rawPath,
        rawQuery: "domain=other",
        headers: good.headers
      ),
      SignableRequest(
        method: good.method,
        rawPath: good.rawPath,
        rawQuery: good.rawQuery,
        headers: good.headers.map { $0.name == "Host" ? .init("Host", "elsewhere") : $0 }
      ),
    ]
    for request in changed {
      guard case .mismatch? = failure({ try check(request) }) else {
        Issue.record("accepted \(request)")
        continue
      }
    }
    guard case .mismatch? = failure({ try check(good, body: [1]) }) else {
      Issue.record("accepted another body")
      return
    }
  }

  @Test(arguments: [
    ("/v1/a%2Fb", "/v1/a%252Fb"), ("/a//b/./c/../d", "/a/b/d"), ("/../../a", "/a"), ("", "/"),
    ("/a/", "/a/"), ("/a/..", "/"), ("/~a*b c+d", "/~a%2Ab%20c%2Bd"),
    ("/%E1%88%B4", "/%25E1%2588%25B4"),
  ])
  func `paths are normalised, and escaped once more than they came`(
    path: String,
    canonical: String
  ) throws {
    let request = SignableRequest(method: "GET", rawPath: path, rawQuery: "", headers: [])
    let text = try CanonicalRequest(
      request,
      signedHeaders: [],
      payloadHash: "",
      isPresigned: false
    ).text
    #expect(text.split(separator: "\n")[1] == canonical)
  }

  @Test(arguments: [
    ("b=2&a=1", "a=1&b=2"), ("a=2&a=1&a", "a=&a=1&a=2"), ("a%2fb=%7e", "a%2Fb=~"),
    ("a=b=c", "a=b%3Dc"), ("a=1+1", "a=1%2B1"), ("&&a=1&", "a=1"),
    ("aa=1&a=2&a-=3", "a=2&a-=3&aa=1"),
  ])
  func `queries are sorted and escaped in one way`(query: String, canonical: String) throws {
    let request = SignableRequest(method: "GET", rawPath: "/", rawQuery: query, headers: [])
    let text = try CanonicalRequest(
      request,
      signedHeaders: [],
      payloadHash: "",
      isPresigned: false
    ).text
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false)[2] == canonical)
  }

  @Test func `a signature slipped into a query is no part of the presigned form`() throws {
    let good = try signed(request())
    let changed = SignableRequest(
      method: good.method,
      rawPath: good.rawPath,
      rawQuery: good.rawQuery + "&X-Amz-Signature=0",
      headers: good.headers
    )
    guard case .mismatch? = failure({ try check(changed) }) else {
      Issue.record("accepted a changed query")
      return
    }
  }

  @Test func `headers that are not signed may change on the way`() throws {
    var good = try signed(request())
    good.headers.append(.init("User-Agent", "something"))
    good.headers.append(.init("amz-sdk-request", "attempt=1"))
    try check(good)
  }

  @Test func `an x-amz header added after signing is refused`() throws {
    var good = try signed(request())
    good.headers.append(.init("X-Amz-Target", "elsewhere"))
    let error = try #require(failure { try check(good) })
    #expect(
      error == .incomplete("'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.")
    )
    #expect(error.status == 400)
  }

  @Test(arguments: [-300, 0, 300] as [Int64])
  func `clocks may differ by five minutes`(offset: Int64) throws {
    try check(signed(request(), offset: offset))
  }

  @Test func `a request signed too long ago is expired, and says by how much`() throws {
    let error = try #require(failure { try check(signed(request(), offset: -301)) })
    #expect(error.exceptionName == "InvalidSignatureException")
    #expect(
      error.message == "Signature expired: 20231114T220819Z is now earlier than 20231114T220820Z "
        + "(20231114T221320Z - 5 min.)"
    )
  }

  @Test func `a request signed in the future is not yet current`() throws {
    let error = try #require(failure { try check(signed(request(), offset: 301)) })
    #expect(
      error.message
        == "Signature not yet current: 20231114T221821Z is still later than 20231114T221820Z "
        + "(20231114T221320Z + 5 min.)"
    )
  }

  @Test func `a signature for another region or service is refused`() throws {
    let region = try #require(failure { try check(signed(request(), region: "eu-west-1")) })
    #expect(region.message.hasPrefix("Credential should be scoped to a valid region"))
    let service = try #require(failure { try check(signed(request(), service: "s3")) })
    #expect(
      service.message == "Credential should be scoped to correct service: 'codeartifact'."
    )
    #expect(service.exceptionName == "InvalidSignatureException")
  }

  @Test func `the day of the scope must be the day of the request`() throws {
    var request = try signed(request())
    request.headers = request.headers.map { header in
      .init(
        header.name,
        header.value.split(separator: "/20231114/").joined(separator: "/20231113/")
      )
    }
    guard case .wrongScope(let text)? = failure({ try check(request) }) else {
      Issue.record("accepted")
      return
    }
    #expect(text.contains("'20231113' != '20231114'"))
  }

  @Test func `a claimed payload hash is signed, and held against the body`() throws {
    let digest = PayloadHash.sha256(body)
    let header = SignableRequest.Header("X-Amz-Content-Sha256", digest.hexadecimal)
    let good = try signed(request(extra: [header]))
    try check(good)
    #expect(try SignatureVerifier.claimedPayloadHash(of: good) == digest)
    let other = PayloadHash.sha256([1])
    #expect(
      failure { try check(good, body: [1]) }
        == .bodyMismatch(signed: digest.hexadecimal, actual: other.hexadecimal)
    )
  }

  @Test func `a streamed body is verified by its claimed hash alone`() throws {
    let header = SignableRequest.Header(
      "X-Amz-Content-Sha256",
      PayloadHash.sha256(body).hexadecimal
    )
    let good = try signed(request(extra: [header]))
    let claim = try verifier.claim(of: good, now: now)
    try verifier.verify(claim, of: good, body: nil, key: key)
    let bare = try signed(request())
    let bareClaim = try verifier.claim(of: bare, now: now)
    guard
      case .incomplete? = failure({
        try verifier.verify(bareClaim, of: bare, body: nil, key: key)
      })
    else {
      Issue.record("accepted a body of unknown hash")
      return
    }
  }

  @Test func `an unsigned payload is refused`() throws {
    let header = SignableRequest.Header("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
    guard case .incomplete? = failure({ try check(signed(request(extra: [header]))) }) else {
      Issue.record("accepted")
      return
    }
  }

  @Test func `a session token must be the key's own`() throws {
    let session = AccessKey(id: key.id, secret: key.secret, sessionToken: "session")
    let good = try signed(request(), key: session)
    try check(good, key: session)
    #expect(failure { try check(good) } == .badSessionToken)
    #expect(failure { try check(signed(request()), key: session) } == .badSessionToken)
  }

  @Test(arguments: [
    ("AWS4-HMAC-SHA256 Signature=ab", "Authorization header requires 'Credential' parameter."),
    ("AWS4-HMAC-SHA256", "Authorization header requires 'Credential' parameter."),
    ("AWS4-ECDSA-P256-SHA256 Credential=a", "Unsupported AWS 'algorithm'"),
    (
      "AWS4-HMAC-SHA256 Credential=AKID/20231114, SignedHeaders=host, Signature=00",
      "Credential must have exactly 5 slash-delimited elements"
    ),
    (
      "AWS4-HMAC-SHA256 Credential=A/20231114/us-east-1/codeartifact/aws4_request, "
        + "SignedHeaders=host, Signature=00", "The signature must be 64"
    ),
  ])
  func `a malformed signature says what is wrong with it`(value: String, start: String) throws {
    let headers = [
      SignableRequest.Header("Authorization", value), .init("X-Amz-Date", now.text),
    ]
    let error = try #require(failure { try check(request(extra: headers)) })
    #expect(error.message.hasPrefix(start))
    #expect(error.exceptionName == "IncompleteSignatureException")
  }

  @Test func `a presigned address is good for its time`() throws {
    let plain = SignableRequest(
      method: "GET",
      rawPath: "/v1/package/version/asset",
      rawQuery: "asset=a%2Fb&domain=corp",
      headers: [.init("Host", "127.0.0.1:8470")]
    )
    let signer = RequestSigner(key: key, region: "us-east-1")
    let query = try signer.presignedQuery(
      for: plain,
      payloadHash: PayloadHash.empty,
      at: now,
      expirySeconds: 600
    )
    let presigned = SignableRequest(
      method: "GET",
      rawPath: plain.rawPath,
      rawQuery: query,
      headers: plain.headers
    )
    let claim = try verifier.claim(of: presigned, now: now.advanced(bySeconds: 600))
    try verifier.verify(claim, of: presigned, body: PayloadHash.empty, key: key)
    guard
      case .expired? = failure({
        _ = try verifier.claim(of: presigned, now: now.advanced(bySeconds: 601))
      })
    else {
      Issue.record("accepted after its time")
      return
    }
  }
}

import Access
import Login
import Testing

@Suite("Asking for a token")
struct ServiceCallTests {
  private let key = AccessKey(id: "LKIATEST", secret: "secret")
  private let now = 1_700_000_000

  private func request(_ url: String, _ headers: [(String, String)]) throws -> SignableRequest {
    let rest = try #require(url.split(separator: "//", maxSplits: 1).last)
    let target = rest.drop { $0 != "/" }
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    return SignableRequest(
      method: url.contains("token") ? "POST" : "GET",
      rawPath: parts[0],
      rawQuery: parts.count > 1 ? parts[1] : "",
      headers: headers.map { .init($0.0, $0.1) }
    )
  }

  @Test(arguments: ["http://127.0.0.1:8470", "https://pkg.test/", "https://pkg.test/larder"])
  func `what is signed is what the server verifies`(endpoint: String) throws {
    let account = ServiceAccount(endpoint: endpoint, key: key, region: "eu-north-1")
    for call in [
      ServiceCall.token(domain: "acme", owner: "000000000000", seconds: 900),
      ServiceCall.endpoint(
        domain: "acme",
        owner: nil,
        repository: "a b/ü",
        format: "npm",
        type: "ipv4"
      ),
    ] {
      let signed = try call.signed(by: account, at: Int64(now))
      let request = try request(signed.url, signed.headers)
      let verifier = SignatureVerifier(region: "eu-north-1")
      let time = SigningTime(secondsSinceEpoch: Int64(now))
      let claim = try verifier.claim(of: request, now: time)
      #expect(claim.signedHeaders == ["host", "x-amz-date"])
      try verifier.verify(claim, of: request, body: PayloadHash.sha256([]), key: key)
      #expect(signed.url.hasPrefix(account.endpoint + "/v1/"))
    }
  }

  @Test func `what is not said is not sent, and no seconds are as good as none`() throws {
    let account = ServiceAccount(endpoint: "http://h", key: key, region: "us-east-1")
    let call = ServiceCall.token(domain: "acme", owner: nil, seconds: 0)
    #expect(
      try call.signed(by: account, at: 0).url == "http://h/v1/authorization-token?domain=acme"
    )
  }

  @Test func `temporary credentials bring their token, under the signature`() throws {
    let key = AccessKey(id: "A", secret: "s", sessionToken: "SESSION")
    let account = ServiceAccount(endpoint: "http://h", key: key, region: "us-east-1")
    let call = ServiceCall.token(domain: "acme", owner: nil, seconds: nil)
    let headers = try call.signed(by: account, at: 0).headers
    #expect(headers.contains { $0 == ("X-Amz-Security-Token", "SESSION") })
    #expect(headers.contains { $0.1.contains("host;x-amz-date;x-amz-security-token") })
  }

  @Test func `the variables of the AWS tools name the account, its own endpoint first`() {
    let full = [
      "AWS_ENDPOINT_URL_CODEARTIFACT": "http://one/", "AWS_ENDPOINT_URL": "http://two",
      "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "eu-north-1",
    ]
    let account = ServiceAccount(environment: full)
    #expect(account?.endpoint == "http://one")
    #expect(account?.region == "eu-north-1")
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
      #expect(ServiceAccount(environment: full.filter { $0.key != name }) == nil)
    }
  }

  @Test(arguments: ["nonsense", "ftp://h", ""])
  func `an endpoint that is none is named`(endpoint: String) {
    let account = ServiceAccount(endpoint: endpoint, key: key, region: "us-east-1")
    let call = ServiceCall.token(domain: "acme", owner: nil, seconds: nil)
    #expect(throws: LoginError.address(endpoint)) { try call.signed(by: account, at: 0) }
  }
}

import Catalog
import Repository
import Testing

@testable import TokenService

@Suite("Tokens of identity providers")
struct WebIdentityTests {
  private let account = TokenFixture.account
  private let subject = "ci.example/org:sub"

  /// A fixture with the issuer believed, and a role that trusts a repository's main branch.
  private func furnished(keySet: Bool = false) async throws -> (TokenFixture, PrincipalRecord) {
    let fixture = try await TokenFixture()
    _ = try await fixture.depot.createProvider(
      TestIssuer.address,
      account: account,
      audiences: ["larder", "larder-2"],
      keySet: keySet ? try fixture.issuer.keySet : nil
    )
    let role = try await fixture.role(
      "ci",
      trusting: #"{"Federated":"arn:aws:iam::\#(account):oidc-provider/ci.example/org"}"#,
      action: "sts:AssumeRoleWithWebIdentity",
      condition: #"{"StringLike":{"\#(subject)":"repo:acme/app:*"}}"#
    )
    return (fixture, role)
  }

  private func exchange(
    _ token: String,
    _ fixture: TokenFixture,
    _ role: PrincipalRecord
  ) async throws -> TokenAnswer {
    try await fixture.call(
      "AssumeRoleWithWebIdentity",
      [("RoleArn", role.arn), ("RoleSessionName", "build-17"), ("WebIdentityToken", token)],
      unsigned: true
    )
  }

  @Test(arguments: ["RS256", "PS256", "ES256"])
  func `a token that the issuer signed is exchanged for the role`(algorithm: String) async throws {
    let (fixture, role) = try await furnished()
    let claims = TestIssuer.claims(at: fixture.clock.seconds)
    let token = try fixture.issuer.token(claims, algorithm: algorithm)
    let answer = try await exchange(token, fixture, role)
    let session = try answer.key()
    #expect(answer["SubjectFromWebIdentityToken"] == "repo:acme/app:ref:main")
    #expect(answer["Provider"] == TestIssuer.address)
    #expect(answer["Audience"] == "larder")
    let who = try await fixture.call("GetCallerIdentity", key: session)
    #expect(who["Arn"] == "arn:aws:sts::\(account):assumed-role/ci/build-17")
  }

  @Test func `a token for somebody else, of another time or without a claim is refused`()
    async throws
  {
    let (fixture, role) = try await furnished()
    let now = fixture.clock.seconds
    let refused: [([String: String?], String)] = [
      (["aud": "\"other\""], "InvalidIdentityToken"),
      (["aud": "[]"], "InvalidIdentityToken"),
      (["aud": nil], "InvalidIdentityToken"),
      (["sub": nil], "InvalidIdentityToken"),
      (["exp": nil], "InvalidIdentityToken"),
      (["iat": nil], "InvalidIdentityToken"),
      (["iss": "\"https://evil.example\""], "InvalidIdentityToken"),
      (["nbf": "\(now + 61)"], "InvalidIdentityToken"),
      (["nbf": "\"soon\""], "InvalidIdentityToken"),
      (["iat": "\(now + 61)"], "InvalidIdentityToken"),
      (["exp": "\(now - 60)"], "ExpiredTokenException"),
    ]
    for (changes, code) in refused {
      let token = try fixture.issuer.token(TestIssuer.claims(at: now, changes))
      try await exchange(token, fixture, role).expect(code, 400)
    }
    let allowed: [[String: String?]] = [
      ["aud": "[\"other\",\"larder-2\"]"], ["exp": "\(now - 59)"], ["nbf": "\(now + 60)"],
      ["nbf": nil],
    ]
    for changes in allowed {
      let token = try fixture.issuer.token(TestIssuer.claims(at: now, changes))
      _ = try await exchange(token, fixture, role).key()
    }
    // Yesterday's token, sent again.
    let old = try fixture.issuer.token(TestIssuer.claims(at: now))
    fixture.clock.advance(by: 86_400)
    try await exchange(old, fixture, role).expect("ExpiredTokenException", 400)
  }

  @Test func `a trust policy looks at what the token says`() async throws {
    let (fixture, role) = try await furnished()
    let now = fixture.clock.seconds
    let token = try fixture.issuer.token(
      TestIssuer.claims(at: now, ["sub": "\"repo:evil/app:ref:main\""])
    )
    try await exchange(token, fixture, role)
      .expect("AccessDenied", 403, containing: "sts:AssumeRoleWithWebIdentity")
    let other = try await fixture.role("users", trusting: #"{"AWS":"\#(account)"}"#)
    let good = try fixture.issuer.token(TestIssuer.claims(at: now))
    try await exchange(good, fixture, other).expect("AccessDenied", 403)
  }

  /// Whoever can have a token of a public provider made is no member of the account for it.
  @Test(arguments: [#"{"AWS":"123456789012"}"#, #"{"AWS":"*"}"#, #""*""#])
  func `a role that trusts its account trusts no stranger with a token`(
    principal: String
  ) async throws {
    let (fixture, _) = try await furnished()
    let role = try await fixture.role("team", trusting: principal, action: "sts:*")
    let token = try fixture.issuer.token(TestIssuer.claims(at: fixture.clock.seconds))
    try await exchange(token, fixture, role).expect("AccessDenied", 403)
    _ = try await fixture.assume(role).key()
  }

  @Test func `no signature, a shared secret, another's key and a changed token are refused`()
    async throws
  {
    let (fixture, role) = try await furnished()
    let claims = TestIssuer.claims(at: fixture.clock.seconds)
    let issuer = fixture.issuer
    let good = try issuer.token(claims)
    let parts = good.split(separator: ".").map(String.init)
    let other = TestIssuer.claims(
      at: fixture.clock.seconds,
      ["sub": "\"repo:acme/app:ref:evil\""]
    )
    let stranger = TestIssuer()
    let bad = [
      try issuer.token(claims, algorithm: "none"),
      try issuer.token(claims, algorithm: "None"),
      // The public key as a shared secret.
      try issuer.token(claims, algorithm: "HS256"),
      try issuer.token(claims, algorithm: "HS256", keyName: "shared"),
      try stranger.token(claims),
      // The signature of one algorithm under the name of another.
      try issuer.token(claims, header: #"{"alg":"PS256","kid":"rsa-1"}"#),
      try issuer.token(claims, header: #"{"alg":"ES256","kid":"ec-1"}"#),
      try issuer.token(claims, header: #"{"alg":"RS256","kid":"rsa-1","crit":["b64"]}"#),
      try issuer.token(claims, header: #"{"alg":"RS256","kid":7}"#),
      try issuer.token(claims, header: #"{"alg":"RS256","alg":"none","kid":"rsa-1"}"#),
      try issuer.token(claims, keyName: "unknown"),
      "\(parts[0]).\(TestIssuer.encoded(Array(other.utf8))).\(parts[2])",
      "\(parts[0]).\(parts[1]).",
      "\(parts[0]).\(parts[1])",
      "no token at all",
    ]
    for token in bad {
      try await exchange(token, fixture, role).expect("InvalidIdentityToken", 400)
    }
    _ = try await exchange(good, fixture, role).key()
  }

  @Test func `keys are fetched once, and again when the issuer has changed them`() async throws {
    let (fixture, role) = try await furnished()
    func token() throws -> String {
      try fixture.issuer.token(TestIssuer.claims(at: fixture.clock.seconds))
    }
    let before = fixture.issuer.visits.count
    _ = try await exchange(token(), fixture, role).key()
    _ = try await exchange(token(), fixture, role).key()
    #expect(fixture.issuer.visits.count - before == 2)
    fixture.issuer.rotate()
    // Strangers who make names of keys up do not make the server ask at every turn.
    try await exchange(token(), fixture, role).expect("InvalidIdentityToken", 400)
    #expect(fixture.issuer.visits.count - before == 2)
    fixture.clock.advance(by: 31)
    _ = try await exchange(token(), fixture, role).key()
    #expect(fixture.issuer.visits.count - before == 4)
    // And at least once an hour, in case a key was given up.
    fixture.clock.advance(by: 3601)
    _ = try await exchange(token(), fixture, role).key()
    #expect(fixture.issuer.visits.count - before == 6)
  }

  @Test func `an issuer that is down is left alone for a while, and says so`() async throws {
    let (fixture, role) = try await furnished()
    let token = try fixture.issuer.token(TestIssuer.claims(at: fixture.clock.seconds))
    fixture.issuer.isDown = true
    try await exchange(token, fixture, role).expect("IDPCommunicationError", 400)
    fixture.issuer.isDown = false
    try await exchange(token, fixture, role).expect("IDPCommunicationError", 400)
    #expect(fixture.issuer.visits.count == 1)
    fixture.clock.advance(by: 31)
    _ = try await exchange(token, fixture, role).key()
  }

  @Test func `pinned keys need no network`() async throws {
    let (fixture, role) = try await furnished(keySet: true)
    let token = try fixture.issuer.token(TestIssuer.claims(at: fixture.clock.seconds))
    _ = try await exchange(token, fixture, role).key()
    #expect(fixture.issuer.visits.isEmpty)
    fixture.issuer.rotate()
    let other = try fixture.issuer.token(TestIssuer.claims(at: fixture.clock.seconds))
    try await exchange(other, fixture, role).expect("InvalidIdentityToken", 400)
  }

  @Test func `a provider that is believed no longer vouches for nobody`() async throws {
    let (fixture, role) = try await furnished()
    let token = try fixture.issuer.token(TestIssuer.claims(at: fixture.clock.seconds))
    _ = try await exchange(token, fixture, role).key()
    try await fixture.depot.deleteProvider(TestIssuer.address, account: account)
    try await exchange(token, fixture, role)
      .expect("InvalidIdentityToken", 400, containing: "No OpenIDConnect provider found")
  }

  @Test(arguments: [
    "http://ci.example", "ftp://ci.example", "https://", "https://ci.example?x", "ci.example",
    "http://127.0.0.1.evil.example", "http://localhost@evil.example",
  ])
  func `an issuer is an https address, or this machine's own`(address: String) async throws {
    let fixture = try await TokenFixture()
    await #expect(throws: RepositoryError.self) {
      try await fixture.depot.createProvider(address, account: account, audiences: ["larder"])
    }
  }
}

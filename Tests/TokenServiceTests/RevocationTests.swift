import Access
import Catalog
import Repository
import Testing

@testable import TokenService

/// Rights are judged when they are used: what is taken away is gone with the next request.
@Suite("Rights that are taken away")
struct RevocationTests {
  private let account = TokenFixture.account

  @Test func `a deleted role's sessions are nobody's`() async throws {
    let fixture = try await TokenFixture()
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(account)"}"#)
    let session = try await fixture.assume(role).key()
    #expect(try await fixture.call("GetCallerIdentity", key: session).status == 200)
    try await fixture.depot.deletePrincipal(role.arn)
    try await fixture.call("GetCallerIdentity", key: session).expect("InvalidClientTokenId", 403)
    // One of the same name is another.
    try await fixture.role("ci", trusting: #"{"AWS":"\#(account)"}"#)
    try await fixture.call("GetCallerIdentity", key: session).expect("InvalidClientTokenId", 403)
  }

  @Test func `a deleted user's keys are nobody's`() async throws {
    let fixture = try await TokenFixture()
    let ann = try await fixture.user("ann")
    #expect(try await fixture.call("GetCallerIdentity", key: ann.key).status == 200)
    try await fixture.depot.deletePrincipal(ann.record.arn)
    try await fixture.call("GetCallerIdentity", key: ann.key).expect("InvalidClientTokenId", 403)
  }

  @Test func `revoking ends sessions and tokens, and the role can be taken on again`()
    async throws
  {
    let fixture = try await TokenFixture()
    let depot = fixture.depot
    _ = try await depot.createDomain(owner: account, name: "shop")
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(account)"}"#)
    let session = try await fixture.assume(role).key()
    let token = try await token(fixture, of: session, role)
    #expect(try await depot.holder(ofToken: token.text) != nil)
    let listed = try await depot.tokens(.principal(role.arn))
    #expect(listed.map(\.domain) == ["shop"])
    #expect(try await depot.tokens(.domain(owner: account, name: "shop")) == listed)
    #expect(try await depot.tokens(.account(account)) == listed)
    fixture.clock.advance(by: 1)
    #expect(try await depot.revokeTokens(ofPrincipal: role.arn) == 1)
    #expect(try await depot.holder(ofToken: token.text) == nil)
    try await fixture.call("GetCallerIdentity", key: session).expect("InvalidClientTokenId", 403)
    fixture.clock.advance(by: 1)
    let next = try await fixture.assume(role).key()
    #expect(try await fixture.call("GetCallerIdentity", key: next).status == 200)
  }

  @Test func `a session's token lasts as long as it, says who asked, and goes with the role`()
    async throws
  {
    let fixture = try await TokenFixture()
    let depot = fixture.depot
    _ = try await depot.createDomain(owner: account, name: "shop")
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(account)"}"#)
    let session = try await fixture.assume(role, [("DurationSeconds", "1200")]).key()
    let token = try await token(fixture, of: session, role)
    #expect(token.expiresAt == Timestamp(seconds: fixture.clock.seconds + 1200))
    let holder = try await depot.holder(ofToken: token.text)
    #expect(holder?.principal.arn == "arn:aws:sts::\(account):assumed-role/ci/build-17")
    #expect(holder?.principal.kind == .assumedRole)
    #expect(holder?.principal.identityARN == role.arn)
    try await depot.deletePrincipal(role.arn)
    #expect(try await depot.holder(ofToken: token.text) == nil)
  }

  @Test func `a key's tokens follow the key`() async throws {
    let fixture = try await TokenFixture()
    let depot = fixture.depot
    _ = try await depot.createDomain(owner: account, name: "shop")
    let ann = try await fixture.user("ann")
    let signer = try #require(try await depot.signer(accessKeyID: ann.key.id))
    let token = try await depot.issueToken(
      for: signer.principal,
      owner: account,
      domain: "shop",
      duration: .seconds(900)
    )
    #expect(try await depot.holder(ofToken: token.text)?.principal == signer.principal)
    try await depot.setStatus(.inactive, ofAccessKey: ann.key.id)
    #expect(try await depot.holder(ofToken: token.text) == nil)
    try await depot.setStatus(.active, ofAccessKey: ann.key.id)
    #expect(try await depot.holder(ofToken: token.text) != nil)
    try await depot.deleteAccessKey(ann.key.id)
    #expect(try await depot.holder(ofToken: token.text) == nil)
  }

  @Test(arguments: ["disable the key", "delete the key", "delete the user"])
  func `sessions of roles and their tokens end with the key that they came by`(
    way: String
  ) async throws {
    let fixture = try await TokenFixture()
    let depot = fixture.depot
    _ = try await depot.createDomain(owner: account, name: "shop")
    let ann = try await fixture.user("ann")
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(ann.record.arn)"}"#)
    let next = try await fixture.role("next", trusting: #"{"AWS":"\#(role.arn)"}"#)
    let session = try await fixture.assume(role, key: ann.key).key()
    let chained = try await fixture.assume(next, key: session).key()
    let token = try await token(fixture, of: chained, next)
    for key in [session, chained] {
      #expect(try await fixture.call("GetCallerIdentity", key: key).status == 200)
    }
    #expect(try await depot.holder(ofToken: token.text) != nil)
    switch way {
    case "disable the key": try await depot.setStatus(.inactive, ofAccessKey: ann.key.id)
    case "delete the key": try await depot.deleteAccessKey(ann.key.id)
    default: try await depot.deletePrincipal(ann.record.arn)
    }
    for key in [session, chained] {
      try await fixture.call("GetCallerIdentity", key: key).expect("InvalidClientTokenId", 403)
    }
    #expect(try await depot.holder(ofToken: token.text) == nil)
  }

  /// Between the proof of a signature and the token's row there is time.
  @Test(arguments: ["disable", "delete", "revoke"])
  func `a caller that is put out while it asks gets no token`(way: String) async throws {
    let fixture = try await TokenFixture()
    let depot = fixture.depot
    _ = try await depot.createDomain(owner: account, name: "shop")
    let ann = try await fixture.user("ann")
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(ann.record.arn)"}"#)
    let session = try await fixture.assume(role, key: ann.key).key()
    var callers = [try await caller(fixture, session, role)]
    switch way {
    case "disable":
      callers.append(try #require(try await depot.signer(accessKeyID: ann.key.id)).principal)
      try await depot.setStatus(.inactive, ofAccessKey: ann.key.id)
    case "delete":
      callers.append(try #require(try await depot.signer(accessKeyID: ann.key.id)).principal)
      try await depot.deleteAccessKey(ann.key.id)
    default: _ = try await depot.revokeTokens(ofPrincipal: role.arn)
    }
    for caller in callers {
      let error = await #expect(throws: RepositoryError.self) {
        try await depot.issueToken(
          for: caller,
          owner: account,
          domain: "shop",
          duration: .seconds(900)
        )
      }
      #expect(error?.code == .unauthenticated)
    }
    #expect(try await depot.tokens(.account(account)).isEmpty)
  }

  @Test func `an administrator is not shut out by a policy that nobody could take away`()
    async throws
  {
    let depot = try await TokenFixture().depot
    let arn = "arn:aws:iam::\(account):user/administrator"
    let nothing = #"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#
    let error = await #expect(throws: RepositoryError.self) {
      try await depot.putPolicy("no", document: nothing, of: arn)
    }
    #expect(error?.code == .conflict)
    #expect(try await depot.policies(of: arn).isEmpty)
    // What depends on the request can be got around, and another administrator can mend it.
    let far = #"""
      {"Statement":{"Effect":"Deny","Action":"*","Resource":"*",
      "Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}}
      """#
    try await depot.putPolicy("near", document: far, of: arn)
    let second = try await depot.createUser("second", account: account, isAdministrator: true)
    await #expect(throws: RepositoryError.self) {
      try await depot.putPolicy("no", document: nothing, of: arn)
    }
    let key = try await depot.createAccessKey(of: second.arn)
    try await depot.putPolicy("no", document: nothing, of: arn)
    await #expect(throws: RepositoryError.self) { try await depot.deleteAccessKey(key.id) }
  }

  @Test func `the first account keeps an administrator who can sign`() async throws {
    let fixture = try await TokenFixture()
    let arn = "arn:aws:iam::\(account):user/administrator"
    await #expect(throws: RepositoryError.self) {
      try await fixture.depot.setStatus(.inactive, ofAccessKey: fixture.key.id)
    }
    await #expect(throws: RepositoryError.self) {
      try await fixture.depot.deleteAccessKey(fixture.key.id)
    }
    await #expect(throws: RepositoryError.self) { try await fixture.depot.deletePrincipal(arn) }
    #expect(try await fixture.call("GetCallerIdentity").status == 200)
    let second = try await fixture.depot.createAccessKey(of: arn)
    try await fixture.depot.deleteAccessKey(fixture.key.id)
    #expect(try await fixture.call("GetCallerIdentity", key: second).status == 200)
    try await fixture.call("GetCallerIdentity").expect("InvalidClientTokenId", 403)
  }

  @Test func `policies hold from the next question on, and damaged ones let nothing pass`()
    async throws
  {
    let fixture = try await TokenFixture()
    let depot = fixture.depot
    let ann = try await fixture.user("ann")
    let caller = try #require(try await depot.signer(accessKeyID: ann.key.id)).principal
    let request = AccessRequest(
      principal: caller,
      action: "codeartifact:CreateDomain",
      resources: ["arn:aws:codeartifact:eu-central-1:\(account):domain/shop"]
    )
    #expect(try await depot.allows(request) == false)
    try await depot.putPolicy("AWSCodeArtifactAdminAccess", document: nil, of: ann.record.arn)
    #expect(try await depot.allows(request))
    try await depot.putPolicy(
      "no",
      document: #"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#,
      of: ann.record.arn
    )
    #expect(try await depot.allows(request) == false)
    try await depot.deletePolicy("no", of: ann.record.arn)
    #expect(try await depot.allows(request))
    try await depot.deletePolicy("AWSCodeArtifactAdminAccess", of: ann.record.arn)
    #expect(try await depot.allows(request) == false)
    await #expect(throws: RepositoryError.self) {
      try await depot.putPolicy("bad", document: "{", of: ann.record.arn)
    }
    let id = ann.record.id
    let now = fixture.clock.now()
    try await depot.catalog.write { transaction throws(CatalogError) in
      try transaction.putPolicy("damaged", document: "{", of: id, at: now)
    }
    // Another identity's change has everything read anew.
    _ = try await depot.createUser("bob", account: account)
    await #expect(throws: RepositoryError.self) { try await depot.allows(request) }
  }

  @Test func `a session's policy narrows the role's rights and never widens them`() async throws {
    let fixture = try await TokenFixture()
    let depot = fixture.depot
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(account)"}"#)
    try await depot.putPolicy("AWSCodeArtifactReadOnlyAccess", document: nil, of: role.arn)
    let policy = #"""
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
      "Action":["codeartifact:ReadFromRepository","codeartifact:DeleteDomain"],"Resource":"*"}]}
      """#
    let narrow = try await fixture.assume(role, [("Policy", policy)])
    #expect(narrow["PackedPolicySize"] == "\(policy.utf8.count * 100 / 4096)")
    for (key, expected) in [
      (try narrow.key(), ["ReadFromRepository"]),
      (try await fixture.assume(role).key(), ["DescribeDomain", "ReadFromRepository"]),
    ] {
      let caller = try await caller(fixture, key, role)
      var allowed: [String] = []
      for action in ["DeleteDomain", "DescribeDomain", "ReadFromRepository"] {
        let request = AccessRequest(
          principal: caller,
          action: "codeartifact:\(action)",
          resources: ["arn:aws:codeartifact:eu-central-1:\(account):domain/shop"]
        )
        if try await depot.allows(request) { allowed.append(action) }
      }
      #expect(allowed == expected)
    }
  }

  private func token(
    _ fixture: TokenFixture,
    of session: AccessKey,
    _ role: PrincipalRecord
  ) async throws -> IssuedToken {
    try await fixture.depot.issueToken(
      for: try await caller(fixture, session, role),
      owner: account,
      domain: "shop",
      duration: .zero
    )
  }

  /// Who signs with temporary credentials, as a door finds out.
  private func caller(
    _ fixture: TokenFixture,
    _ key: AccessKey,
    _ role: PrincipalRecord
  ) async throws -> Principal {
    let signed = try RequestSigner(key: key, region: TokenFixture.region).sign(
      SignableRequest(
        method: "GET",
        rawPath: "/v1/domains",
        rawQuery: "",
        headers: [.init("Host", "larder.test")]
      ),
      payloadHash: PayloadHash.empty,
      at: SigningTime(secondsSinceEpoch: fixture.clock.seconds)
    )
    return try await fixture.depot.caller(
      behind: SignatureClaim(signed),
      of: signed,
      body: PayloadHash.empty,
      verifier: SignatureVerifier(region: TokenFixture.region)
    ).get()
  }
}

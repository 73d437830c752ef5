import Access
import Catalog
import HTTPTypes
import Repository
import Testing

@testable import TokenService

@Suite("Who am I, and roles taken on")
struct SessionTests {
  private let account = TokenFixture.account

  @Test func `everyone with a key is told who it is, by post and by get`() async throws {
    let fixture = try await TokenFixture()
    for method in [true, false] {
      let answer = try await fixture.call(
        "GetCallerIdentity",
        method: method ? .post : .get
      )
      #expect(answer.status == 200)
      #expect(answer["Arn"] == "arn:aws:iam::\(account):user/administrator")
      #expect(answer["Account"] == account)
      #expect(answer["UserId"]?.hasPrefix("LIDA") == true)
      #expect(answer["RequestId"] == "request-1")
    }
    let global = try await fixture.call("GetCallerIdentity", region: "us-east-1")
    #expect(global.status == 200)
  }

  @Test func `a call that is not signed for this service is refused`() async throws {
    let fixture = try await TokenFixture()
    try await fixture.call("GetCallerIdentity", unsigned: true)
      .expect("MissingAuthenticationToken", 403)
    try await fixture.call("GetCallerIdentity", region: "eu-west-3")
      .expect("SignatureDoesNotMatch", 403)
    try await fixture.call("GetCallerIdentity", service: "codeartifact")
      .expect("SignatureDoesNotMatch", 403)
    let wrong = AccessKey(id: fixture.key.id, secret: "wrong")
    try await fixture.call("GetCallerIdentity", key: wrong).expect("SignatureDoesNotMatch", 403)
    let nobody = AccessKey(id: "LKIANOBODYNOBODYNOBO", secret: "wrong")
    try await fixture.call("GetCallerIdentity", key: nobody).expect("InvalidClientTokenId", 403)
    try await fixture.call("DecodeNothing").expect("InvalidAction", 400)
    let long = [("Policy", String(repeating: "x", count: 200_000))]
    try await fixture.call("GetCallerIdentity", long).expect("RequestEntityTooLarge", 413)
  }

  @Test func `accounts are held to their rate, and so is who signs nothing`() async throws {
    let two = try #require(TokenBucket.Rate(perSecond: 1, burst: 2))
    let fixture = try await TokenFixture(throttle: ThrottleRules([.reads: two, .address: two]))
    let identity = [
      ("RoleArn", "arn:aws:iam::\(account):role/ci"), ("RoleSessionName", "build"),
      ("WebIdentityToken", "e30.e30.e30"),
    ]
    for _ in 0..<2 {
      #expect(try await fixture.call("GetCallerIdentity").status == 200)
      let unsigned = try await fixture.call(
        "AssumeRoleWithWebIdentity",
        identity,
        unsigned: true
      )
      #expect(unsigned["Code"] != "Throttling", "\(unsigned.text)")
    }
    try await fixture.call("GetCallerIdentity").expect("Throttling", 400)
    try await fixture.call("AssumeRoleWithWebIdentity", identity, unsigned: true)
      .expect("Throttling", 400)
  }

  @Test func `a role is taken on by whom its trust policy names, for as long as was asked`()
    async throws
  {
    let fixture = try await TokenFixture()
    let ann = try await fixture.user("ann")
    let bob = try await fixture.user("bob")
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(ann.record.arn)"}"#)
    let answer = try await fixture.assume(role, key: ann.key, [("DurationSeconds", "900")])
    let session = try answer.key()
    #expect(session.id.hasPrefix("LSIA"))
    #expect(answer["Arn"] == "arn:aws:sts::\(account):assumed-role/ci/build-17")
    #expect(answer["AssumedRoleId"] == "\(role.uniqueID):build-17")
    #expect(answer["Expiration"] == "2023-11-14T22:28:20Z")
    let who = try await fixture.call("GetCallerIdentity", key: session)
    #expect(who["Arn"] == "arn:aws:sts::\(account):assumed-role/ci/build-17")
    #expect(who["UserId"] == "\(role.uniqueID):build-17")
    try await fixture.assume(role, key: bob.key).expect("AccessDenied", 403)
    fixture.clock.advance(by: 899)
    let late = try await fixture.call("GetCallerIdentity", key: session)
    #expect(late.status == 200)
    fixture.clock.advance(by: 1)
    try await fixture.call("GetCallerIdentity", key: session).expect("ExpiredToken", 403)
  }

  @Test func `naming the account leaves it to the caller's own policies`() async throws {
    let fixture = try await TokenFixture()
    let ann = try await fixture.user("ann")
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(account)"}"#)
    try await fixture.assume(role, key: ann.key)
      .expect("AccessDenied", 403, containing: "sts:AssumeRole on resource: \(role.arn)")
    try await fixture.depot.putPolicy(
      "takes-on",
      document: #"""
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
        "Resource":"\#(role.arn)"}]}
        """#,
      of: ann.record.arn
    )
    _ = try await fixture.assume(role, key: ann.key).key()
    try await fixture.depot.putPolicy(
      "not-that",
      document: #"""
        {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}
        """#,
      of: ann.record.arn
    )
    try await fixture.assume(role, key: ann.key).expect("AccessDenied", 403)
  }

  @Test func `another account's user needs leave of both sides`() async throws {
    let fixture = try await TokenFixture()
    _ = try await fixture.depot.createAccount(TokenFixture.other, name: "other")
    let eve = try await fixture.user("eve", account: TokenFixture.other)
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(eve.record.arn)"}"#)
    try await fixture.assume(role, key: eve.key).expect("AccessDenied", 403)
    try await fixture.depot.putPolicy("AdministratorAccess", document: nil, of: eve.record.arn)
    _ = try await fixture.assume(role, key: eve.key).key()
    let closed = try await fixture.role("mine", trusting: #"{"AWS":"\#(account)"}"#)
    try await fixture.assume(closed, key: eve.key).expect("AccessDenied", 403)
  }

  @Test func `limits of duration, names and parameters are kept`() async throws {
    let fixture = try await TokenFixture()
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(account)"}"#)
    for seconds in ["899", "43201", "x"] {
      try await fixture.assume(role, [("DurationSeconds", seconds)])
        .expect("ValidationError", 400, containing: "durationSeconds")
    }
    try await fixture.assume(role, [("DurationSeconds", "3601")])
      .expect("ValidationError", 400, containing: "MaxSessionDuration")
    try await fixture.assume(role, [("SourceIdentity", "ann")])
      .expect("ValidationError", 400, containing: "SourceIdentity")
    try await fixture.assume(role, [("Policy", "{}")]).expect("MalformedPolicyDocument", 400)
    try await fixture.assume(role, [("RoleSessionName", "again")])
      .expect("ValidationError", 400, containing: "twice")
    try await fixture.call("AssumeRole", [("RoleArn", role.arn), ("RoleSessionName", "a b")])
      .expect("ValidationError", 400, containing: "roleSessionName")
    let user = "arn:aws:iam::\(account):user/administrator"
    try await fixture.call("AssumeRole", [("RoleArn", user), ("RoleSessionName", "xy")])
      .expect("AccessDenied", 403)
  }

  @Test func `an external id that the trust policy asks for must come along`() async throws {
    let fixture = try await TokenFixture()
    let role = try await fixture.role(
      "ci",
      trusting: #"{"AWS":"\#(account)"}"#,
      condition: #"{"StringEquals":{"sts:ExternalId":"deal-9"}}"#
    )
    try await fixture.assume(role).expect("AccessDenied", 403)
    try await fixture.assume(role, [("ExternalId", "deal-8")]).expect("AccessDenied", 403)
    _ = try await fixture.assume(role, [("ExternalId", "deal-9")]).key()
  }

  @Test func `a session carries tags where it may, and no more than fit`() async throws {
    let fixture = try await TokenFixture()
    let tags = [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "core")]
    let plain = try await fixture.role("plain", trusting: #"{"AWS":"\#(account)"}"#)
    try await fixture.assume(plain, tags).expect("AccessDenied", 403, containing: "sts:TagSession")
    let role = try await fixture.role(
      "tagged",
      trusting: #"{"AWS":"\#(account)"}"#,
      action: #"["sts:AssumeRole","sts:TagSession"]"#
    )
    _ = try await fixture.assume(role, tags).key()
    try await fixture.assume(role, [("Tags.member.2.Key", "team")])
      .expect("ValidationError", 400, containing: "numbered")
    let many = (1...50).flatMap { number in
      [
        ("Tags.member.\(number).Key", "k\(number)"),
        ("Tags.member.\(number).Value", String(repeating: "v", count: 200)),
      ]
    }
    try await fixture.assume(role, many).expect("PackedPolicyTooLarge", 400)
  }

  @Test func `a session token goes with its key alone, unchanged`() async throws {
    let fixture = try await TokenFixture()
    let role = try await fixture.role("ci", trusting: #"{"AWS":"\#(account)"}"#)
    let first = try await fixture.assume(role).key()
    let second = try await fixture.assume(role).key()
    let token = try #require(first.sessionToken)
    let flipped = (token.first == "B" ? "C" : "B") + token.dropFirst()
    let wrong = [
      AccessKey(id: first.id, secret: first.secret, sessionToken: second.sessionToken),
      AccessKey(id: first.id, secret: first.secret, sessionToken: "made-up"),
      AccessKey(id: first.id, secret: first.secret, sessionToken: flipped),
      AccessKey(id: first.id, secret: first.secret),
      AccessKey(id: fixture.key.id, secret: fixture.key.secret, sessionToken: token),
    ]
    // Before the session is known from memory, and after.
    for _ in 0..<2 {
      for key in wrong {
        try await fixture.call("GetCallerIdentity", key: key).expect("InvalidClientTokenId", 403)
      }
      #expect(try await fixture.call("GetCallerIdentity", key: first).status == 200)
    }
    let stolen = AccessKey(id: first.id, secret: second.secret, sessionToken: token)
    try await fixture.call("GetCallerIdentity", key: stolen).expect("SignatureDoesNotMatch", 403)
  }

  @Test func `a user's session ends with its key, and asks for no other`() async throws {
    let fixture = try await TokenFixture()
    let ann = try await fixture.user("ann")
    let session = try await fixture.call("GetSessionToken", key: ann.key).key()
    let who = try await fixture.call("GetCallerIdentity", key: session)
    #expect(who["Arn"] == ann.record.arn)
    try await fixture.call("GetSessionToken", key: session).expect("AccessDenied", 403)
    try await fixture.depot.setStatus(.inactive, ofAccessKey: ann.key.id)
    try await fixture.call("GetCallerIdentity", key: session).expect("InvalidClientTokenId", 403)
    try await fixture.depot.setStatus(.active, ofAccessKey: ann.key.id)
    #expect(try await fixture.call("GetCallerIdentity", key: session).status == 200)
  }

  @Test func `the account of a key is told, and nothing of one that nobody has`() async throws {
    let fixture = try await TokenFixture()
    let known = try await fixture.call("GetAccessKeyInfo", [("AccessKeyId", fixture.key.id)])
    #expect(known["Account"] == account)
    try await fixture.call("GetAccessKeyInfo", [("AccessKeyId", "LKIANOBODYNOBODYNOBO")])
      .expect("ValidationError", 400)
  }
}

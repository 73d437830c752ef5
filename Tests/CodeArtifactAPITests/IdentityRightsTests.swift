import Access
import Catalog
import CodeArtifactAPI
import Exchange
import FormatRules
import Repository
import Testing

/// Who may manage whom, and how far somebody gets who may manage a little.
@Suite("Rights over identities")
struct IdentityRightsTests {
  private let service: ServiceFixture
  private let administrator = "arn:aws:iam::\(ServiceFixture.account):user/administrator"
  private let manages = "arn:aws:iam::\(ServiceFixture.account):user/manager"
  /// A user who may do all that IAM has, and is no administrator.
  private let manager: AccessKey

  init() async throws {
    service = try await ServiceFixture()
    let user = try await service.depot.createUser("manager", account: ServiceFixture.account)
    manager = try await service.depot.createAccessKey(of: user.arn)
    try await service.depot.putPolicy(
      "manages",
      document: #"{"Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}"#,
      of: user.arn
    )
  }

  private func call(
    _ name: String,
    _ body: String,
    as key: AccessKey? = nil,
    peer: String = ""
  ) async throws -> Answer {
    try await service.send("POST", "/v1/larder/iam/\(name)", body: body, key: key ?? manager) {
      $0.peer = peer
    }
  }

  @Test(arguments: [
    ("create-user", #"{"user":"eve","administrator":true}"#),
    ("create-account", #"{"name":"mine"}"#),
    ("create-key", #"{"user":"administrator"}"#),
    ("put-policy", #"{"user":"administrator","name":"AWSCodeArtifactReadOnlyAccess"}"#),
    ("put-policy", #"{"user":"administrator","name":"no","document":"{}"}"#),
    ("delete-policy", #"{"user":"administrator","name":"no"}"#),
    ("revoke-tokens", #"{"user":"administrator"}"#),
    ("delete-user", #"{"user":"administrator"}"#),
    ("list-users", #"{"account":"210987654321"}"#),
    ("create-user", #"{"user":"eve","account":"210987654321"}"#),
    (
      "put-policy",
      #"{"principal":"arn:aws:iam::210987654321:user/x","name":"AdministratorAccess"}"#
    ),
  ])
  func `nobody becomes or touches an administrator, or reaches another account, by a policy`(
    name: String,
    body: String
  ) async throws {
    try await call("create-user", #"{"user":"plain"}"#).expectSuccess()
    try await call(name, body).expect("AccessDeniedException", 403)
  }

  @Test func `a role is shown with who may take it on`() async throws {
    let trust =
      #"{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}}"#
    let role = try await service.depot.createRole(
      "ci",
      account: ServiceFixture.account,
      trustPolicy: trust,
      longestSession: 7200
    )
    let shown = try await call("get-role", #"{"role":"ci"}"#)
    try shown.expectSuccess()
    #expect(shown.json["role"]?["arn"]?.string == role.arn)
    #expect(shown.json["role"]?["trustPolicy"]?.string == trust)
    #expect(shown.json["role"]?["maxSessionSeconds"]?.natural == 7200)
    try await call("get-role", #"{"role":"cd"}"#).expect("ResourceNotFoundException", 404)
    try await call("get-role", #"{"user":"manager"}"#)
      .expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED")
    try await service.depot.deletePolicy("manages", of: manages)
    try await call("get-role", #"{"role":"ci"}"#).expect("AccessDeniedException", 403)
  }

  @Test func `a key of an administrator is no other's to turn`() async throws {
    let second = try await service.depot.createAccessKey(of: administrator)
    for (name, members) in [("set-key-status", #","active":false"#), ("delete-key", "")] {
      try await call(name, #"{"key":"\#(second.id)"\#(members)}"#)
        .expect("AccessDeniedException", 403)
    }
    try await call("whoami", "{}", as: second).expectSuccess()
  }

  @Test(arguments: [
    #"{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
    #"{"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}"#,
    #"{"Bool":{"aws:SecureTransport":"false"}}"#,
    #"{"StringEquals":{"aws:RequestedRegion":"eu-central-1"}}"#,
    #"{"StringEquals":{"aws:RequestTag/team":"core"}}"#,
  ])
  func `conditions look at calls about identities as at all others`(
    condition: String
  ) async throws {
    let body = #"{"user":"bob","tags":{"team":"core"}}"#
    let arn = "arn:aws:iam::\(ServiceFixture.account):user/manager"
    try await service.depot.putPolicy(
      "not-so",
      document: #"""
        {"Statement":{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*",
        "Condition":\#(condition)}}
        """#,
      of: arn
    )
    try await call("create-user", body, peer: "192.0.2.7").expect("AccessDeniedException", 403)
    try await service.depot.deletePolicy("not-so", of: arn)
    try await call("create-user", body, peer: "192.0.2.7").expectSuccess()
  }
}

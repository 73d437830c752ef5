import Access
import Catalog
import CodeArtifactAPI
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("Calls of the API")
struct CallTests {
  private let service: ServiceFixture

  init() async throws {
    service = try await ServiceFixture()
  }

  @Test func `every reply names its request`() async throws {
    let name = try #require(HTTPField.Name("x-amzn-requestid"))
    #expect(try await service.call(.listDomains).headers[name] == "request-1")
    #expect(try await service.send("GET", "/v1/nothing").headers[name] == "request-1")
  }

  @Test(arguments: [
    ("GET", "/v1/nothing"), ("PATCH", "/v1/domain"), ("GET", "/v1/domains"),
    ("POST", "/v1/domain/"),
    ("GET", "/"), ("POST", "//v1/domain"),
  ])
  func `what is no operation is not found`(method: String, path: String) async throws {
    try await service.send(method, path).expect("UnknownOperationException", 404)
  }

  @Test func `all 48 operations are served`() async throws {
    #expect(Operation.allCases.count == 48)
    for operation in Set(Operation.allCases).subtracting([.publishPackageVersion]) {
      let answer = try await service.call(operation)
      #expect(answer.json["reason"]?.string != "UNKNOWN_OPERATION", "\(operation)")
    }
  }

  @Test func `a call without a signature is told so`() async throws {
    let answer = try await service.send("POST", "/v1/domains") { $0.headers[.authorization] = nil }
    answer.expect("MissingAuthenticationTokenException", 403)
  }

  @Test func `a bearer's token is no signature`() async throws {
    let answer = try await service.send("POST", "/v1/domains") {
      $0.headers[.authorization] = "Bearer larder_x"
    }
    answer.expect("IncompleteSignatureException", 400)
  }

  @Test func `an unknown key, a wrong secret and a late clock are refused`() async throws {
    let unknown = AccessKey(id: "LKIANOBODY", secret: "x")
    try await service.send("POST", "/v1/domains", key: unknown)
      .expect("UnrecognizedClientException", 403)
    let wrong = AccessKey(id: service.key.id, secret: "x")
    try await service.send("POST", "/v1/domains", key: wrong)
      .expect("InvalidSignatureException", 403, containing: "The Canonical String")
    try await service.send("POST", "/v1/domains", signedSecondsAgo: 301)
      .expect("InvalidSignatureException", 403, containing: "Signature expired")
    try await service.send("POST", "/v1/domains", signedSecondsAgo: -302)
      .expect("InvalidSignatureException", 403, containing: "Signature not yet current")
    try await service.send("POST", "/v1/domains", region: "us-west-2")
      .expect("InvalidSignatureException", 403, containing: "region")
  }

  @Test func `a key that was put out of use is refused`() async throws {
    let administrator = "arn:aws:iam::\(ServiceFixture.account):user/administrator"
    let second = try await service.depot.createAccessKey(of: administrator)
    func list(_ key: AccessKey) async throws -> Answer {
      try await service.send("POST", "/v1/domains", body: "{}", key: key)
    }
    try await list(second).expectSuccess()
    try await service.depot.setStatus(.inactive, ofAccessKey: second.id)
    try await list(second).expect("UnrecognizedClientException", 403)
    try await list(service.key).expectSuccess()
  }

  @Test func `a body that was changed on the way is refused`() async throws {
    let answer = try await service.send("POST", "/v1/domains", body: #"{"maxResults":1}"#) {
      $0.body = RequestBody(Array(#"{"maxResults":2}"#.utf8))
    }
    answer.expect("InvalidSignatureException", 403)
  }

  @Test func `a body too long to be one of ours is not read to its end`() async throws {
    let answer = try await service.send("POST", "/v1/domains") {
      $0.body = RequestBody(announcedByteCount: nil) { Array(repeating: 32, count: 1 << 16) }
    }
    answer.expect("RequestEntityTooLargeException", 413)
  }

  @Test(arguments: ["{", "[]", "5", "{\"a\":}", "\u{0}"])
  func `a body that is no JSON object cannot be parsed`(body: String) async throws {
    try await service.call(.listDomains, body: body)
      .expect("ValidationException", 400, reason: "CANNOT_PARSE")
  }

  @Test(arguments: [
    (#"{"maxResults":0}"#, "maxResults", "Member must have value greater than or equal to 1"),
    (#"{"maxResults":1001}"#, "maxResults", "Member must have value less than or equal to 1000"),
    (#"{"maxResults":"5"}"#, "maxResults", "Member must be a whole number"),
    (#"{"maxResults":1.5}"#, "maxResults", "Member must be a whole number"),
    (#"{"nextToken":""}"#, "nextToken", "Member must have length greater than or equal to 1"),
    (#"{"nextToken":7}"#, "nextToken", "Member must be a string"),
  ])
  func `members of a body are held against the model`(
    body: String,
    member: String,
    constraint: String
  ) async throws {
    try await service.call(.listDomains, body: body).expectInvalid(member, constraint)
  }

  @Test func `null stands for an absent member`() async throws {
    try await service.call(.listDomains, body: #"{"maxResults":null,"nextToken":null}"#)
      .expectSuccess()
  }

  @Test func `all mistakes are told at once`() async throws {
    let answer = try await service.call(.describePackageVersion)
    answer.expect(
      "ValidationException",
      400,
      reason: "FIELD_VALIDATION_FAILED",
      containing: "5 validation errors detected: Value null at 'domain' failed to satisfy "
        + "constraint: Member must not be null; Value null at 'repository'"
    )
  }

  /// Operations that name no domain.
  static let domainless: Set<Operation> = [
    .listDomains, .listRepositories, .listTagsForResource, .tagResource, .untagResource,
  ]

  /// Those whose body is parameters.
  static let takesParameters = Set(Operation.allCases).subtracting([.publishPackageVersion])

  @Test(arguments: CallTests.takesParameters.subtracting(CallTests.domainless))
  func `no operation goes on with parameters that are not valid`(
    operation: Operation
  ) async throws {
    let query = [
      ("domain", "Corp"), ("repository", "r1"), ("format", "pypi"), ("package", "p"),
      ("version", "1"), ("asset", "a"), ("external-connection", "public:pypi"),
    ]
    try await service.call(operation, query).expectInvalid("domain")
  }

  @Test func `a listing across domains checks its parameters too`() async throws {
    try await service.call(.listRepositories, [("repository-prefix", "-")])
      .expectInvalid("repositoryPrefix")
    try await service.call(.listRepositories, [("max-results", "0")]).expectInvalid("maxResults")
  }

  @Test func `a query that is not UTF-8 cannot be parsed`() async throws {
    let answer = try await service.send("GET", "/v1/domain", [("domain", "corp")]) {
      $0.target = Target("/v1/domain?domain=%ff")
    }
    #expect(answer.status == 400)
    #expect(answer.exception == "IncompleteSignatureException")
  }
}

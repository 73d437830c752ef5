import Access
import Catalog
import CodeArtifactAPI
import Exchange
import FormatRules
import Repository
import Testing

@Suite("Policies of domains and repositories")
struct PolicyTests {
  let service: ServiceFixture
  let corp = [("domain", "corp")]
  let r1 = [("domain", "corp"), ("repository", "r1")]

  init() async throws {
    service = try await ServiceFixture()
    try await service.furnish()
  }

  static func statement(
    _ effect: String = "Allow",
    _ actions: String = "*",
    principal: String = #"{"AWS":"210987654321"}"#,
    resource: String = "*"
  ) -> String {
    #"{"Effect":"\#(effect)","Principal":\#(principal),"Action":\#(Self.list(actions)),"#
      + #""Resource":"\#(resource)"}"#
  }

  static func list(_ actions: String) -> String {
    let names = actions.split(separator: " ").map { $0 == "*" ? "*" : "codeartifact:\($0)" }
    return "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  static func policy(_ statements: String...) -> String {
    #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
  }

  static func body(
    _ document: String,
    _ others: [(String, String)] = []
  ) -> String {
    let members = [("policyDocument", document)] + others
    var writer = JSONWriter()
    writer.value(.object(members.map { .init($0.0, .string($0.1)) }))
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  func call(
    _ operation: Operation,
    _ query: [(String, String)] = [],
    body: String = "",
    as key: AccessKey
  ) async throws -> Answer {
    let route = operation.route.split(separator: " ").map(String.init)
    return try await service.send(route[0], route[1], query, body: body, key: key)
  }

  func putDomain(
    _ document: String,
    revision: String? = nil,
    as key: AccessKey? = nil
  ) async throws -> Answer {
    var others = [("domain", "corp"), ("domainOwner", ServiceFixture.account)]
    if let revision { others.append(("policyRevision", revision)) }
    let body = Self.body(document, others)
    return try await call(.putDomainPermissionsPolicy, body: body, as: key ?? service.key)
  }

  func putRepository(
    _ document: String,
    revision: String? = nil,
    as key: AccessKey? = nil
  ) async throws -> Answer {
    try await call(
      .putRepositoryPermissionsPolicy,
      r1 + [("domain-owner", ServiceFixture.account)],
      body: Self.body(document, revision.map { [("policyRevision", $0)] } ?? []),
      as: key ?? service.key
    )
  }

  @Test func `a policy is put, read and deleted, as it was written`() async throws {
    try await service.call(.getDomainPermissionsPolicy, corp)
      .expect("ResourceNotFoundException", 404, about: "domain")
    try await service.call(.deleteDomainPermissionsPolicy, corp)
      .expect("ResourceNotFoundException", 404, about: "domain")
    let document = "  " + Self.policy(Self.statement()) + "\n"
    let put = try await putDomain(document)
    try put.expectSuccess()
    #expect(
      put.json["policy"]?["resourceArn"]?.string
        == "arn:aws:codeartifact:eu-central-1:123456789012:domain/corp"
    )
    #expect(put.json["policy"]?["document"]?.string == document)
    let read = try await service.call(.getDomainPermissionsPolicy, corp)
    #expect(read.json == put.json)
    let deleted = try await service.call(.deleteDomainPermissionsPolicy, corp)
    #expect(deleted.json == put.json)
    try await service.call(.getDomainPermissionsPolicy, corp)
      .expect("ResourceNotFoundException", 404, about: "domain")
  }

  @Test func `a repository has one of its own`() async throws {
    for operation in [
      Operation.getRepositoryPermissionsPolicy, .deleteRepositoryPermissionsPolicy,
    ] {
      try await service.call(operation, r1)
        .expect("ResourceNotFoundException", 404, about: "repository")
    }
    let put = try await putRepository(Self.policy(Self.statement()))
    try put.expectSuccess()
    #expect(
      put.json["policy"]?["resourceArn"]?.string
        == "arn:aws:codeartifact:eu-central-1:123456789012:repository/corp/r1"
    )
    #expect(try await service.call(.getRepositoryPermissionsPolicy, r1).json == put.json)
    try await service.call(.getDomainPermissionsPolicy, corp)
      .expect("ResourceNotFoundException", 404, about: "domain")
    #expect(try await service.call(.deleteRepositoryPermissionsPolicy, r1).json == put.json)
  }

  @Test func `only the revision that was read is replaced`() async throws {
    let first = try await putRepository(Self.policy(Self.statement()))
    let revision = try #require(first.json["policy"]?["revision"]?.string)
    let second = try await putRepository(Self.policy(Self.statement("Deny")), revision: revision)
    try second.expectSuccess()
    #expect(second.json["policy"]?["revision"]?.string != revision)
    try await putRepository(Self.policy(Self.statement()), revision: revision)
      .expect("ConflictException", 409, about: "repository", containing: revision)
    try await service.call(
      .deleteRepositoryPermissionsPolicy,
      r1 + [("policy-revision", revision)]
    ).expect("ConflictException", 409, about: "repository")
    try await putDomain(Self.policy(Self.statement()), revision: "none")
      .expect("ConflictException", 409, about: "domain", containing: "is not there")
    #expect(
      try await service.call(.getRepositoryPermissionsPolicy, r1).json == second.json
    )
    // The same text put again is another revision all the same.
    let third = try await putRepository(Self.policy(Self.statement("Deny")))
    #expect(third.json["policy"]?["revision"] != second.json["policy"]?["revision"])
  }

  @Test func `what is no policy is refused with the place of its fault`() async throws {
    let fault = try await putDomain("{\n  \"Statement\": [{\"Efect\": \"Allow\"}]\n}")
    fault.expect(
      "ValidationException",
      400,
      reason: "FIELD_VALIDATION_FAILED",
      containing: "at Statement[0].Efect (line 2, column 18): a statement has no element"
    )
    try await putRepository("{").expect(
      "ValidationException",
      400,
      reason: "FIELD_VALIDATION_FAILED",
      containing: "(line 1, column 2)"
    )
    try await putRepository(String(repeating: " ", count: 7169))
      .expectInvalid("policyDocument", "Member must have length less than or equal to 7168")
    try await putRepository("")
      .expectInvalid("policyDocument", "Member must satisfy regular expression pattern")
    try await service.call(.putRepositoryPermissionsPolicy, r1, body: "{}")
      .expectInvalid("policyDocument", "Member must not be null")
    try await service.call(.putDomainPermissionsPolicy, body: Self.body("{}"))
      .expectInvalid("domain", "Member must not be null")
    try await service.call(
      .deleteDomainPermissionsPolicy,
      corp + [("policy-revision", "a b")]
    ).expectInvalid("policyRevision", "Member must satisfy regular expression pattern")
  }

  @Test func `policies go with what they stand with`() async throws {
    try await putDomain(Self.policy(Self.statement())).expectSuccess()
    try await putRepository(Self.policy(Self.statement())).expectSuccess()
    try await service.call(.deleteRepository, r1).expectSuccess()
    try await service.call(.deleteDomain, corp).expectSuccess()
    try await service.furnish()
    try await service.call(.getDomainPermissionsPolicy, corp)
      .expect("ResourceNotFoundException", 404, about: "domain")
    try await service.call(.getRepositoryPermissionsPolicy, r1)
      .expect("ResourceNotFoundException", 404, about: "repository")
  }

  @Test func `the owner cannot be locked out`() async throws {
    try await putDomain(Self.policy(Self.statement("Deny", principal: #""*""#))).expectSuccess()
    for operation in [Operation.describeDomain, .deleteDomainPermissionsPolicy] {
      try await service.call(operation, corp).expect(
        "AccessDeniedException",
        403,
        containing: "with an explicit deny in a resource-based policy"
      )
    }
    try await service.call(.describeRepository, r1)
      .expect("AccessDeniedException", 403, containing: "explicit deny")
    try await putRepository(Self.policy(Self.statement()))
      .expect("AccessDeniedException", 403, containing: "explicit deny")
    try await putDomain(Self.policy(Self.statement())).expectSuccess()
    try await service.call(.describeDomain, corp).expectSuccess()
    // The repository's policy has no say in its own replacement either; the domain's has.
    try await putRepository(Self.policy(Self.statement("Deny", principal: #""*""#)))
      .expectSuccess()
    try await service.call(.getRepositoryPermissionsPolicy, r1)
      .expect("AccessDeniedException", 403, containing: "explicit deny")
    try await putRepository(Self.policy(Self.statement())).expectSuccess()
  }
}

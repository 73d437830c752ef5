import CodeArtifactAPI
import FormatRules
import Repository
import Testing

@Suite("Domains, over the API")
struct DomainTests {
  private let service: ServiceFixture

  init() async throws {
    service = try await ServiceFixture()
  }

  private let corp =
    #""name":"corp","owner":"123456789012","#
    + #""arn":"arn:aws:codeartifact:eu-central-1:123456789012:domain/corp","status":"Active","#
    + #""createdTime":1700000000.250,"#
    + #""encryptionKey":"arn:aws:kms:eu-central-1:123456789012:alias/aws/codeartifact""#
  private let more =
    #","repositoryCount":0,"assetSizeBytes":0,"#
    + #""s3BucketArn":"arn:aws:s3:::assets-123456789012-eu-central-1""#

  @Test func `creating, describing and deleting answer with the description`() async throws {
    let created = try await service.call(.createDomain, [("domain", "corp")])
    #expect(created.text == #"{"domain":{\#(corp)\#(more)}}"#)
    let described = try await service.call(
      .describeDomain,
      [("domain", "corp"), ("domain-owner", ServiceFixture.account)]
    )
    #expect(described.text == created.text)
    let deleted = try await service.call(.deleteDomain, [("domain", "corp")])
    try deleted.expectSuccess()
    #expect(deleted.json["domain"]?["name"]?.string == "corp")
    try await service.call(.describeDomain, [("domain", "corp")])
      .expect("ResourceNotFoundException", 404, about: "domain")
  }

  @Test func `listing answers with summaries, page by page`() async throws {
    for name in ["corp", "late", "more"] {
      try await service.call(.createDomain, [("domain", name)]).expectSuccess()
    }
    let first = try await service.call(.listDomains, body: #"{"maxResults":1}"#)
    let token = try #require(first.json["nextToken"]?.string)
    #expect(first.text == #"{"domains":[{\#(corp)}],"nextToken":"\#(token)"}"#)
    let second = try await service.call(
      .listDomains,
      body: #"{"maxResults":2,"nextToken":"\#(token)"}"#
    )
    let names = second.json["domains"]?.array?.compactMap { $0["name"]?.string }
    #expect(names == ["late", "more"])
    #expect(second.json["nextToken"] == nil)
  }

  @Test func `a token made up or of another listing is refused`() async throws {
    try await service.call(.listDomains, body: #"{"nextToken":"abc"}"#)
      .expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED")
  }

  @Test func `a name is taken once, and a domain with repositories stays`() async throws {
    try await service.furnish()
    try await service.call(.createDomain, [("domain", "corp")])
      .expect("ConflictException", 409, about: "domain")
    try await service.call(.deleteDomain, [("domain", "corp")])
      .expect("ConflictException", 409, about: "domain")
  }

  @Test func `a quota that is reached says so`() async throws {
    for index in 0..<10 {
      try await service.call(.createDomain, [("domain", "d\(index)")]).expectSuccess()
    }
    try await service.call(.createDomain, [("domain", "one-more")])
      .expect("ServiceQuotaExceededException", 402, about: "domain")
  }

  @Test func `another account's domain is denied before it is looked for`() async throws {
    let query = [("domain", "corp"), ("domain-owner", ServiceFixture.other)]
    for operation in [Operation.describeDomain, .deleteDomain, .getAuthorizationToken] {
      try await service.call(operation, query).expect(
        "AccessDeniedException",
        403,
        containing: "User: arn:aws:iam::123456789012:user/administrator is not authorized to "
          + "perform: codeartifact:\(operation.rawValue) on resource: "
          + "arn:aws:codeartifact:eu-central-1:210987654321:domain/corp"
      )
    }
  }

  @Test func `an encryption key is a key, and a tag has one`() async throws {
    let query = [("domain", "corp")]
    try await service.call(.createDomain, query, body: #"{"encryptionKey":"arn:aws:s3:::b"}"#)
      .expect("ValidationException", 400, reason: "ENCRYPTION_KEY_ERROR")
    try await service.call(.createDomain, query, body: #"{"encryptionKey":"a b"}"#)
      .expectInvalid("encryptionKey", "Member must satisfy regular expression pattern: \\S+")
    try await service.call(.createDomain, query, body: #"{"tags":[{"value":"build"}]}"#)
      .expectInvalid("tags.1.member.key", "Member must not be null")
    try await service.call(.createDomain, query, body: #"{"tags":[]}"#).expectSuccess()
  }

  @Test(
    arguments: [
      ("", 43_200), ("0", 43_200), ("900", 900), ("43200", 43_200),
    ] as [(String, Int64)]
  )
  func `a token lasts as long as was asked`(asked: String, seconds: Int64) async throws {
    try await service.furnish()
    let query = [("domain", "corp")] + (asked.isEmpty ? [] : [("duration", asked)])
    let answer = try await service.call(.getAuthorizationToken, query)
    try answer.expectSuccess()
    let text = try #require(answer.json["authorizationToken"]?.string)
    #expect(answer.text.hasSuffix(#""expiration":\#(1_700_000_000 + seconds).250}"#))
    let holder = try #require(try await service.depot.holder(ofToken: text))
    #expect(holder.domain == "corp")
    service.clock.advance(by: seconds)
    #expect(try await service.depot.holder(ofToken: text) == nil)
  }

  @Test func `a token's duration and domain are checked`() async throws {
    try await service.furnish()
    try await service.call(.getAuthorizationToken, [("domain", "corp"), ("duration", "899")])
      .expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED")
    for wrong in ["-1", "43201", "x", "1.5", ""] {
      try await service.call(.getAuthorizationToken, [("domain", "corp"), ("duration", wrong)])
        .expectInvalid("durationSeconds")
    }
    try await service.call(.getAuthorizationToken, [("domain", "nowhere")])
      .expect("ResourceNotFoundException", 404, about: "domain")
  }
}

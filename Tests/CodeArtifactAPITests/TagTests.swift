import Access
import CodeArtifactAPI
import FormatRules
import Repository
import Testing

@Suite("Tags")
struct TagTests {
  private let service: ServiceFixture
  private static let root = "arn:aws:codeartifact:eu-central-1:123456789012:"

  init() async throws {
    service = try await ServiceFixture()
    try await service.furnish()
    try await service.call(
      .createPackageGroup,
      [("domain", "corp")],
      body: #"{"packageGroup":"/npm//a-%b$"}"#
    ).expectSuccess()
  }

  private func tag(_ resource: String, _ tags: [(String, String)]) async throws -> Answer {
    let items = tags.map { #"{"key":"\#($0.0)","value":"\#($0.1)"}"# }
    return try await service.call(
      .tagResource,
      [("resourceArn", Self.root + resource)],
      body: #"{"tags":[\#(items.joined(separator: ","))]}"#
    )
  }

  private func tags(_ resource: String) async throws -> String {
    try await service.call(.listTagsForResource, [("resourceArn", Self.root + resource)]).text
  }

  @Test(arguments: ["domain/corp", "repository/corp/r1", "package-group/corp/npm//a-%25b%24"])
  func `are put, replaced, listed and taken away`(resource: String) async throws {
    #expect(try await tags(resource) == #"{"tags":[]}"#)
    #expect(try await tag(resource, [("team", "a"), ("Team", "b")]).text == "{}")
    try await tag(resource, [("team", "c"), ("cost", "")]).expectSuccess()
    #expect(
      try await tags(resource)
        == #"{"tags":[{"key":"Team","value":"b"},{"key":"cost","value":""},"#
        + #"{"key":"team","value":"c"}]}"#
    )
    let arn = try #require(ARN(Self.root + resource))
    let known = try await service.depot.tags(of: arn)
    #expect(known == ["team": "c", "Team": "b", "cost": ""])
    let query = [("resourceArn", Self.root + resource)]
    try await service.call(.untagResource, query, body: #"{"tagKeys":["team","nothing"]}"#)
      .expectSuccess()
    #expect(try await service.depot.tags(of: arn) == ["Team": "b", "cost": ""])
  }

  @Test func `come with what is created, and go with it`() async throws {
    let tags = #"{"tags":[{"key":"team","value":"a"}]}"#
    try await service.call(.createDomain, [("domain", "lab")], body: tags).expectSuccess()
    #expect(try await self.tags("domain/lab").contains("team"))
    let path = [("domain", "corp"), ("repository", "r2")]
    try await service.call(.createRepository, path, body: tags).expectSuccess()
    #expect(try await self.tags("repository/corp/r2").contains("team"))
    try await service.call(.deleteRepository, path).expectSuccess()
    try await service.call(.createRepository, path).expectSuccess()
    #expect(try await self.tags("repository/corp/r2") == #"{"tags":[]}"#)
    let group = tags.replacing("{\"tags", with: "{\"packageGroup\":\"/pypi/*\",\"tags")
    let query = [("domain", "corp")]
    try await service.call(.createPackageGroup, query, body: group).expectSuccess()
    #expect(try await self.tags("package-group/corp/pypi/%2a").contains("team"))
    try await service.call(.deletePackageGroup, query + [("package-group", "/pypi/*")])
      .expectSuccess()
    try await service.call(.createPackageGroup, query, body: #"{"packageGroup":"/pypi/*"}"#)
      .expectSuccess()
    #expect(try await self.tags("package-group/corp/pypi/%2a") == #"{"tags":[]}"#)
    try await service.call(.deleteDomain, [("domain", "lab")]).expectSuccess()
    try await service.call(.createDomain, [("domain", "lab")]).expectSuccess()
    #expect(try await self.tags("domain/lab") == #"{"tags":[]}"#)
  }

  @Test func `keep to their limits`() async throws {
    let many = (0..<50).map { ("key-\($0)", "v") }
    try await tag("domain/corp", many).expectSuccess()
    try await tag("domain/corp", [("key-1", "other")]).expectSuccess()
    let over = try await tag("domain/corp", [("key-50", "v")])
    over.expect("ServiceQuotaExceededException", 402, about: "domain")
    #expect(try await !tags("domain/corp").contains("key-50"))
    for (tags, word) in [
      ([("a", "1"), ("a", "2")], "given twice"), ([("aws:x", "1")], "reserved"),
      ([("AWS:x", "1")], "reserved"),
    ] {
      try await tag("domain/corp", tags)
        .expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED", containing: word)
    }
    // An accent of its own is not the accented letter.
    try await tag("repository/corp/r1", [("caf\u{E9}", "1"), ("cafe\u{301}", "2")])
      .expectSuccess()
    try await tag("repository/corp/r1", [("caf\u{E9}", "2\u{301}")]).expectSuccess()
    #expect(try await tags("repository/corp/r1").contains(#""2"},{"key""#))
    try await tag("domain/corp", (0..<201).map { ("k\($0)", "") }).expectInvalid("tags")
    try await tag("domain/corp", [(String(repeating: "k", count: 129), "")])
      .expectInvalid("tags.1.member.key")
    let query = [("resourceArn", Self.root + "domain/corp")]
    try await service.call(.tagResource, query, body: "{}").expectInvalid("tags")
    try await service.call(.untagResource, query, body: "{}").expectInvalid("tagKeys")
    try await service.call(.untagResource, query, body: #"{"tagKeys":[""]}"#)
      .expectInvalid("tagKeys.1.member")
  }

  @Test(arguments: [
    "nonsense", "arn:aws:codeartifact:us-east-1:123456789012:domain/corp",
    "arn:aws-cn:codeartifact:eu-central-1:123456789012:domain/corp",
    "arn:aws:s3:eu-central-1:123456789012:domain/corp",
    "arn:aws:codeartifact:eu-central-1:12345:domain/corp", TagTests.root + "domain",
    TagTests.root + "domain/corp/more", TagTests.root + "repository/corp",
    TagTests.root + "repository/corp/a/b", TagTests.root + "package-group/corp/npm",
    TagTests.root + "package-group/corp/*", TagTests.root + "package-group/corp/%2A",
    TagTests.root + "package/corp/r1/npm//react",
  ]) func `belong to resources by their exact names`(arn: String) async throws {
    try await service.call(.listTagsForResource, [("resourceArn", arn)])
      .expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED")
  }

  @Test func `of what is not there are not found`() async throws {
    for (resource, type) in [
      ("domain/no", "domain"), ("repository/corp/no", "repository"), ("repository/no/r1", "domain"),
    ] {
      try await tag(resource, [("a", "b")])
        .expect("ResourceNotFoundException", 404, about: type)
      #expect(try await service.depot.tags(of: #require(ARN(Self.root + resource))).isEmpty)
    }
    let group = try await tag("package-group/corp/ruby/%2a", [("a", "b")])
    #expect(group.exception == "ResourceNotFoundException" && group.status == 404)
  }
}

import Access
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@testable import CodeArtifactAPI

@Suite("Repository settings over HTTP")
struct SettingsTests {
  private static let path = "/v1/larder/repository/settings"
  private static let query = [("domain", "corp"), ("repository", "r1")]

  private func put(_ body: String, _ service: ServiceFixture) async throws -> Answer {
    try await service.send("PUT", Self.path, Self.query, body: body)
  }

  @Test func `a repository that nobody set anything for says so`() async throws {
    let service = try await ServiceFixture()
    try await service.furnish()
    let answer = try await service.send("GET", Self.path, Self.query)
    #expect(answer.status == 200)
    #expect(answer.text == #"{"freshness":null,"offline":false,"coolDown":null}"#)
  }

  @Test func `what is named changes, what is not stays, null clears`() async throws {
    let service = try await ServiceFixture()
    try await service.furnish()
    try await put(#"{"freshness":1.5,"offline":true}"#, service).expectSuccess()
    try await put(#"{"coolDown":{"age":604800,"exempt":["npm/@acme/*"]}}"#, service).expectSuccess()
    try await put(
      #"{"offline":null,"coolDown":{"release":["npm/left-pad@1.3.0","pypi/Some.Thing@1.0RC1"]}}"#,
      service
    ).expectSuccess()
    let answer = try await put(#"{"coolDown":{"freezeAt":"2026-01-01T00:00:00Z"}}"#, service)
    let expected =
      #"{"freshness":1.5,"offline":false,"coolDown":{"age":604800,"exemptions":["npm/@acme/*"],"#
      + #""released":["npm/left-pad@1.3.0","pypi/some-thing@1.0rc1"],"#
      + #""freezeAt":"2026-01-01T00:00:00Z"}}"#
    #expect(answer.text == expected)
    #expect(try await service.send("GET", Self.path, Self.query).text == expected)
    let cleared = try await put(#"{"freshness":null,"coolDown":null}"#, service)
    #expect(cleared.text == #"{"freshness":null,"offline":false,"coolDown":null}"#)
  }

  @Test(arguments: [
    #"{"fresh":1}"#, #"{"freshness":-1}"#, #"{"freshness":"1"}"#, #"{"freshness":1e3}"#,
    #"{"freshness":1.1234567}"#, #"{"freshness":4000000000}"#, #"{"offline":"yes"}"#,
    #"{"coolDown":[]}"#, #"{"coolDown":{"ages":1}}"#, #"{"coolDown":{"freezeAt":"yesterday"}}"#,
    #"{"coolDown":{"exempt":["acme"]}}"#, #"{"coolDown":{"exempt":"*"}}"#,
    #"{"coolDown":{"release":["npm/left-pad"]}}"#, #"{"coolDown":{"release":["npm/a/b@1"]}}"#,
    #"{"coolDown":{"release":["maven/x@1"]}}"#, #"{"coolDown":{"release":["pypi/a/b@1"]}}"#,
    #"{"offline":true,"offline":false}"#,
  ])
  func `settings that mean nothing are refused, and nothing changes`(body: String) async throws {
    let service = try await ServiceFixture()
    try await service.furnish()
    let answer = try await put(body, service)
    #expect(answer.status == 400)
    #expect(answer.exception == "ValidationException")
    let after = try await service.send("GET", Self.path, Self.query)
    #expect(after.text == #"{"freshness":null,"offline":false,"coolDown":null}"#)
  }

  @Test func `only who may change the repository may change its settings`() async throws {
    let service = try await ServiceFixture()
    try await service.furnish()
    let unsigned = try await service.send("PUT", Self.path, Self.query, body: "{}") { request in
      request.headers[.authorization] = nil
    }
    #expect(unsigned.status == 403)
    let elsewhere = try await service.send(
      "GET",
      Self.path,
      Self.query + [("domain-owner", ServiceFixture.other)]
    )
    #expect(elsewhere.exception == "AccessDeniedException")
    let absent = try await service.send(
      "GET",
      Self.path,
      [("domain", "corp"), ("repository", "r2")]
    )
    #expect(absent.exception == "ResourceNotFoundException")
  }

  @Test func `a refresh is of all packages, or of one that is named as its format wants`()
    async throws
  {
    let service = try await ServiceFixture()
    try await service.furnish()
    let path = "/v1/larder/repository/refresh"
    let one = [("format", "npm"), ("namespace", "types"), ("package", "node")]
    for more in [[], one, [("format", "pypi"), ("package", "Some.Thing")]] {
      let answer = try await service.send("POST", path, Self.query + more)
      #expect(answer.text == "{}")
    }
    for more in [
      [("format", "npm")], [("package", "node")], [("format", "maven"), ("package", "x")],
    ] {
      let answer = try await service.send("POST", path, Self.query + more)
      #expect(answer.exception == "ValidationException")
    }
    let absent = try await service.send("POST", path, [("domain", "corp"), ("repository", "r2")])
    #expect(absent.exception == "ResourceNotFoundException")
  }
}

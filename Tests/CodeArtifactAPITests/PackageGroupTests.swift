import CodeArtifactAPI
import FormatRules
import Repository
import Testing

@Suite("Package groups")
struct PackageGroupTests {
  private let service: ServiceFixture
  private let domain = [("domain", "corp")]

  init() async throws {
    service = try await ServiceFixture()
    try await service.furnish()
  }

  private func query(_ pattern: String, _ more: (String, String)...) -> [(String, String)] {
    domain + [("package-group", pattern)] + more
  }

  @discardableResult
  private func create(_ pattern: String, _ more: String = "") async throws -> Answer {
    let answer = try await service.call(
      .createPackageGroup,
      domain,
      body: #"{"packageGroup":"\#(pattern)"\#(more)}"#
    )
    try answer.expectSuccess()
    return answer
  }

  private func patterns(_ answer: Answer) -> [String] {
    answer.json["packageGroups"]?.array?.compactMap { $0["pattern"]?.string } ?? []
  }

  @Test func `a domain has its root group from the beginning`() async throws {
    let answer = try await service.call(.describePackageGroup, query("/*"))
    try answer.expectSuccess()
    let arn = "arn:aws:codeartifact:eu-central-1:123456789012:package-group/corp/%2a"
    #expect(answer.json["packageGroup"]?["arn"]?.string == arn)
    #expect(answer.json["packageGroup"]?["parent"] == nil)
    #expect(
      answer.text.contains(
        #""PUBLISH":{"mode":"ALLOW","effectiveMode":"ALLOW","repositoriesCount":0}"#
      )
    )
    try await service.call(.deletePackageGroup, query("/*"))
      .expect("ValidationException", 400, reason: "OTHER", containing: "cannot be deleted")
    let body = #"{"restrictions":{"PUBLISH":"INHERIT"}}"#
    try await service.call(.updatePackageGroupOriginConfiguration, query("/*"), body: body)
      .expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED", containing: "inherit")
  }

  @Test func `a new group inherits all, and its parent is given`() async throws {
    try await create("/npm/*")
    let more = #","contactInfo":"ops@corp.test","description":"ours""#
    let made = try await create("/npm/space~", more).json["packageGroup"]
    #expect(made?["contactInfo"]?.string == "ops@corp.test")
    #expect(made?["description"]?.string == "ours")
    #expect(made?["parent"]?["pattern"]?.string == "/npm/*")
    let publish = made?["originConfiguration"]?["restrictions"]?["PUBLISH"]
    #expect(publish?["mode"]?.string == "INHERIT")
    #expect(publish?["effectiveMode"]?.string == "ALLOW")
    #expect(publish?["inheritedFrom"]?["pattern"]?.string == "/*")
    let twin = try await service.call(
      .createPackageGroup,
      domain,
      body: #"{"packageGroup":"/npm/space~"}"#
    )
    #expect(twin.exception == "ConflictException" && twin.status == 409)
    #expect(twin.json["resourceId"]?.string == "/npm/space~")
    #expect(twin.json["resourceType"] == nil)
  }

  @Test func `a pattern that means nothing is refused with its reason`() async throws {
    for (pattern, reason) in [
      ("/npm/foo-~", "write '*'"), ("/conda/*", "no package format"), ("/npm//a", "must end with"),
    ] {
      try await service.call(
        .createPackageGroup,
        domain,
        body: #"{"packageGroup":"\#(pattern)"}"#
      ).expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED", containing: reason)
    }
    try await service.call(.describePackageGroup, query("/npm /*"))
      .expectInvalid("packageGroup", "Member must satisfy regular expression pattern")
    try await service.call(.createPackageGroup, domain, body: "{}").expectInvalid("packageGroup")
    let missing = try await service.call(.describePackageGroup, query("/npm/*"))
    #expect(missing.exception == "ResourceNotFoundException" && missing.status == 404)
    try await service.call(.describePackageGroup, [("domain", "no"), ("package-group", "/*")])
      .expect("ResourceNotFoundException", 404, about: "domain")
  }

  @Test func `contact and description change, and what is left out stays`() async throws {
    try await create("/npm/*", #","contactInfo":"a","description":"b""#)
    let answer = try await service.call(
      .updatePackageGroup,
      domain,
      body: #"{"packageGroup":"/npm/*","description":""}"#
    )
    #expect(answer.json["packageGroup"]?["contactInfo"]?.string == "a")
    #expect(answer.json["packageGroup"]?["description"]?.string == "")
  }

  @Test func `lists of allowed repositories change, and say what changed`() async throws {
    try await create("/npm/*")
    try await service.call(.createRepository, [("domain", "corp"), ("repository", "r2")])
      .expectSuccess()
    func entry(_ name: String, _ road: String = "PUBLISH") -> String {
      #"{"repositoryName":"\#(name)","originRestrictionType":"\#(road)"}"#
    }
    func change(_ body: String) async throws -> Answer {
      try await service.call(
        .updatePackageGroupOriginConfiguration,
        query("/npm/*"),
        body: body
      )
    }
    let first = try await change(
      #"{"restrictions":{"PUBLISH":"ALLOW_SPECIFIC_REPOSITORIES"},"addAllowedRepositories":["#
        + entry("r1") + "," + entry("r2") + "," + entry("r2", "EXTERNAL_UPSTREAM") + "]}"
    )
    try first.expectSuccess()
    #expect(
      first.text.hasSuffix(
        #""allowedRepositoryUpdates":{"EXTERNAL_UPSTREAM":{"ADDED":["r2"]},"#
          + #""PUBLISH":{"ADDED":["r1","r2"]}}}"#
      )
    )
    let publish = first.json["packageGroup"]?["originConfiguration"]?["restrictions"]?["PUBLISH"]
    #expect(publish?["repositoriesCount"] == .number("2"))
    #expect(publish?["inheritedFrom"] == nil)
    let second = try await change(
      #"{"addAllowedRepositories":[\#(entry("r1"))],"removeAllowedRepositories":[\#(entry("r2"))]}"#
    )
    #expect(second.text.hasSuffix(#""allowedRepositoryUpdates":{"PUBLISH":{"REMOVED":["r2"]}}}"#))
    let road = ("originRestrictionType", "PUBLISH")
    let listed = try await service.call(.listAllowedRepositoriesForGroup, query("/npm/*", road))
    #expect(listed.text == #"{"allowedRepositories":["r1"]}"#)
    try await change(#"{"addAllowedRepositories":[\#(entry("r9"))]}"#)
      .expect("ResourceNotFoundException", 404, about: "repository")
    try await change(
      #"{"addAllowedRepositories":[\#(entry("r1"))],"removeAllowedRepositories":[\#(entry("r1"))]}"#
    ).expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED", containing: "both")
    try await change(#"{"restrictions":{"PUBLISH":"MAYBE"}}"#).expectInvalid("restrictions.PUBLISH")
    try await change(#"{"restrictions":{"READ":"ALLOW"}}"#).expectInvalid("restrictions")
    // A repository that is gone is on no list, and its successor is another.
    let gone = [("domain", "corp"), ("repository", "r1")]
    try await service.call(.deleteRepository, gone).expectSuccess()
    try await service.call(.createRepository, gone).expectSuccess()
    let after = try await service.call(.listAllowedRepositoriesForGroup, query("/npm/*", road))
    #expect(after.text == #"{"allowedRepositories":[]}"#)
  }

  @Test func `groups are listed by prefix, by parent, and page by page`() async throws {
    for pattern in ["/npm/*", "/npm/a/*", "/npm/a/b$", "/npm/c~", "/maven/*"] {
      try await create(pattern)
    }
    let all = try await service.call(.listPackageGroups, domain)
    #expect(patterns(all) == ["/*", "/maven/*", "/npm/*", "/npm/a/*", "/npm/a/b$", "/npm/c~"])
    let some = try await service.call(.listPackageGroups, domain + [("prefix", "/npm/a")])
    #expect(patterns(some) == ["/npm/a/*", "/npm/a/b$"])
    let first = try await service.call(
      .listSubPackageGroups,
      query("/npm/*", ("max-results", "1"))
    )
    #expect(patterns(first) == ["/npm/a/*"])
    let token = try #require(first.json["nextToken"]?.string)
    let second = try await service.call(
      .listSubPackageGroups,
      query("/npm/*", ("max-results", "1"), ("next-token", token))
    )
    #expect(patterns(second) == ["/npm/c~"])
    #expect(second.json["nextToken"] == nil)
    try await service.call(.listPackageGroups, domain + [("next-token", token)])
      .expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED")
    // What was below a deleted group is below its parent.
    let deleted = try await service.call(.deletePackageGroup, query("/npm/*"))
    #expect(deleted.json["packageGroup"]?["pattern"]?.string == "/npm/*")
    let moved = try await service.call(.describePackageGroup, query("/npm/a/*"))
    #expect(moved.json["packageGroup"]?["parent"]?["pattern"]?.string == "/*")
  }

  @Test func `packages are listed with their group, once for all repositories`() async throws {
    for (repository, package) in [("r1", "tools"), ("r1", "Tools"), ("r2", "tools"), ("r2", "x")] {
      if repository == "r2" {
        _ = try await service.call(.createRepository, [("domain", "corp"), ("repository", "r2")])
      }
      try await service.publish(
        "a",
        "b",
        unfinished: nil,
        ["repository": repository, "package": package]
      )
      .expectSuccess()
    }
    let listed = try await service.call(
      .listAssociatedPackages,
      query("/generic/lab/tools~", ("preview", "true"))
    )
    try listed.expectSuccess()
    #expect(
      listed.text
        == #"{"packages":[{"format":"generic","namespace":"lab","package":"Tools","#
        + #""associationType":"WEAK"},{"format":"generic","namespace":"lab","package":"tools","#
        + #""associationType":"STRONG"}]}"#
    )
    let missing = try await service.call(.listAssociatedPackages, query("/generic/lab/tools~"))
    #expect(missing.exception == "ResourceNotFoundException")
    try await create("/generic/lab/tools~")
    var (names, token): ([String], String?) = ([], nil)
    repeat {
      let more = [("max-results", "1")] + (token.map { [("next-token", $0)] } ?? [])
      let page = try await service.call(.listAssociatedPackages, query("/*") + more)
      names += page.json["packages"]?.array?.compactMap { $0["package"]?.string } ?? []
      token = page.json["nextToken"]?.string
    } while token != nil
    #expect(names == ["x"])
    let found = try await service.call(
      .getAssociatedPackageGroup,
      domain + [("format", "generic"), ("namespace", "lab"), ("package", "T00LS")]
    )
    #expect(found.json["packageGroup"]?["pattern"]?.string == "/generic/lab/tools~")
    #expect(found.json["associationType"]?.string == "WEAK")
    try await service.call(
      .getAssociatedPackageGroup,
      domain + [("format", "maven"), ("package", "x")]
    ).expectInvalid("namespace")
  }

  @Test func `a domain has no more groups than it may have`() async throws {
    var quotas = Quotas()
    quotas.packageGroupsPerDomain = 2
    let small = try await ServiceFixture(quotas: quotas)
    try await small.furnish()
    try await small.call(.createPackageGroup, domain, body: #"{"packageGroup":"/npm/*"}"#)
      .expectSuccess()
    try await small.call(.createPackageGroup, domain, body: #"{"packageGroup":"/pypi/*"}"#)
      .expect("ServiceQuotaExceededException", 402, about: "domain")
  }

  @Test func `an origin configuration is kept, also for what is not there yet`() async throws {
    let path = [
      ("domain", "corp"), ("repository", "r1"), ("format", "npm"), ("package", "react"),
    ]
    let put = try await service.call(
      .putPackageOriginConfiguration,
      path,
      body: #"{"restrictions":{"publish":"BLOCK","upstream":"ALLOW"}}"#
    )
    let expected = #"{"restrictions":{"publish":"BLOCK","upstream":"ALLOW"}}"#
    #expect(put.text == #"{"originConfiguration":\#(expected)}"#)
    let described = try await service.call(.describePackage, path)
    #expect(described.text.contains(expected))
    let versions = try await service.call(.listPackageVersions, path)
    #expect(versions.json["versions"]?.array == [])
    for (body, member) in [
      ("{}", "restrictions"), (#"{"restrictions":null}"#, "restrictions"),
      (#"{"restrictions":{"publish":"ALLOW"}}"#, "restrictions.upstream"),
      (#"{"restrictions":{"publish":"MAYBE","upstream":"ALLOW"}}"#, "restrictions.publish"),
    ] {
      try await service.call(.putPackageOriginConfiguration, path, body: body).expectInvalid(member)
    }
  }
}

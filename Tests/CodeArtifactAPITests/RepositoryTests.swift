import CodeArtifactAPI
import FormatRules
import Testing

@Suite("Repositories, over the API")
struct RepositoryTests {
  private let service: ServiceFixture

  init() async throws {
    service = try await ServiceFixture()
    try await service.furnish()
  }

  private func key(_ name: String, _ more: [(String, String)] = []) -> [(String, String)] {
    [("domain", "corp"), ("repository", name)] + more
  }

  private func summary(_ name: String, _ description: String = "") -> String {
    #""name":"\#(name)","administratorAccount":"123456789012","domainName":"corp","#
      + #""domainOwner":"123456789012","#
      + #""arn":"arn:aws:codeartifact:eu-central-1:123456789012:repository/corp/\#(name)","#
      + description + #""createdTime":1700000000.250"#
  }

  @Test func `creating, describing and deleting answer with the description`() async throws {
    let created = try await service.call(
      .createRepository,
      key("r2"),
      body: #"{"description":"Für 🎁","upstreams":[{"repositoryName":"r1"}]}"#
    )
    let members = summary("r2", #""description":"Für 🎁","#)
    #expect(
      created.text
        == #"{"repository":{\#(members),"upstreams":[{"repositoryName":"r1"}],"#
        + #""externalConnections":[]}}"#
    )
    #expect(try await service.call(.describeRepository, key("r2")).text == created.text)
    #expect(try await service.call(.deleteRepository, key("r2")).text == created.text)
    for operation in [
      Operation.describeRepository, .deleteRepository, .updateRepository,
    ] {
      try await service.call(operation, key("r2"))
        .expect("ResourceNotFoundException", 404, about: "repository")
    }
  }

  @Test func `an update changes what it names`() async throws {
    try await service.call(.createRepository, key("r2")).expectSuccess()
    let one = try await service.call(
      .updateRepository,
      key("r2"),
      body: #"{"upstreams":[{"repositoryName":"r1"}]}"#
    )
    #expect(one.text.contains(#""upstreams":[{"repositoryName":"r1"}]"#))
    let two = try await service.call(.updateRepository, key("r2"), body: #"{"description":"x"}"#)
    #expect(two.text.contains(#""upstreams":[{"repositoryName":"r1"}]"#))
    #expect(two.text.contains(#""description":"x""#))
    let three = try await service.call(.updateRepository, key("r2"), body: #"{"upstreams":[]}"#)
    #expect(three.text.contains(#""upstreams":[]"#))
    #expect(three.text.contains(#""description":"x""#))
  }

  @Test func `names, upstreams and quotas are settled`() async throws {
    try await service.call(.createRepository, key("r1"))
      .expect("ConflictException", 409, about: "repository")
    try await service.call(.createRepository, [("domain", "nowhere"), ("repository", "r1")])
      .expect("ResourceNotFoundException", 404, about: "domain")
    try await service.call(
      .createRepository,
      key("r2"),
      body: #"{"upstreams":[{"repositoryName":"missing"}]}"#
    ).expect("ResourceNotFoundException", 404, about: "repository")
    try await service.call(
      .updateRepository,
      key("r1"),
      body: #"{"upstreams":[{"repositoryName":"r1"}]}"#
    ).expect("ConflictException", 409, about: "repository")
    let many = (0..<11).map { #"{"repositoryName":"u\#($0)"}"# }.joined(separator: ",")
    for index in 0..<11 {
      try await service.call(.createRepository, key("u\(index)")).expectSuccess()
    }
    let tooMany = try await service.call(
      .createRepository,
      key("r2"),
      body: #"{"upstreams":[\#(many)]}"#
    )
    #expect(tooMany.status == 402)
    #expect(tooMany.exception == "ServiceQuotaExceededException")
  }

  @Test func `malformed upstreams are named by their place`() async throws {
    let cases = [
      (#"{"upstreams":"r1"}"#, "upstreams", "Member must be a list"),
      (#"{"upstreams":["r1"]}"#, "upstreams.1.member", "Member must be an object"),
      (
        #"{"upstreams":[{"repositoryName":"r1"},{}]}"#, "upstreams.2.member.repositoryName",
        "Member must not be null"
      ),
      (
        #"{"upstreams":[{"repositoryName":5}]}"#, "upstreams.1.member.repositoryName",
        "Member must be a string"
      ),
      (#"{"description":["x"]}"#, "description", "Member must be a string"),
    ]
    for (body, member, constraint) in cases {
      try await service.call(.createRepository, key("r2"), body: body)
        .expectInvalid(member, constraint)
    }
  }

  @Test func `listings answer with summaries, filtered and paged`() async throws {
    for name in ["r2", "r3", "s1"] {
      try await service.call(.createRepository, key(name)).expectSuccess()
    }
    let all = [("domain", "corp"), ("repository-prefix", "r1")]
    for operation in [Operation.listRepositories, .listRepositoriesInDomain] {
      let one = try await service.call(operation, all)
      #expect(one.text == #"{"repositories":[{\#(summary("r1"))}]}"#)
      var names: [String] = []
      var token: String?
      repeat {
        let more = token.map { [("next-token", $0)] } ?? []
        let page = try await service.call(
          operation,
          [("domain", "corp"), ("max-results", "3")] + more
        )
        names += page.json["repositories"]?.array?.compactMap { $0["name"]?.string } ?? []
        token = page.json["nextToken"]?.string
      } while token != nil
      #expect(names == ["r1", "r2", "r3", "s1"])
    }
    let none = try await service.call(
      .listRepositoriesInDomain,
      [("domain", "corp"), ("administrator-account", ServiceFixture.other)]
    )
    #expect(none.text == #"{"repositories":[]}"#)
    try await service.call(.listRepositoriesInDomain, [("domain", "nowhere")])
      .expect("ResourceNotFoundException", 404, about: "domain")
  }

  @Test func `an external connection comes and goes`() async throws {
    let connection = key("r1", [("external-connection", "public:pypi")])
    let joined = try await service.call(.associateExternalConnection, connection)
    #expect(
      joined.text.contains(
        #""externalConnections":[{"externalConnectionName":"public:pypi","#
          + #""packageFormat":"pypi","status":"Available"}]"#
      )
    )
    let again = try await service.call(.associateExternalConnection, connection)
    #expect(again.exception == "ConflictException")
    let parted = try await service.call(.disassociateExternalConnection, connection)
    #expect(parted.text.contains(#""externalConnections":[]"#))
    let gone = try await service.call(.disassociateExternalConnection, connection)
    #expect(gone.exception == "ResourceNotFoundException")
    let strange = try await service.call(
      .associateExternalConnection,
      key("r1", [("external-connection", "public:nowhere")])
    )
    #expect(strange.exception == "ValidationException")
  }

  @Test(arguments: ["npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo"])
  func `every format has an endpoint below the address we were reached by`(
    format: String
  ) async throws {
    for more in [[], [("endpointType", "dualstack")]] {
      let answer = try await service.call(
        .getRepositoryEndpoint,
        key("r1", [("format", format)] + more)
      )
      #expect(
        answer.json["repositoryEndpoint"]?.string
          == "http://larder.test:8470/\(format)/d/corp-123456789012/r1/"
      )
    }
  }

  @Test func `an endpoint needs a repository and a format that there are`() async throws {
    try await service.call(.getRepositoryEndpoint, key("r9", [("format", "npm")]))
      .expect("ResourceNotFoundException", 404, about: "repository")
    try await service.call(.getRepositoryEndpoint, key("r1", [("format", "conda")]))
      .expectInvalid("format", "Member must satisfy enum value set: [")
    try await service.call(
      .getRepositoryEndpoint,
      key("r1", [("format", "npm"), ("endpointType", "ipv6")])
    ).expectInvalid("endpointType", "Member must satisfy enum value set: [dualstack, ipv4]")
    try await service.call(.getRepositoryEndpoint, key("r1"))
      .expectInvalid("format", "Member must not be null")
  }

  @Test func `another account's repositories are denied`() async throws {
    let query = key("r1", [("domain-owner", ServiceFixture.other), ("format", "npm")])
    for operation in [
      Operation.createRepository, .describeRepository, .updateRepository, .deleteRepository,
      .getRepositoryEndpoint, .listPackages,
    ] {
      try await service.call(operation, query).expect(
        "AccessDeniedException",
        403,
        containing: "codeartifact:\(operation.rawValue) on resource: "
          + "arn:aws:codeartifact:eu-central-1:210987654321:repository/corp/r1"
      )
    }
  }
}

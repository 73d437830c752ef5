import Access
import Catalog
import CodeArtifactAPI
import Exchange
import FormatRules
import Repository
import Testing

/// Who may do what, once policies stand.
extension PolicyTests {
  /// Two accounts share a domain by policy.
  @Test func `a second account reads, cannot publish and cannot widen its rights`() async throws {
    let other = try await service.depot.createAccount(ServiceFixture.other, name: "other").key
    let mine = r1 + [("domain-owner", ServiceFixture.account)]
    let domain = corp + [("domain-owner", ServiceFixture.account)]
    func expectDenied(_ answer: Answer, _ text: String = "is not authorized to perform") {
      answer.expect("AccessDeniedException", 403, containing: text)
    }
    try await service.publish("a.txt", "one").expectSuccess()
    expectDenied(try await call(.describeDomain, domain, as: other), "no resource-based policy")

    try await putDomain(
      Self.policy(Self.statement("Allow", "GetAuthorizationToken DescribeDomain"))
    ).expectSuccess()
    try await putRepository(
      Self.policy(Self.statement("Allow", "ReadFromRepository GetPackageVersionAsset ListPackages"))
    ).expectSuccess()
    // It reads.
    try await call(.describeDomain, domain, as: other).expectSuccess()
    try await call(.getAuthorizationToken, domain, as: other).expectSuccess()
    try await call(.listPackages, mine, as: other).expectSuccess()
    let asset = [
      ("format", "generic"), ("namespace", "lab"), ("package", "tools"), ("version", "1.0"),
      ("asset", "a.txt"),
    ]
    #expect(try await call(.getPackageVersionAsset, mine + asset, as: other).status == 200)
    // It does nothing else.
    for operation in [
      Operation.describeRepository, .updateRepository, .deleteRepository,
      .getRepositoryPermissionsPolicy, .deleteRepositoryPermissionsPolicy,
    ] {
      expectDenied(try await call(operation, mine, as: other), "no resource-based policy")
    }
    let published = try await service.send(
      "POST",
      "/v1/package/version/publish",
      mine + asset,
      body: "two",
      claiming: PayloadHash.sha256(Array("two".utf8)),
      key: other
    )
    expectDenied(published, "codeartifact:PublishPackageVersion on resource: ")
    // It widens nothing: neither policy can be put, for one of the two is always asked.
    let everything = Self.policy(Self.statement())
    expectDenied(try await putDomain(everything, as: other))
    expectDenied(try await putRepository(everything, as: other))
    // Not even where the policies seem to let it, because a policy has no say in its replacement.
    try await putDomain(
      Self.policy(Self.statement("Allow", "PutDomainPermissionsPolicy DescribeDomain"))
    ).expectSuccess()
    expectDenied(try await putDomain(everything, as: other))
    try await putRepository(
      Self.policy(Self.statement("Allow", "PutRepositoryPermissionsPolicy"))
    ).expectSuccess()
    expectDenied(try await putRepository(everything, as: other))
  }

  @Test func `a denial in either policy wins`() async throws {
    let other = try await service.depot.createAccount(ServiceFixture.other, name: "other").key
    let mine = r1 + [("domain-owner", ServiceFixture.account)]
    let allow = Self.policy(Self.statement("Allow", "DescribeRepository"))
    let deny = Self.policy(Self.statement("Deny", "DescribeRepository"))
    try await putRepository(allow).expectSuccess()
    try await call(.describeRepository, mine, as: other).expectSuccess()
    try await putDomain(deny).expectSuccess()
    try await call(.describeRepository, mine, as: other)
      .expect("AccessDeniedException", 403, containing: "explicit deny in a resource-based")
    try await putDomain(allow).expectSuccess()
    try await call(.describeRepository, mine, as: other).expectSuccess()
    try await putRepository(deny).expectSuccess()
    try await call(.describeRepository, mine, as: other)
      .expect("AccessDeniedException", 403, containing: "explicit deny in a resource-based")
    try await service.call(.deleteRepositoryPermissionsPolicy, r1).expectSuccess()
    try await call(.describeRepository, mine, as: other).expectSuccess()
    try await service.call(.deleteDomainPermissionsPolicy, corp).expectSuccess()
    try await call(.describeRepository, mine, as: other)
      .expect("AccessDeniedException", 403, containing: "no resource-based policy")
  }

  @Test func `a repository made by another account is its own to administer`() async throws {
    let other = try await service.depot.createAccount(ServiceFixture.other, name: "other").key
    let r2 = [
      ("domain", "corp"), ("repository", "r2"), ("domain-owner", ServiceFixture.account),
    ]
    let upstream = #"{"upstreams":[{"repositoryName":"r1"}]}"#
    try await call(.createRepository, r2, as: other)
      .expect("AccessDeniedException", 403, containing: "codeartifact:CreateRepository")
    try await putDomain(
      Self.policy(
        Self.statement(
          "Allow",
          "CreateRepository",
          resource: "arn:aws:codeartifact:eu-central-1:123456789012:domain/corp"
        )
      )
    ).expectSuccess()
    try await call(.createRepository, r2, body: upstream, as: other).expect(
      "AccessDeniedException",
      403,
      containing: "codeartifact:AssociateWithDownstreamRepository on resource: "
        + "arn:aws:codeartifact:eu-central-1:123456789012:repository/corp/r1"
    )
    let made = try await call(.createRepository, r2, as: other)
    try made.expectSuccess()
    #expect(
      made.json["repository"]?["administratorAccount"]?.string == ServiceFixture.other
    )
    // Its own policy of identity is enough there, and nowhere else.
    try await call(.describeRepository, r2, as: other).expectSuccess()
    try await call(.describeRepository, r1 + [("domain-owner", ServiceFixture.account)], as: other)
      .expect("AccessDeniedException", 403)
    let listed = try await call(.listRepositories, as: other)
    #expect(listed.json["repositories"]?.array?.count == 1)
    try await putRepository(
      Self.policy(Self.statement("Allow", "AssociateWithDownstreamRepository"))
    ).expectSuccess()
    try await call(.updateRepository, r2, body: upstream, as: other).expectSuccess()
  }

  @Test func `a user does what its policies allow, and needs leave to have a token`() async throws {
    let user = try await service.depot.createUser("ada", account: ServiceFixture.account)
    let key = try await service.depot.createAccessKey(of: user.arn)
    func put(_ actions: String, condition: String = "{}") async throws {
      try await service.depot.putPolicy(
        "own",
        document: #"""
          {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":\#(actions),
          "Resource":"*","Condition":\#(condition)}}
          """#,
        of: user.arn
      )
    }
    try await call(.describeDomain, corp, as: key)
      .expect("AccessDeniedException", 403, containing: "no identity-based policy")
    try await put(#"["codeartifact:Describe*","codeartifact:GetAuthorizationToken"]"#)
    try await call(.describeDomain, corp, as: key).expectSuccess()
    try await call(.getAuthorizationToken, corp, as: key)
      .expect("AccessDeniedException", 403, containing: "sts:GetServiceBearerToken")
    // A resource's policy cannot give that leave.
    try await putDomain(Self.policy(Self.statement("Allow", "*", principal: #""*""#)))
      .expectSuccess()
    try await call(.getAuthorizationToken, corp, as: key)
      .expect("AccessDeniedException", 403, containing: "sts:GetServiceBearerToken")
    let limited = #"""
      {"NumericLessThanEquals":{"sts:DurationSeconds":1800},
      "StringEquals":{"sts:AWSServiceName":"codeartifact.amazonaws.com"}}
      """#
    try await put(#""sts:GetServiceBearerToken""#, condition: limited)
    try await call(.getAuthorizationToken, corp + [("duration", "1800")], as: key).expectSuccess()
    try await call(.getAuthorizationToken, corp + [("duration", "1801")], as: key)
      .expect("AccessDeniedException", 403, containing: "sts:GetServiceBearerToken")
    try await call(.getAuthorizationToken, corp, as: key).expect("AccessDeniedException", 403)
  }

  @Test func `conditions look at the request`() async throws {
    let user = try await service.depot.createUser("ada", account: ServiceFixture.account)
    let key = try await service.depot.createAccessKey(of: user.arn)
    try await service.depot.putPolicy(
      "own",
      document: #"""
        {"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["codeartifact:Describe*","codeartifact:TagResource"],
        "Resource":"*"},
        {"Effect":"Deny","Action":"codeartifact:DescribeDomain","Resource":"*",
        "Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}},
        {"Effect":"Deny","Action":"codeartifact:TagResource","Resource":"*",
        "Condition":{"ForAnyValue:StringNotEquals":{"aws:TagKeys":["team"]}}},
        {"Effect":"Deny","Action":"codeartifact:DescribeRepository","Resource":"*",
        "Condition":{"StringEquals":{"aws:ResourceTag/team":"core"}}},
        {"Effect":"Deny","Action":"codeartifact:DescribeDomain","Resource":"*",
        "Condition":{"DateGreaterThan":{"aws:CurrentTime":"2024-01-01T00:00:00Z"}}}]}
        """#,
      of: user.arn
    )
    let route = Operation.describeDomain.route.split(separator: " ").map(String.init)
    func describe(from address: String) async throws -> Answer {
      try await service.send(route[0], route[1], corp, key: key) { $0.peer = address }
    }
    for _ in 0..<2 {
      try await describe(from: "203.0.113.9").expectSuccess()
      try await describe(from: "198.51.100.1").expect("AccessDeniedException", 403)
    }
    let arn = "arn:aws:codeartifact:eu-central-1:123456789012:repository/corp/r1"
    let name = [("resourceArn", arn)]
    try await call(.tagResource, name, body: #"{"tags":[{"key":"size","value":"9"}]}"#, as: key)
      .expect("AccessDeniedException", 403)
    try await call(.describeRepository, r1, as: key).expectSuccess()
    try await call(.tagResource, name, body: #"{"tags":[{"key":"team","value":"core"}]}"#, as: key)
      .expectSuccess()
    try await call(.describeRepository, r1, as: key).expect("AccessDeniedException", 403)
    service.clock.advance(by: 5_000_000)
    try await describe(from: "203.0.113.9").expect("AccessDeniedException", 403)
  }
}

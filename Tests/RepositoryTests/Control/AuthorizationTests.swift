import Access
import Catalog
import Testing

@testable import Repository

@Suite("Authorisation in the depot")
struct AuthorizationTests {
  private let owner = DepotFixture.account
  private let path = RepositoryPath(owner: DepotFixture.account, domain: "shop", repository: "r")
  private let stranger = Principal(
    account: "444455556666",
    arn: "arn:aws:iam::444455556666:user/eve",
    isAdministrator: true
  )

  private func policy(_ effect: String, condition: String = "{}") -> String {
    #"""
    {"Version":"2012-10-17","Statement":{"Effect":"\#(effect)","Principal":"*","Action":"*",
    "Resource":"*","Condition":\#(condition)}}
    """#
  }

  private func with(_ body: (DepotFixture) async throws -> Void) async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["r": []])
      try await body(fixture)
    }
  }

  private func mayRead(
    _ principal: Principal,
    _ fixture: DepotFixture,
    context: AccessContext = AccessContext()
  ) async -> Bool {
    let failure = await fixture.failure {
      try await fixture.depot.authorize(
        principal,
        to: .readFromRepository,
        on: path,
        context: context
      )
    }
    return failure == nil
  }

  @Test func `what was decided is known without the catalog`() async throws {
    try await with { fixture in
      _ = try await fixture.depot.putRepositoryPolicy(policy("Allow"), of: path)
      #expect(await mayRead(stranger, fixture))
      #expect(await mayRead(fixture.administrator.principal, fixture))
      try await fixture.catalog.close()
      #expect(await mayRead(stranger, fixture))
      #expect(await mayRead(fixture.administrator.principal, fixture))
      // Another action is another question, whose policies are known all the same.
      try await fixture.depot.authorize(stranger, to: .listPackages, on: path)
    }
  }

  @Test func `a change of either policy counts at once`() async throws {
    try await with { fixture in
      let depot = fixture.depot
      for _ in 0..<3 {
        #expect(await !mayRead(stranger, fixture))
        _ = try await depot.putRepositoryPolicy(policy("Allow"), of: path)
        #expect(await mayRead(stranger, fixture))
        _ = try await depot.putDomainPolicy(policy("Deny"), owner: owner, domain: "shop")
        #expect(await !mayRead(stranger, fixture))
        #expect(await !mayRead(fixture.administrator.principal, fixture))
        _ = try await depot.deleteDomainPolicy(owner: owner, domain: "shop")
        #expect(await mayRead(stranger, fixture))
        _ = try await depot.deleteRepository(path)
        #expect(await !mayRead(stranger, fixture))
        _ = try await depot.createRepository(path, administrator: owner)
      }
    }
  }

  @Test func `a policy that looks at the request is asked each time, from memory`() async throws {
    try await with { fixture in
      let near = #"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#
      _ = try await fixture.depot.putRepositoryPolicy(policy("Allow", condition: near), of: path)
      #expect(
        await mayRead(stranger, fixture, context: AccessContext(sourceAddress: "10.1.2.3"))
      )
      try await fixture.catalog.close()
      for _ in 0..<2 {
        #expect(
          await mayRead(stranger, fixture, context: AccessContext(sourceAddress: "10.1.2.3"))
        )
        #expect(
          await !mayRead(stranger, fixture, context: AccessContext(sourceAddress: "192.0.2.1"))
        )
      }
    }
  }

  @Test func `a decision of one principal is no other's`() async throws {
    try await with { fixture in
      #expect(await mayRead(fixture.administrator.principal, fixture))
      #expect(await !mayRead(stranger, fixture))
      #expect(await !mayRead(.anonymous, fixture))
    }
  }

  /// What is read from the catalog may be outdated before it is remembered.
  @Test func `nothing is remembered that was forgotten while it was decided`() {
    let cache = PolicyCache()
    let question = PolicyCache.Question(
      principal: stranger,
      action: .readFromRepository,
      resource: .repository(path)
    )
    func settled(_ identities: UInt64) -> AccessDecision? {
      guard
        case .settled(let decision)? = cache.judgement(on: question, ofIdentities: identities)
      else { return nil }
      return decision
    }
    let place = GuardedPlace(owner: owner, domain: "shop", repository: nil)
    let rules = PolicyCache.DomainRules(id: DomainID(1), policy: nil)
    let before = cache.generation(ofIdentities: 0)
    cache.follow([JournalKind.domainPolicyChanged])
    cache.remember(.settled(.allowed), on: question, since: before)
    cache.remember(rules, at: place, since: before)
    #expect(settled(0) == nil)
    #expect(cache.domain(at: place) == nil)
    let after = cache.generation(ofIdentities: 0)
    cache.remember(.settled(.allowed), on: question, since: after)
    cache.remember(rules, at: place, since: after)
    #expect(settled(0) == .allowed)
    #expect(cache.domain(at: place)?.id == DomainID(1))
    // A change that has nothing to do with rights leaves all of it.
    cache.follow([JournalKind.versionRecorded])
    #expect(settled(0) == .allowed)
    // A change of identities leaves the policies, and no decision.
    #expect(settled(1) == nil)
    cache.remember(.settled(.allowed), on: question, since: cache.generation(ofIdentities: 1))
    cache.remember(.settled(.denied(.byIdentity)), on: question, since: after)
    #expect(settled(1) == .allowed)
    cache.follow([JournalKind.repositoryDeleted])
    #expect(settled(1) == nil)
    #expect(cache.domain(at: place) == nil)
  }

  @Test func `a copy is judged by the repository it goes to, by name or by package`() async throws {
    try await with { fixture in
      let package = ARN.package(
        "tool",
        namespace: "lab",
        format: "generic",
        repository: "r",
        domain: "shop",
        owner: owner,
        region: fixture.depot.options.region
      )
      let named = #"""
        {"Statement":{"Effect":"Allow","Principal":"*","Action":"codeartifact:CopyPackageVersions",
        "Resource":"arn:aws:codeartifact:*:111122223333:repository/shop/r"}}
        """#
      _ = try await fixture.depot.putDomainPolicy(named, owner: owner, domain: "shop")
      try await fixture.depot.authorize(stranger, to: .copyPackageVersions, on: package)
      let publishing = await fixture.failure {
        try await fixture.depot.authorize(stranger, to: .publishPackageVersion, on: package)
      }
      #expect(publishing?.code == .accessDenied)
    }
  }
}

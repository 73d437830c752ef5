import Bytes
import Catalog
import Testing

@testable import Repository

@Suite("Repositories")
struct RepositoryControlTests {
  private let account = DepotFixture.account

  @Test func `upstreams are kept in the order given`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["b": [], "a": []])
      let made = try await fixture.depot.createRepository(
        fixture.path("team"),
        administrator: account,
        description: "ours",
        upstreams: ["b", "a"]
      )
      #expect(made.upstreams == ["b", "a"])
      #expect(made.repository.description == "ours")
      #expect(made.repository.administrator == account)
      #expect(made.domain.name == "shop")
      let described = try await fixture.depot.describeRepository(fixture.path("team"))
      #expect(described == made)
    }
  }

  @Test func `an update changes what it names and nothing else`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["a": [], "b": [], "team": ["a"]])
      let depot = fixture.depot
      let team = fixture.path("team")
      let first = try await depot.updateRepository(team, description: "x")
      #expect(first.upstreams == ["a"])
      let second = try await depot.updateRepository(team, upstreams: ["b", "a"])
      #expect(second.repository.description == "x")
      #expect(second.upstreams == ["b", "a"])
      let third = try await depot.updateRepository(team, upstreams: [])
      #expect(third.upstreams == [])
      let fourth = try await depot.updateRepository(team, description: "")
      #expect(fourth.repository.description == "")
    }
  }

  @Test func `a name is taken once in a domain, and free in the next`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": []])
      let error = await fixture.failure {
        try await fixture.depot.createRepository(fixture.path("store"), administrator: account)
      }
      #expect(error?.code == .conflict)
      #expect(error?.resourceType == .repository)
      _ = try await fixture.depot.createDomain(owner: account, name: "other")
      _ = try await fixture.depot.createRepository(
        fixture.path("store", domain: "other"),
        administrator: account
      )
    }
  }

  @Test func `what is not there is not found, and said to be a repository or a domain`()
    async throws
  {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": []])
      let depot = fixture.depot
      let errors = [
        await fixture.failure { try await depot.describeRepository(fixture.path("no")) },
        await fixture.failure { try await depot.updateRepository(fixture.path("no")) },
        await fixture.failure { try await depot.deleteRepository(fixture.path("no")) },
        await fixture.failure {
          try await depot.createRepository(
            fixture.path("team"),
            administrator: account,
            upstreams: ["no"]
          )
        },
      ]
      for error in errors {
        #expect(error?.code == .notFound)
        #expect(error?.resourceType == .repository)
        #expect(error?.resourceID == "no")
      }
      let domain = await fixture.failure {
        try await depot.describeRepository(fixture.path("store", domain: "nowhere"))
      }
      #expect(domain?.code == .notFound)
      #expect(domain?.resourceType == .domain)
    }
  }

  @Test func `no repository becomes its own upstream, however long the way round`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["a": [], "b": ["a"], "c": ["b"], "d": ["c"]])
      for upstreams in [["a"], ["b"], ["d"], ["c", "d"]] {
        let error = await fixture.failure {
          try await fixture.depot.updateRepository(fixture.path("a"), upstreams: upstreams)
        }
        #expect(error?.code == .conflict, "\(upstreams)")
      }
      let unchanged = try await fixture.depot.describeRepository(fixture.path("a"))
      #expect(unchanged.upstreams.isEmpty)
      // A diamond is no cycle.
      let diamond = try await fixture.depot.updateRepository(
        fixture.path("d"),
        upstreams: ["c", "b", "a"]
      )
      #expect(diamond.upstreams == ["c", "b", "a"])
    }
  }

  @Test func `an upstream is named once, and ten at most`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["team": []])
      let names = (0..<11).map { "up\($0)" }
      for name in names {
        _ = try await fixture.depot.createRepository(fixture.path(name), administrator: account)
      }
      let twice = await fixture.failure {
        try await fixture.depot.updateRepository(
          fixture.path("team"),
          upstreams: ["up1", "up2", "up1"]
        )
      }
      #expect(twice?.code == .validation)
      let many = await fixture.failure {
        try await fixture.depot.updateRepository(fixture.path("team"), upstreams: names)
      }
      #expect(many?.code == .quotaExceeded)
      let most = try await fixture.depot.updateRepository(
        fixture.path("team"),
        upstreams: Array(names.prefix(10))
      )
      #expect(most.upstreams.count == 10)
    }
  }

  @Test func `a domain has as many repositories as its quota`() async throws {
    var quotas = Quotas()
    quotas.repositoriesPerDomain = 2
    try await DepotFixture.with(quotas: quotas) { fixture in
      try await fixture.makeRepositories(["a": [], "b": []])
      let error = await fixture.failure {
        try await fixture.depot.createRepository(fixture.path("c"), administrator: account)
      }
      #expect(error?.code == .quotaExceeded)
      _ = try await fixture.depot.deleteRepository(fixture.path("a"))
      _ = try await fixture.depot.createRepository(fixture.path("c"), administrator: account)
    }
  }

  @Test func `a repository has upstreams or a connection, and one connection`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": [], "team": ["store"]])
      let depot = fixture.depot
      let store = fixture.path("store")
      let connected = try await depot.associateExternalConnection("public:pypi", with: store)
      #expect(connected.externalConnections == [.pypi])
      let errors = [
        await fixture.failure {
          try await depot.associateExternalConnection("public:npmjs", with: store)
        },
        await fixture.failure {
          try await depot.associateExternalConnection("public:pypi", with: store)
        },
        await fixture.failure {
          try await depot.associateExternalConnection("public:pypi", with: fixture.path("team"))
        },
        await fixture.failure { try await depot.updateRepository(store, upstreams: ["team"]) },
      ]
      #expect(errors.map(\.?.code) == [.conflict, .conflict, .conflict, .conflict])
      // No upstreams are no obstacle.
      _ = try await depot.updateRepository(store, upstreams: [])
      let wrong = await fixture.failure {
        try await depot.disassociateExternalConnection("public:npmjs", from: store)
      }
      #expect(wrong?.code == .notFound)
      let unknown = await fixture.failure {
        try await depot.associateExternalConnection("public:nowhere", with: store)
      }
      #expect(unknown?.code == .validation)
      let freed = try await depot.disassociateExternalConnection("public:pypi", from: store)
      #expect(freed.externalConnections.isEmpty)
      let other = try await depot.associateExternalConnection("public:npmjs", with: store)
      #expect(other.externalConnections == [.npmjs])
    }
  }

  @Test func `a deleted repository is gone for those below it, with all it held`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": [], "team": ["store"]])
      let file = VersionArrival.Asset(
        name: "f",
        byteCount: 50,
        digests: AssetDigests(
          md5: [],
          sha1: [],
          sha256: SHA256Digest(words: (1, 2, 3, 4)),
          sha512: []
        ),
        uploadedAt: fixture.clock.now()
      )
      // More rows than one step clears.
      let store = fixture.path("store")
      try await fixture.depot.write { transaction in
        let (repository, _) = try transaction.requireRepository(store)
        for number in 0..<700 {
          let arrival = VersionArrival(
            package: PackageCoordinates(format: .pypi, name: "p"),
            displayName: "p",
            restrictionsWhenNew: OriginRestrictions(publish: .allow, upstream: .block),
            version: "\(number)",
            origin: .unknown,
            publishedAt: Timestamp(seconds: 1),
            assets: [file]
          )
          _ = try transaction.record(arrival, into: [repository.id], at: Timestamp(seconds: 1))
        }
      }
      let before = try await fixture.depot.describeDomain(owner: account, name: "shop")
      #expect(before.assetByteCount == 50)
      let last = try await fixture.depot.deleteRepository(store)
      #expect(last.repository.name == "store")
      let team = try await fixture.depot.describeRepository(fixture.path("team"))
      #expect(team.upstreams.isEmpty)
      try await fixture.depot.clearDeleted()
      let after = try await fixture.depot.describeDomain(owner: account, name: "shop")
      #expect(after.assetByteCount == 0)
      #expect(after.repositoryCount == 1)
      _ = try await fixture.depot.createRepository(fixture.path("store"), administrator: account)
      let packages = try await fixture.depot.listPackages(in: fixture.path("store"))
      #expect(packages.items.isEmpty)
    }
  }

  @Test func `the search goes depth first, each repository once, and ends at the limit`()
    async throws
  {
    try await DepotFixture.with { fixture in
      // The example of the user guide: R → (A → (C, D → (E)), B).
      try await fixture.makeRepositories([
        "C": [], "E": [], "D": ["E"], "A": ["C", "D"], "B": ["E"], "R": ["A", "B"],
      ])
      let order = try await searched("R", in: fixture, limit: 25)
      #expect(order == ["R", "A", "C", "D", "E", "B"])
      let cut = try await searched("R", in: fixture, limit: 3)
      #expect(cut == ["R", "A", "C"])
    }
  }

  private func searched(
    _ name: String,
    in fixture: DepotFixture,
    limit: Int
  ) async throws -> [String] {
    let path = fixture.path(name)
    return try await fixture.depot.read { snapshot in
      let (repository, domain) = try snapshot.requireRepository(path)
      let graph = try snapshot.graph(of: domain.id)
      let order = graph?.searchOrder(of: repository.id, limit: limit) ?? []
      return order.compactMap { graph?.nodes[$0]?.repository.name }
    }
  }

  @Test func `repositories are listed in a domain and across domains`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["ab": [], "aa": [], "b": []])
      _ = try await fixture.depot.createDomain(owner: account, name: "other")
      _ = try await fixture.depot.createRepository(
        fixture.path("ac", domain: "other"),
        administrator: account
      )
      _ = try await fixture.depot.createRepository(
        fixture.path("ad"),
        administrator: "999999999999"
      )
      let depot = fixture.depot
      let first = try await depot.listRepositories(administrator: account, prefix: "a", limit: 2)
      #expect(first.items.map(\.repository.name) == ["aa", "ab"])
      let second = try await depot.listRepositories(
        administrator: account,
        prefix: "a",
        limit: 2,
        token: first.nextToken
      )
      #expect(second.items.map(\.repository.name) == ["ac"])
      #expect(second.items.map(\.domain.name) == ["other"])
      #expect(second.nextToken == nil)
      let inDomain = try await depot.listRepositoriesInDomain(
        owner: account,
        domain: "shop",
        prefix: "a"
      )
      #expect(inDomain.items.map(\.repository.name) == ["aa", "ab", "ad"])
      let theirs = try await depot.listRepositoriesInDomain(
        owner: account,
        domain: "shop",
        administrator: "999999999999"
      )
      #expect(theirs.items.map(\.repository.name) == ["ad"])
      let missing = await fixture.failure {
        try await depot.listRepositoriesInDomain(owner: account, domain: "nowhere")
      }
      #expect(missing?.code == .notFound)
    }
  }
}

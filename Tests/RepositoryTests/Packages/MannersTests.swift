import Catalog
import FormatRules
import Repository
import Testing

@Suite("Manners towards registries", .timeLimit(.minutes(10)))
struct MannersTests {
  private static let down = ExternalFailure(.failing(status: 503), "the registry fails")

  @Test func `a repository's own freshness wins over the server's`() async throws {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      try await fixture.set("central") { $0.freshness = .seconds(5) }
      _ = try await fixture.versions()
      fixture.clock.advance(by: .seconds(6))
      _ = try await fixture.versions()
      #expect(fixture.listings() == 2)
      #expect(fixture.listings(on: MannersFixture.second) == 1)
      try await fixture.set("central") { $0.freshness = .seconds(86_400) }
      fixture.clock.advance(by: .seconds(3_600))
      _ = try await fixture.versions()
      #expect(fixture.listings() == 2)
      #expect(fixture.listings(on: MannersFixture.second) == 2)
    }
  }

  @Test func `by itself a list of Maven is good for three hours, others for half an hour`() {
    var options = ContentOptions()
    #expect(options.freshness(of: .mavenCentral) == .seconds(3 * 3_600))
    #expect(options.freshness(of: .mavenGradlePlugins) == .seconds(3 * 3_600))
    for connection in [ExternalConnection.npmjs, .pypi, .nugetOrg, .cratesIO, .rubyGemsOrg] {
      #expect(options.freshness(of: connection) == .seconds(1_800))
    }
    options.externalFreshness = .seconds(5)
    #expect(options.freshness(of: .mavenCentral) == .seconds(5))
  }

  @Test func `with no freshness at all a document is asked for once a request`() async throws {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      try await fixture.set("central") { $0.freshness = .zero }
      for count in 1...3 {
        fixture.offer((1...count).map { "\($0).0" })
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.versions()?.count == count)
        #expect(fixture.listings() == count)
      }
    }
  }

  @Test func `a repository that is offline serves what is kept, and says why the rest is missing`()
    async throws
  {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0", "2.0"])
      #expect(try await fixture.download("1.0") == "mavenCentral 1.0")
      for repository in ["central", "google"] {
        try await fixture.set(repository) { $0.isOffline = true }
      }
      let asked = fixture.registries.asked
      fixture.clock.advance(by: .seconds(86_400))
      let package = try await fixture.package()
      #expect(package?.listing.versions.map(\.version) == ["1.0", "2.0"])
      #expect(package?.staleness == .seconds(86_400))
      #expect(try await fixture.download("1.0") == "mavenCentral 1.0")
      for version in ["2.0", "3.0"] {
        let error = await #expect(throws: RepositoryError.self) {
          try await fixture.download(version)
        }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("repository central is offline") == true)
      }
      #expect(fixture.registries.asked == asked)
      try await fixture.set("central") { $0.isOffline = false }
      #expect(try await fixture.download("2.0") == "mavenCentral 2.0")
    }
  }

  @Test func `a server that is offline asks nobody`() async throws {
    var options = ContentOptions()
    options.isOffline = true
    try await MannersFixture.with(options) { fixture async throws in
      fixture.offer(["1.0"])
      let error = await #expect(throws: RepositoryError.self) { try await fixture.package() }
      #expect(error?.code == .notFound)
      #expect(error?.message.contains("this server is offline") == true)
      #expect(fixture.registries.asked.isEmpty)
    }
  }

  @Test func `a refresh makes documents be asked for again, those of one package or all`()
    async throws
  {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      _ = try await fixture.versions()
      fixture.offer(["1.0", "2.0"])
      #expect(try await fixture.versions() == ["1.0"])
      fixture.clock.advance(by: .seconds(1))
      let other = PackageCoordinates(format: .maven, namespace: "g", name: "other")
      try await fixture.depot.refresh(other, in: fixture.path("app"))
      #expect(try await fixture.versions() == ["1.0"])
      try await fixture.depot.refresh(MannersFixture.package, in: fixture.path("app"))
      #expect(try await fixture.versions() == ["1.0", "2.0"])
      #expect(try await fixture.versions() == ["1.0", "2.0"])
      #expect(fixture.listings() == 2)
      fixture.clock.advance(by: .seconds(1))
      try await fixture.depot.refresh(nil, in: fixture.path("google"))
      _ = try await fixture.versions()
      #expect(fixture.listings() == 2, "another repository's connection")
      #expect(fixture.listings(on: MannersFixture.second) == 3)
    }
  }

  @Test func `a refresh that nobody has used yet outlives a restart`() async throws {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      _ = try await fixture.versions()
      fixture.offer(["1.0", "2.0"])
      fixture.clock.advance(by: .seconds(1))
      try await fixture.depot.refresh(MannersFixture.package, in: fixture.path("app"))
      let restarted = try await fixture.restarted()
      #expect(try await restarted.versions() == ["1.0", "2.0"])
      fixture.offer(["1.0", "2.0", "3.0"])
      fixture.clock.advance(by: .seconds(1))
      try await restarted.depot.refresh(nil, in: fixture.path("app"))
      let again = try await restarted.restarted()
      #expect(try await again.versions() == ["1.0", "2.0", "3.0"])
      let listings = fixture.listings()
      #expect(try await again.restarted().versions() == ["1.0", "2.0", "3.0"])
      #expect(fixture.listings() == listings, "what was looked at since is good")
    }
  }

  @Test func `a refresh does not wait out a failure, and leaves what is kept in use`() async throws
  {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      _ = try await fixture.versions()
      fixture.registries.fail(MannersFixture.first, Self.down)
      fixture.clock.advance(by: .seconds(3_600))
      #expect(try await fixture.package()?.staleness == .seconds(3_600))
      fixture.offer(["1.0", "2.0"])
      fixture.clock.advance(by: .seconds(1))
      try await fixture.depot.refresh(nil, in: fixture.path("app"))
      #expect(try await fixture.versions() == ["1.0"])
      fixture.registries.fail(MannersFixture.first, nil)
      #expect(try await fixture.versions() == ["1.0"], "it failed a moment ago")
      fixture.clock.advance(by: .seconds(1))
      try await fixture.depot.refresh(nil, in: fixture.path("app"))
      #expect(try await fixture.versions() == ["1.0", "2.0"])
    }
  }

  @Test func `a version that nobody has heard of is asked for once more, and then not for a while`()
    async throws
  {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      _ = try await fixture.versions()
      fixture.offer(["1.0", "2.0"])
      fixture.clock.advance(by: .seconds(11))
      #expect(try await fixture.versions(until: "1.0") == ["1.0"])
      #expect(fixture.listings() == 1)
      #expect(try await fixture.versions(until: "2.0") == ["1.0", "2.0"])
      #expect(fixture.listings() == 2)
      for _ in 0..<3 { #expect(try await fixture.versions(until: "3.0") == ["1.0", "2.0"]) }
      #expect(fixture.listings() == 2)
      fixture.clock.advance(by: .seconds(11))
      #expect(try await fixture.versions(until: "3.0") == ["1.0", "2.0"])
      #expect(fixture.listings() == 3)
    }
  }

  @Test func `that a file is absent is remembered, and asked for once more after the pause`()
    async throws
  {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      let name = "thing-1.0-sources.jar"
      let address = "+" + ManyRegistries.base(MannersFixture.first) + "files/" + name
      for _ in 0..<3 { #expect(try await fixture.download("1.0", name) == nil) }
      #expect(fixture.registries.asked.count { $0 == address } == 1)
      fixture.registries.serve([65], as: name, on: MannersFixture.first)
      fixture.clock.advance(by: .seconds(11))
      #expect(try await fixture.download("1.0", name) == "A")
    }
  }

  @Test func `what was never there stays a plain absence while the registry is down`()
    async throws
  {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      #expect(try await fixture.download("1.0") == "mavenCentral 1.0")
      #expect(try await fixture.download("1.0", "thing-1.0.module") == nil)
      fixture.registries.fail(MannersFixture.first, Self.down)
      fixture.clock.advance(by: .seconds(86_400))
      #expect(try await fixture.download("1.0") == "mavenCentral 1.0")
      #expect(try await fixture.download("1.0", "thing-1.0.module") == nil)
      await #expect(throws: RepositoryError.self) {
        try await fixture.download("1.0", "thing-1.0-javadoc.jar")
      }
    }
  }

  @Test func `a registry that is slow does not hold up what one before it has`() async throws {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      fixture.offer(["1.0"], on: MannersFixture.second)
      let gate = Gate()
      fixture.registries.hold(MannersFixture.second, gate)
      #expect(try await fixture.download("1.0") == "mavenCentral 1.0")
      #expect(fixture.listings(on: MannersFixture.second) == 1, "it was asked all the same")
      async let versions = fixture.versions()
      await gate.someoneWaits()
      gate.open()
      let all = try await versions
      #expect(all == ["1.0"])
      fixture.registries.hold(MannersFixture.second, nil)
    }
  }

  @Test func `the first registry in order decides, however slow it is`() async throws {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      fixture.offer(["1.0", "2.0"], on: MannersFixture.second)
      let gate = Gate()
      fixture.registries.hold(MannersFixture.first, gate)
      async let file = fixture.download("1.0")
      await gate.someoneWaits()
      #expect(fixture.registries.asked.allSatisfy { !$0.hasPrefix("+") })
      gate.open()
      let bytes = try await file
      #expect(bytes == "mavenCentral 1.0")
      #expect(try await fixture.download("2.0") == "mavenGoogleAndroid 2.0")
    }
  }

  @Test func `files of two registries are never mixed in one version`() async throws {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      #expect(try await fixture.download("1.0") == "mavenCentral 1.0")
      fixture.registries.list("0.9", of: MannersFixture.package.name, on: MannersFixture.first)
      fixture.offer(["1.0"], on: MannersFixture.second)
      fixture.registries.serve([66], as: "thing-1.0.pom", on: MannersFixture.second)
      fixture.clock.advance(by: .seconds(3_600))
      #expect(try await fixture.download("1.0", "thing-1.0.pom") == nil)
    }
  }

  @Test func `a document that makes no sense is taken back, and the one before it stands`()
    async throws
  {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      _ = try await fixture.versions()
      fixture.registries.list(
        "? sign in",
        of: MannersFixture.package.name,
        on: MannersFixture.first
      )
      fixture.clock.advance(by: .seconds(3_600))
      let package = try await fixture.package()
      #expect(package?.listing.versions.map(\.version) == ["1.0"])
      #expect(package?.staleness == .seconds(3_600))
      #expect(fixture.registries.reports.count == 1)
      _ = try await fixture.package()
      #expect(fixture.listings() == 2, "it is left alone for a moment")
      fixture.offer(["1.0", "2.0"])
      fixture.clock.advance(by: .seconds(11))
      #expect(try await fixture.versions() == ["1.0", "2.0"])
      #expect(try await fixture.package()?.staleness == nil)
    }
  }

  @Test func `a first document that makes no sense is asked for once, and left alone for a moment`()
    async throws
  {
    try await MannersFixture.with { fixture async throws in
      fixture.registries.list(
        "? sign in",
        of: MannersFixture.package.name,
        on: MannersFixture.first
      )
      for _ in 0..<20 {
        await #expect(throws: RepositoryError.self) { try await fixture.package() }
      }
      #expect(fixture.listings() == 1)
      #expect(fixture.registries.reports.count == 1)
      fixture.offer(["1.0"])
      fixture.clock.advance(by: .seconds(11))
      #expect(try await fixture.versions() == ["1.0"])
      #expect(fixture.listings() == 2)
    }
  }

  @Test func `a slow registry is waited for once, named once, and caught up with behind`()
    async throws
  {
    try await MannersFixture.with { fixture async throws in
      fixture.offer(["1.0"])
      let others = (0..<5).map { "other\($0)" }
      for name in others {
        fixture.registries.list("1.0", of: name, on: MannersFixture.first)
        _ = try await fixture.package(named: name)
      }
      _ = try await fixture.versions()
      let gate = Gate()
      fixture.registries.hold(MannersFixture.first, gate)
      fixture.clock.advance(by: .seconds(3_600))
      async let first = fixture.package()
      await fixture.clock.someoneSleeps()
      fixture.clock.advance(by: ContentFixture.patience)
      let staleness = try await first?.staleness
      #expect(staleness != nil)
      for name in others {
        #expect(try await fixture.package(named: name)?.staleness != nil, "at once")
      }
      #expect(fixture.registries.reports.count == 1)
      #expect(fixture.registries.reports.first?.message.contains("slow") == true)
      fixture.offer(["1.0", "2.0"])
      gate.open()
      fixture.registries.hold(MannersFixture.first, nil)
      while try await fixture.versions() != ["1.0", "2.0"] { await Task.yield() }
      #expect(try await fixture.package()?.staleness == nil)
      #expect(fixture.registries.reports.count == 1)
    }
  }
}

import Bytes
import Catalog
import FormatRules
import Testing

@testable import Repository

@Suite("A crowd at a package")
struct PackageCrowdTests {
  /// A thousand clients that each merge a popular package for themselves wait for seconds.
  @Test func `what registries and repositories say is merged once for all who wait`() async throws {
    try await MannersFixture.with { fixture in
      fixture.offer((0..<3_000).map { "1.\($0)" })
      let content = fixture.depot.content
      let start = try await content.start(at: fixture.path("app"))
      let merges = try await withThrowingTaskGroup(of: ResolvedPackage.self) { group in
        for _ in 0..<50 {
          group.addTask {
            try await content.resolve(MannersFixture.package, from: start).package
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(merges.count == 50)
      #expect(Set(merges.map(ObjectIdentifier.init)).count == 1)
      #expect(merges.first?.listing.versions.count == 3_000)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `who changed where a package comes from shares nothing that began before`() async throws {
    try await MannersFixture.with { fixture in
      fixture.offer(["1.0"])
      fixture.offer(["2.0"], on: MannersFixture.second)
      let gate = Gate()
      fixture.registries.hold(MannersFixture.first, gate)
      let earlier = Task { try await fixture.versions() }
      await gate.someoneWaits()
      let app = fixture.path("app")
      _ = try await fixture.depot.updateRepository(app, upstreams: ["google"])
      #expect(try await fixture.versions() == ["2.0"])
      gate.open()
      #expect(try await earlier.value == ["1.0", "2.0"])
      #expect(try await fixture.versions() == ["2.0"], "nor does it stay")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `who has asked for news shares nothing that was asked for before`() async throws {
    try await MannersFixture.with { fixture in
      fixture.offer(["1.0"])
      _ = try await fixture.versions(in: "central")
      let gate = Gate()
      fixture.registries.hold(MannersFixture.second, gate)
      let earlier = Task { try await fixture.versions() }
      await gate.someoneWaits()
      fixture.offer(["1.0", "2.0"])
      fixture.clock.advance(by: .seconds(1))
      try await fixture.depot.refresh(MannersFixture.package, in: fixture.path("central"))
      let later = Task { try await fixture.versions() }
      while fixture.listings() < 2 { await Task.yield() }
      gate.open()
      #expect(try await later.value == ["1.0", "2.0"])
      _ = try await earlier.value
    }
  }

  /// Each that reads it for itself stands in the way of the fetch that all wait for.
  @Test func `the map of a domain is read once for all who come first`() async throws {
    try await MannersFixture.with { fixture in
      let content = fixture.depot.content
      let owner = MannersFixture.owner
      let maps = try await withThrowingTaskGroup(of: DomainMap?.self) { group in
        for _ in 0..<200 {
          group.addTask { try await content.map(owner: owner, domain: "shop") }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(maps.compactMap { $0.map { ObjectIdentifier($0) } }).count == 1)
      #expect(maps.count == 200)
    }
  }

  /// Whoever has changed something sees it, though others began to read before.
  @Test func `a new repository is on the map of whoever made it`() async throws {
    try await MannersFixture.with { fixture in
      let (content, owner) = (fixture.depot.content, MannersFixture.owner)
      for number in 0..<30 {
        let name = "new\(number)"
        async let earlier = content.map(owner: owner, domain: "shop")
        try await fixture.create(name, [])
        let map = try #require(try await content.map(owner: owner, domain: "shop"))
        #expect(map[name] != nil)
        _ = try await earlier
      }
    }
  }

  @Test func `a document is found that was kept after somebody looked in vain`() async throws {
    try await MannersFixture.with { fixture in
      let content = fixture.depot.content
      let start = try await content.start(at: fixture.path("app"))
      #expect(await content.kept.record("full", of: start.repository) == nil)
      let record = KeptDocumentRecord(
        repository: start.repository,
        name: "full",
        stamp: try #require(SHA256Digest(hexadecimal: String(repeating: "1", count: 64))),
        reads: "[]",
        blob: try #require(SHA256Digest(hexadecimal: String(repeating: "2", count: 64))),
        keptAt: content.clock.now()
      )
      await content.kept.store(record)
      #expect(await content.kept.record("full", of: start.repository)?.stamp == record.stamp)
    }
  }
}

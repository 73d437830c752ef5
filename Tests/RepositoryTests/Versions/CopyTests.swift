import Bytes
import Catalog
import FormatRules
import Testing

@testable import Repository

@Suite("Copies of versions")
struct CopyTests {
  private let tool = PackageCoordinates(format: .npm, name: "tool")

  private func record(
    _ version: String,
    blob: UInt64,
    in repository: String,
    _ fixture: DepotFixture
  ) async throws {
    let asset = DepotFixture.asset("package.tgz", blob: blob)
    try await fixture.record("tool", version, in: repository, format: .npm, assets: [asset])
  }

  @Test func `a copy has the same content, origin and status, and no bytes of its own`()
    async throws
  {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["dev": [], "live": []])
      let (dev, live) = (fixture.path("dev"), fixture.path("live"))
      for (number, version) in ["1.0.0", "2.0.0", "3.0.0"].enumerated() {
        try await record(version, blob: UInt64(number), in: "dev", fixture)
      }
      let depot = fixture.depot
      _ = try await depot.updateStatus(of: VersionBatch(["2.0.0"]), tool, in: dev, to: .unlisted)
      _ = try await depot.updateStatus(of: VersionBatch(["3.0.0"]), tool, in: dev, to: .archived)
      let before = try await fixture.domain().assetByteCount
      fixture.clock.advance(by: .seconds(60))
      let result = try await fixture.copy(
        ["1.0.0", "2.0.0", "3.0.0"],
        of: tool,
        from: "dev",
        to: "live"
      )
      #expect(
        result.outcomes == ["1.0.0": "Published", "2.0.0": "Unlisted", "3.0.0": "Archived"]
      )
      for version in ["1.0.0", "2.0.0", "3.0.0"] {
        let source = try await depot.describePackageVersion(version, of: tool, in: dev)
        let copy = try await depot.describePackageVersion(version, of: tool, in: live)
        #expect(copy.revision == source.revision)
        #expect(copy.origin == .published(repository: "dev"))
        #expect(copy.publishedAt == source.publishedAt)
      }
      #expect(try await fixture.domain().assetByteCount == before)
      let package = try await depot.describePackage(tool, in: live)
      #expect(package.restrictions == OriginRestrictions(publish: .allow, upstream: .block))
      _ = try await depot.deletePackage(tool, in: dev)
      try await depot.clearDeleted()
      #expect(try await fixture.domain().assetByteCount == before)
      let assets = try await depot.listPackageVersionAssets(of: "1.0.0", tool, in: live)
      #expect(assets.assets.items.map(\.name) == ["package.tgz"])
    }
  }

  @Test func `what is there gives way only where that is asked for`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["dev": [], "live": []])
      try await record("1.0.0", blob: 1, in: "dev", fixture)
      try await record("1.0.0", blob: 2, in: "live", fixture)
      try await record("2.0.0", blob: 3, in: "dev", fixture)
      let both = ["1.0.0", "2.0.0"]
      let refused = try await fixture.copy(both, of: tool, from: "dev", to: "live")
      #expect(refused.outcomes == ["1.0.0": "ALREADY_EXISTS", "2.0.0": "SKIPPED"])
      #expect(try await fixture.status("2.0.0", of: tool, in: "live") == nil)
      let done = try await fixture.copy(
        both,
        of: tool,
        from: "dev",
        to: "live",
        overwriting: true
      )
      #expect(done.outcomes == ["1.0.0": "Published", "2.0.0": "Published"])
      #expect(try await fixture.domain().assetByteCount == 101 + 103)
      let again = try await fixture.copy(both, of: tool, from: "dev", to: "live")
      #expect(again.outcomes.isEmpty)
      let live = fixture.path("live")
      _ = try await fixture.depot.dispose(VersionBatch(["1.0.0"]), of: tool, in: live)
      let occupied = try await fixture.copy(both, of: tool, from: "dev", to: "live")
      #expect(occupied.outcomes == ["1.0.0": "ALREADY_EXISTS", "2.0.0": "SKIPPED"])
      let disposed = try await fixture.copy(
        both,
        of: tool,
        from: "dev",
        to: "live",
        overwriting: true
      )
      #expect(disposed.outcomes == ["1.0.0": "NOT_ALLOWED", "2.0.0": "SKIPPED"])
    }
  }

  @Test func `an overwriting copy leaves no asset that the source lacks`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["dev": [], "live": []])
      let kit = PackageCoordinates(format: .generic, namespace: "lab", name: "kit")
      let sets: KeyValuePairs = [
        "dev": [("same", 1), ("changed", 2), ("new", 3)],
        "live": [("same", 1), ("changed", 4), ("old", 5)],
      ]
      for (repository, assets) in sets {
        try await fixture.record(
          "kit",
          "1",
          in: repository,
          format: .generic,
          namespace: "lab",
          assets: assets.map { DepotFixture.asset($0.0, blob: UInt64($0.1)) }
        )
      }
      let serial = try await fixture.domain().serial
      _ = try await fixture.copy(["1"], of: kit, from: "dev", to: "live", overwriting: true)
      let listing = try await fixture.depot.listPackageVersionAssets(
        of: "1",
        kit,
        in: fixture.path("live")
      )
      #expect(listing.assets.items.map(\.name) == ["changed", "new", "same"])
      let domain = try await fixture.domain()
      #expect(domain.assetByteCount == 101 + 102 + 103)
      let rows = try await fixture.catalog.read { rows throws(CatalogError) in
        try rows.journal(of: domain.id, after: serial, limit: 100)
      }
      let changes = rows.map { JSONValue.stored($0.detail)["change"] }
      #expect(
        changes == [
          .stored(
            """
            {"operation":"Updated","assetsAdded":1,"assetsRemoved":1,"assetsUpdated":1,\
            "metadataUpdated":false,"statusChanged":false}
            """
          )
        ]
      )
    }
  }

  @Test func `what cannot be copied says why`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["dev": [], "live": []])
      for (number, version) in ["1.0.0", "2.0.0", "3.0.0"].enumerated() {
        try await record(version, blob: UInt64(number), in: "dev", fixture)
      }
      try await fixture.record("tool", "4.0.0", in: "dev", format: .npm, status: .unfinished)
      let dev = fixture.path("dev")
      _ = try await fixture.depot.dispose(VersionBatch(["2.0.0"]), of: tool, in: dev)
      let result = try await fixture.copy(
        ["1.0.0", "2.0.0", "3.0.0", "4.0.0", "5.0.0"],
        of: tool,
        from: "dev",
        to: "live",
        revisions: ["1.0.0": "other"]
      )
      #expect(
        result.outcomes == [
          "1.0.0": "MISMATCHED_REVISION", "2.0.0": "NOT_ALLOWED", "3.0.0": "SKIPPED",
          "4.0.0": "NOT_ALLOWED", "5.0.0": "NOT_FOUND",
        ]
      )
      #expect(try await fixture.depot.listPackages(in: fixture.path("live")).items.isEmpty)
      for (source, destination, type) in [
        ("nothing", "live", RepositoryError.ResourceType.repository),
        ("dev", "nothing", .repository),
        ("live", "dev", .package),
      ] {
        let error = await fixture.failure {
          try await fixture.copy(["1.0.0"], of: tool, from: source, to: destination)
        }
        #expect(error?.code == .notFound)
        #expect(error?.resourceType == type)
      }
    }
  }

  @Test func `tags that point to copied versions are copied and moved`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["dev": [], "live": []])
      for (repository, versions, tags) in [
        ("dev", ["1.0.0", "2.0.0"], #"{"latest":"2.0.0","beta":"2.0.0","old":"1.0.0"}"#),
        ("live", ["0.9.0"], #"{"latest":"0.9.0","mine":"0.9.0"}"#),
      ] {
        for version in versions { try await record(version, blob: 7, in: repository, fixture) }
        let path = fixture.path(repository)
        try await fixture.depot.write { transaction in
          let package = try transaction.requirePackage(tool, in: path)
          let attributes = #"{"dist-tags":"# + tags + "}"
          try transaction.amend(package.id, attributes: attributes, at: Timestamp(seconds: 9))
        }
      }
      _ = try await fixture.copy(["2.0.0"], of: tool, from: "dev", to: "live")
      let package = try await fixture.depot.describePackage(tool, in: fixture.path("live"))
      #expect(
        package.attributes
          == #"{"dist-tags":{"latest":"2.0.0","mine":"0.9.0","beta":"2.0.0"}}"#
      )
    }
  }

  @Test func `upstreams are searched on request, and what is hidden here is hidden`()
    async throws
  {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["base": [], "dev": ["base"], "live": []])
      try await record("1.0.0", blob: 1, in: "base", fixture)
      try await record("2.0.0", blob: 2, in: "base", fixture)
      let unknown = await fixture.failure {
        try await fixture.copy(["1.0.0"], of: tool, from: "dev", to: "live")
      }
      #expect(unknown?.code == .notFound)
      let base = fixture.path("base")
      _ = try await fixture.depot.updateStatus(
        of: VersionBatch(["2.0.0"]),
        tool,
        in: base,
        to: .archived
      )
      let both = try await fixture.copy(
        ["1.0.0", "2.0.0"],
        of: tool,
        from: "dev",
        to: "live",
        includingUpstreams: true
      )
      #expect(both.outcomes == ["1.0.0": "SKIPPED", "2.0.0": "NOT_FOUND"])
      let one = try await fixture.copy(
        ["1.0.0"],
        of: tool,
        from: "dev",
        to: "live",
        includingUpstreams: true
      )
      #expect(one.outcomes == ["1.0.0": "Published"])
      #expect(try await fixture.depot.listPackages(in: fixture.path("dev")).items.isEmpty)
    }
  }
}

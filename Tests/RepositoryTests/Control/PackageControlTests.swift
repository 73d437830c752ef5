import Bytes
import Catalog
import Testing

@testable import Repository

@Suite("Packages and versions")
struct PackageControlTests {
  private let flask = PackageCoordinates(format: .pypi, name: "flask")

  private func asset(_ name: String, _ number: UInt64) -> VersionArrival.Asset {
    VersionArrival.Asset(
      name: name,
      byteCount: 5,
      digests: AssetDigests(
        md5: [1],
        sha1: [2],
        sha256: SHA256Digest(words: (number, 0, 0, 0)),
        sha512: [3]
      ),
      uploadedAt: Timestamp(seconds: 5)
    )
  }

  @Test func `a repository shows what it holds, never what its upstreams hold`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": [], "team": ["store"]])
      try await fixture.record("flask", "1.0", in: "store")
      let team = fixture.path("team")
      let depot = fixture.depot
      let shown = try await depot.listPackages(in: team)
      #expect(shown.items.isEmpty)
      let errors = [
        await fixture.failure { try await depot.describePackage(flask, in: team) },
        await fixture.failure { try await depot.listPackageVersions(of: flask, in: team) },
        await fixture.failure {
          try await depot.describePackageVersion("1.0", of: flask, in: team)
        },
      ]
      for error in errors {
        #expect(error?.code == .notFound)
        #expect(error?.resourceType == .package)
      }
      let version = await fixture.failure {
        try await depot.describePackageVersion("2.0", of: flask, in: fixture.path("store"))
      }
      #expect(version?.code == .notFound)
      #expect(version?.resourceType == .packageVersion)
      let package = try await depot.describePackage(flask, in: fixture.path("store"))
      #expect(package.restrictions == OriginRestrictions(publish: .allow, upstream: .block))
    }
  }

  @Test func `packages are listed by format, namespace and prefix, page by page`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": []])
      for name in ["flask", "flit", "django"] { try await fixture.record(name, "1", in: "store") }
      for namespace in ["types", "typescript", nil] {
        try await fixture.record("node", "1", in: "store", format: .npm, namespace: namespace)
      }
      let depot = fixture.depot
      let store = fixture.path("store")
      var names: [String] = []
      var token: String?
      repeat {
        let page = try await depot.listPackages(in: store, limit: 1, token: token)
        names += page.items.map(\.coordinates.description)
        token = page.nextToken
      } while token != nil
      #expect(
        names == [
          "npm/node", "npm/types/node", "npm/typescript/node", "pypi/django", "pypi/flask",
          "pypi/flit",
        ]
      )
      let prefixed = try await depot.listPackages(in: store, PackageFilter(namePrefix: "fl"))
      #expect(prefixed.items.map(\.coordinates.name) == ["flask", "flit"])
      let scoped = try await depot.listPackages(
        in: store,
        PackageFilter(format: .npm, namespacePrefix: "types")
      )
      #expect(scoped.items.map(\.coordinates.namespace) == ["types", "typescript"])
      let blocked = try await depot.listPackages(in: store, PackageFilter(publish: .block))
      #expect(blocked.items.isEmpty)
      let error = await fixture.failure {
        try await depot.listPackages(in: store, PackageFilter(namespacePrefix: "types"))
      }
      #expect(error?.code == .validation)
    }
  }

  @Test func `versions are listed by status, and newest first on request`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": []])
      for (version, second) in [("1.0", 30), ("2.0", 10), ("3.0", 20)] {
        try await fixture.record(
          "flask",
          version,
          in: "store",
          publishedAt: Timestamp(seconds: Int64(second))
        )
      }
      try await fixture.record(
        "flask",
        "4.0",
        in: "store",
        status: .unfinished,
        publishedAt: Timestamp(seconds: 99)
      )
      let depot = fixture.depot
      let store = fixture.path("store")
      let all = try await depot.listPackageVersions(of: flask, in: store)
      #expect(all.versions.items.map(\.version) == ["1.0", "2.0", "3.0", "4.0"])
      #expect(all.defaultDisplayVersion == "1.0")
      var newest: [String] = []
      var token: String?
      repeat {
        let page = try await depot.listPackageVersions(
          of: flask,
          in: store,
          order: .newestFirst,
          limit: 1,
          token: token
        )
        newest += page.versions.items.map(\.version)
        token = page.versions.nextToken
      } while token != nil
      #expect(newest == ["4.0", "1.0", "3.0", "2.0"])
      let unfinished = try await depot.listPackageVersions(
        of: flask,
        in: store,
        VersionFilter(status: .unfinished)
      )
      #expect(unfinished.versions.items.map(\.version) == ["4.0"])
      let external = try await depot.listPackageVersions(
        of: flask,
        in: store,
        VersionFilter(origin: .external)
      )
      #expect(external.versions.items.isEmpty)
      try await fixture.record("draft", "1", in: "store", status: .unfinished)
      let draft = try await depot.listPackageVersions(
        of: PackageCoordinates(format: .pypi, name: "draft"),
        in: store
      )
      #expect(draft.defaultDisplayVersion == nil)
    }
  }

  @Test func `assets are listed and found by their exact names`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": []])
      try await fixture.record(
        "flask",
        "1.0",
        in: "store",
        assets: [asset("b", 1), asset("a", 2), asset("c", 3)]
      )
      let depot = fixture.depot
      let store = fixture.path("store")
      let first = try await depot.listPackageVersionAssets(of: "1.0", flask, in: store, limit: 2)
      #expect(first.assets.items.map(\.name) == ["a", "b"])
      let rest = try await depot.listPackageVersionAssets(
        of: "1.0",
        flask,
        in: store,
        limit: 2,
        token: first.assets.nextToken
      )
      #expect(rest.assets.items.map(\.name) == ["c"])
      #expect(rest.version.version == "1.0")
      let found = try await depot.packageVersionAsset(
        "b",
        of: "1.0",
        flask,
        in: store,
        revision: first.version.revision
      )
      #expect(found.asset.digests.sha256 == SHA256Digest(words: (1, 0, 0, 0)))
      let missing = await fixture.failure {
        try await depot.packageVersionAsset("B", of: "1.0", flask, in: store)
      }
      #expect(missing?.code == .notFound)
      #expect(missing?.resourceType == .asset)
      let outdated = await fixture.failure {
        try await depot.packageVersionAsset("b", of: "1.0", flask, in: store, revision: "old")
      }
      #expect(outdated?.code == .conflict)
      #expect(outdated?.resourceType == .packageVersion)
    }
  }
}

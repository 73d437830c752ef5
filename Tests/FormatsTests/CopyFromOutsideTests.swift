import Catalog
import FormatRules
import HTTPTypes
import Repository
import Testing

/// Copies of what a public registry has and nobody here has asked for yet.
@Suite("Copies from beyond the domain")
struct CopyFromOutsideTests {
  private static func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(owner: TestHouse.owner, domain: "my-domain", repository: repository)
  }

  /// `store` is connected to a registry, `team` has it as upstream, and `tools` is beside them.
  private func withStore(
    _ connection: String,
    _ body: (TestHouse) async throws -> Void
  ) async throws {
    try await TestHouse.run { house in
      for (name, upstreams) in [("store", []), ("team", ["store"])] {
        _ = try await house.depot.createRepository(
          Self.path(name),
          administrator: TestHouse.owner,
          upstreams: upstreams
        )
      }
      _ = try await house.depot.associateExternalConnection(connection, with: Self.path("store"))
      try await body(house)
    }
  }

  private func copy(
    _ versions: [String],
    of package: PackageCoordinates,
    _ house: TestHouse,
    includingUpstreams: Bool = true
  ) async throws -> VersionBatch.Result {
    try await house.depot.copyVersions(
      VersionCopying(
        VersionBatch(versions),
        of: package,
        from: Self.path("team"),
        to: Self.path("tools"),
        includesUpstreams: includingUpstreams
      )
    )
  }

  private func assets(
    _ version: String,
    of package: PackageCoordinates,
    in repository: String,
    _ house: TestHouse
  ) async throws -> [String] {
    try await house.depot.listPackageVersionAssets(
      of: version,
      package,
      in: Self.path(repository)
    ).assets.items.map(\.name)
  }

  @Test func `a version of npm comes with its archive, its origin and its tags`() async throws {
    try await withStore("public:npmjs") { house in
      let archive = NpmUpload("outer", "1.0.0").archive
      house.external.setDocument(
        ScriptedSource.base + "outer",
        """
        {"name":"outer","dist-tags":{"latest":"1.0.0","next":"2.0.0"},"versions":{"1.0.0":\
        {"name":"outer","version":"1.0.0","dist":{"tarball":"https://files.test/outer-1.0.0.tgz"}}}}
        """
      )
      house.external.setFile("https://files.test/outer-1.0.0.tgz", archive)
      let outer = PackageCoordinates(format: .npm, name: "outer")
      let refused = try await copy(["1.0.0", "3.0.0"], of: outer, house)
      #expect(refused.failed.map(\.failure.code) == [.skipped, .notFound])
      let result = try await copy(["1.0.0"], of: outer, house)
      #expect(result.successful.map(\.status) == ["Published"])
      let package = try await house.depot.describePackage(outer, in: Self.path("tools"))
      #expect(package.restrictions == OriginRestrictions(publish: .block, upstream: .allow))
      let tags = try JSONReader.read(Array(package.attributes.utf8))["dist-tags"]
      #expect(tags == .object([.init("latest", .string("1.0.0"))]))
      let version = try await house.depot.describePackageVersion(
        "1.0.0",
        of: outer,
        in: Self.path("tools")
      )
      #expect(version.origin == .ingested(externalConnection: "public:npmjs"))
      house.external.goDown()
      let reply = await house.npm(.get, "outer/-/outer-1.0.0.tgz")
      let got = try await house.bytes(reply)
      #expect(got == archive)
      #expect(try await assets("1.0.0", of: outer, in: "store", house) == ["package.tgz"])
      #expect(try await house.depot.listPackages(in: Self.path("team")).items.isEmpty)
    }
  }

  @Test func `a version of a Python project comes with all its files`() async throws {
    try await withStore("public:pypi") { house in
      let wheel = try Archive.bytes("deflated.whl")
      let files = ["demo_pkg-1.0.0-py3-none-any.whl", "demo_pkg-1.0.0.tar.gz"]
      for name in files {
        house.external.setFile(
          "https://files.test/\(name)",
          name.hasSuffix(".whl") ? wheel : Array(name.utf8)
        )
      }
      let listed = files.map {
        #"{"filename":"\#($0)","url":"https://files.test/\#($0)","hashes":{}}"#
      }
      house.external.setPage(
        "demo-pkg",
        json: """
          {"meta":{"api-version":"1.1"},"name":"demo-pkg","versions":["1.0.0"],\
          "files":[\(listed.joined(separator: ","))]}
          """
      )
      let demo = PackageCoordinates(format: .pypi, name: "demo-pkg")
      let result = try await copy(["1.0.0"], of: demo, house)
      #expect(result.successful.map(\.status) == ["Published"])
      #expect(try await assets("1.0.0", of: demo, in: "tools", house) == files)
      let missing = try await copy(["9.9"], of: demo, house)
      #expect(missing.failed.map(\.failure.code) == [.notFound])
    }
  }

  @Test func `a version of Maven comes with the files that there usually are`() async throws {
    try await MavenHouse.run { house in
      let folder = "org/outer/widget"
      house.registry.setFile(
        "\(folder)/maven-metadata.xml",
        """
        <metadata><groupId>org.outer</groupId><artifactId>widget</artifactId><versioning>\
        <versions><version>1.0</version></versions></versioning></metadata>
        """
      )
      for ending in [".pom", ".jar", "-sources.jar"] {
        let text = ending == ".pom" ? "<project/>" : ending
        house.registry.setFile("\(folder)/1.0/widget-1.0\(ending)", text)
      }
      let widget = PackageCoordinates(format: .maven, namespace: "org.outer", name: "widget")
      let result = try await house.depot.copyVersions(
        VersionCopying(
          VersionBatch(["1.0"]),
          of: widget,
          from: MavenHouse.path("team"),
          to: MavenHouse.path("shared"),
          includesUpstreams: true
        )
      )
      #expect(result.successful.map(\.status) == ["Published"])
      let assets = try await house.depot.listPackageVersionAssets(
        of: "1.0",
        widget,
        in: MavenHouse.path("shared")
      )
      #expect(
        assets.assets.items.map(\.name)
          == ["widget-1.0-sources.jar", "widget-1.0.jar", "widget-1.0.pom"]
      )
    }
  }

  /// The shapes of the API let more pass than any format calls its packages.
  @Test(arguments: ["..", ".", "a?b", "a%2fb", "a\\b", "a;b", "..%2f..", "a\u{301}"])
  func `no name of a call leaves its place in a registry's address`(name: String) async throws {
    for connection in [
      ExternalConnection.nugetOrg, .npmjs, .cratesIO, .rubyGemsOrg, .pypi, .mavenCentral,
    ] {
      try await withStore(connection.rawValue) { house in
        let base = ScriptedSource.base
        house.external.setDocument(
          base + "v3/index.json",
          #"{"resources":[{"@id":"\#(base)reg/","@type":"RegistrationsBaseUrl/3.6.0"},"#
            + #"{"@id":"\#(base)flat/","@type":"PackageBaseAddress/3.0.0"}]}"#
        )
        house.external.setDocument(base + "config.json", #"{"dl":"https://files.test/dl"}"#)
        for (namespace, name, version) in [("n", name, "1.0"), (name, "n", "1.0")] {
          let package = PackageCoordinates(
            format: connection.format,
            namespace: connection.format == .maven ? namespace : nil,
            name: connection.format == .maven ? name : namespace == "n" ? name : namespace
          )
          _ = try? await copy([version], of: package, house)
        }
        let asked = (house.external.documents + house.external.downloads)
          .filter { !$0.hasSuffix("/v3/index.json") && !$0.hasSuffix("/config.json") }
        #expect(asked == [], "\(connection)")
      }
    }
  }

  @Test(arguments: ["..", ".", "a?b", "a/b", "a\\b"])
  func `no version of a call leaves its place in a registry's address`(
    version: String
  ) async throws {
    try await withStore("public:maven-central") { house in
      let widget = PackageCoordinates(format: .maven, namespace: "org.outer", name: "widget")
      house.external.setDocument(
        ScriptedSource.base + "org/outer/widget/maven-metadata.xml",
        """
        <metadata><groupId>org.outer</groupId><artifactId>widget</artifactId><versioning>\
        <versions><version>1.0</version></versions></versioning></metadata>
        """
      )
      let result = try await copy([version], of: widget, house)
      #expect(result.failed.map(\.failure.code) == [.notFound])
      #expect(
        (house.external.documents + house.external.downloads)
          == [ScriptedSource.base + "org/outer/widget/maven-metadata.xml"]
      )
    }
  }
}

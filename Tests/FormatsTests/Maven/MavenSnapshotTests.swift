import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("Maven snapshots")
struct MavenSnapshotTests {
  private static let folder = "org/acme/widget/1.0-SNAPSHOT"
  private static let first = "20210728.194552"
  private static let second = "20210729.000000"

  @Test func `n builds are n and one versions, and the newest build is the snapshot`() async throws
  {
    try await MavenHouse.run { house async throws in
      try await house.deployBuild(Self.first, 1, files: [".jar", ".pom", "-sources.jar"])
      try await house.deployBuild(Self.second, 2)
      #expect(
        try await house.rows() == [
          "1.0-SNAPSHOT": "Published", "1.0-\(Self.first)-1": "Unlisted",
          "1.0-\(Self.second)-2": "Unlisted",
        ]
      )
      let metadata = try #require(try await house.metadata(Self.folder))
      #expect(metadata.snapshot == .init(timestamp: Self.second, buildNumber: 2))
      #expect(
        metadata.snapshotVersions.map { "\($0.suffix.text) \($0.value)" } == [
          ".jar 1.0-\(Self.second)-2", ".pom 1.0-\(Self.second)-2",
          "-sources.jar 1.0-\(Self.first)-1",
        ]
      )
      let package = try #require(try await house.metadata("org/acme/widget"))
      #expect(package.versions == ["1.0-SNAPSHOT"])
      #expect(package.release == nil)
      let old = "\(Self.folder)/widget-1.0-\(Self.first)-1.jar"
      #expect(try await house.get(old) == ".jar \(Self.first)-1")
      let assets = try await house.depot.listPackageVersionAssets(
        of: "1.0-SNAPSHOT",
        PackageCoordinates(format: .maven, namespace: "org.acme", name: "widget"),
        in: MavenHouse.path("team")
      )
      #expect(
        assets.assets.items.map(\.name) == [
          "widget-1.0-\(Self.second)-2.jar", "widget-1.0-\(Self.second)-2.pom",
        ]
      )
    }
  }

  @Test func `a build is seen when its metadata has come`() async throws {
    try await MavenHouse.run { house async throws in
      try await house.deployBuild(Self.first, 1)
      let name = "\(Self.folder)/widget-1.0-\(Self.second)-2.jar"
      #expect(await house.put(name, "jar") == .created)
      #expect(try await house.get(name) == nil)
      #expect(try await house.metadata(Self.folder)?.snapshot?.buildNumber == 1)
    }
  }

  @Test func `a name that spells it out means the newest build that has such a file`() async throws
  {
    try await MavenHouse.run { house async throws in
      try await house.deployBuild(Self.first, 1, files: [".jar", "-sources.jar"])
      try await house.deployBuild(Self.second, 2)
      let name = "\(Self.folder)/widget-1.0-SNAPSHOT"
      #expect(try await house.get("\(name).jar") == ".jar \(Self.second)-2")
      #expect(try await house.get("\(name)-sources.jar") == "-sources.jar \(Self.first)-1")
      #expect(
        try await house.get("\(name).jar.sha1")
          == ChecksumAlgorithm.sha1.hexadecimal(of: Array(".jar \(Self.second)-2".utf8))
      )
      #expect(try await house.get("\(name).war") == nil)
      let reply = await house.send(.get, "\(name).jar")
      #expect(reply.headers[.cacheControl] == "private, no-cache")
    }
  }

  @Test func `files without a build in their name are refused`() async throws {
    try await MavenHouse.run { house async throws in
      for name in [
        "widget-1.0-SNAPSHOT.jar", "ivy-1.0-SNAPSHOT.xml", "other-1.0-20210728.194552-1.jar",
      ] {
        #expect(await house.put("\(Self.folder)/\(name)", "x") == .badRequest, "\(name)")
      }
    }
  }

  @Test func `metadata that names no build of ours is refused`() async throws {
    try await MavenHouse.run { house async throws in
      let jar = "\(Self.folder)/widget-1.0-\(Self.first)-1.jar"
      #expect(await house.put(jar, "jar") == .created)
      let path = "\(Self.folder)/maven-metadata.xml"
      #expect(await house.put(path, "<metadata/>") == .badRequest)
      let document =
        "<metadata><versioning><snapshot><timestamp>\(Self.second)</timestamp>"
        + "<buildNumber>2</buildNumber></snapshot></versioning></metadata>"
      #expect(await house.put(path, document) == .badRequest)
      #expect(try await house.metadata(Self.folder) == nil)
    }
  }

  @Test func `of builds here and in an upstream the newest is the snapshot`() async throws {
    try await MavenHouse.run { house async throws in
      try await house.deployBuild(Self.second, 2, in: "shared")
      #expect(try await house.metadata(Self.folder)?.snapshot?.buildNumber == 2)
      let name = "\(Self.folder)/widget-1.0-\(Self.second)-2.jar"
      #expect(try await house.get(name) == ".jar \(Self.second)-2")
      try await house.deployBuild("20210730.000000", 3, in: "shared")
      #expect(try await house.metadata(Self.folder)?.snapshot?.buildNumber == 3)
      #expect(try await house.metadata("org/acme/widget")?.versions == ["1.0-SNAPSHOT"])
    }
  }

  @Test func `snapshots never come from outside`() async throws {
    try await MavenHouse.run { house async throws in
      let document = MavenHouse.document(["0.9", "1.0-SNAPSHOT"])
      house.registry.setFile("org/acme/widget/maven-metadata.xml", document)
      house.registry.setFile("\(Self.folder)/maven-metadata.xml", "<metadata/>")
      let name = "\(Self.folder)/widget-1.0-\(Self.first)-1.jar"
      house.registry.setFile(name, "jar")
      #expect(try await house.metadata("org/acme/widget")?.versions == ["0.9"])
      #expect(try await house.metadata(Self.folder) == nil)
      #expect(try await house.get(name) == nil)
      #expect(!house.registry.requests.contains { $0.contains("SNAPSHOT") })
    }
  }
}

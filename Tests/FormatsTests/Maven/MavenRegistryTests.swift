import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("Maven packages from a public registry")
struct MavenRegistryTests {
  private static let package = "org/acme/widget"
  private static let jar = "org/acme/widget/1.0/widget-1.0.jar"
  private static let pom = "org/acme/widget/1.0/widget-1.0.pom"

  private func fill(_ house: MavenHouse) {
    house.registry.setFile(
      "\(Self.package)/maven-metadata.xml",
      MavenHouse.document(["1.0", "0.9"])
    )
    house.registry.setFile(Self.jar, "public jar")
    house.registry.setFile(
      Self.pom,
      "<project><description>Public</description><dependencies><dependency><groupId>g</groupId>"
        + "<artifactId>a</artifactId></dependency></dependencies></project>"
    )
  }

  @Test func `files come through, verified, and stay when the registry is gone`() async throws {
    try await MavenHouse.run { house async throws in
      fill(house)
      #expect(try await house.metadata(Self.package)?.versions == ["0.9", "1.0"])
      #expect(try await house.get(Self.jar) == "public jar")
      let sum = ChecksumAlgorithm.md5.hexadecimal(of: Array("public jar".utf8))
      #expect(try await house.get(Self.jar + ".md5") == sum)
      #expect(try await house.get(Self.pom)?.contains("Public") == true)
      house.registry.goDown()
      house.clock.advance(by: .seconds(3000))
      #expect(try await house.get(Self.jar) == "public jar")
      #expect(try await house.get(Self.jar + ".sha1") != nil)
      #expect(try await house.metadata(Self.package)?.versions == ["0.9", "1.0"])
      #expect(house.registry.requests.filter { $0 == "+\(Self.jar)" }.count == 1)
    }
  }

  @Test func `a group's plugins are looked for in what is held alone`() async throws {
    try await MavenHouse.run { house async throws in
      fill(house)
      #expect(try await house.get(Self.jar) == "public jar")
      let plugins =
        "<metadata><plugins><plugin><name>Tool</name><prefix>tool</prefix>"
        + "<artifactId>tool-maven-plugin</artifactId></plugin></plugins></metadata>"
      let path = "org/acme/maven-metadata.xml"
      #expect(
        await house.put("org/acme/tool-maven-plugin/1.0/tool-maven-plugin-1.0.jar", "j") == .created
      )
      #expect(
        await house.put("org/acme/tool-maven-plugin/1.0/tool-maven-plugin-1.0.pom", "p") == .created
      )
      #expect(await house.put(path, plugins) == .created)
      house.clock.advance(by: .seconds(3000))
      let asked = house.registry.requests.count
      #expect(try await house.metadata("org/acme")?.plugins.map(\.prefix) == ["tool"])
      let since = house.registry.requests.dropFirst(asked)
      #expect(!since.contains { $0.hasPrefix(Self.package) }, "\(since)")
    }
  }

  @Test func `the list, the checksum and the file are asked for at once`() async throws {
    try await MavenHouse.run { house async throws in
      fill(house)
      house.registry.holdDocuments(untilFile: MavenHouse.base + Self.jar)
      #expect(try await house.get(Self.jar) == "public jar")
      #expect(
        house.registry.requests.sorted()
          == ["+\(Self.jar)", "\(Self.package)/maven-metadata.xml", "\(Self.jar).sha1"].sorted()
      )
    }
  }

  @Test func `a crowd at a file nobody has heard of is one download`() async throws {
    try await MavenHouse.run { house async throws in
      fill(house)
      try await withThrowingTaskGroup(of: String?.self) { group in
        for _ in 0..<50 { group.addTask { try await house.get(Self.jar) } }
        for try await text in group { #expect(text == "public jar") }
      }
      #expect(house.registry.requests.count == 3, "\(house.registry.requests)")
    }
  }

  @Test func `what a registry does not have costs no further questions`() async throws {
    try await MavenHouse.run { house async throws in
      fill(house)
      let path = "org/acme/widget/1.0/widget-1.0-sources.jar"
      for _ in 0..<2 { #expect(try await house.get(path) == nil) }
      #expect(
        house.registry.requests.sorted()
          == ["+\(path)", "\(Self.package)/maven-metadata.xml", "\(path).sha1"].sorted()
      )
    }
  }

  @Test(arguments: ["sha256", "md5"])
  func `where the usual checksum is missing another counts`(algorithm: String) async throws {
    try await MavenHouse.run { house async throws in
      house.registry.setFile(Self.jar, "jar", hasChecksum: false)
      let count = algorithm == "md5" ? 32 : 64
      house.registry.setFile("\(Self.jar).\(algorithm)", String(repeating: "0", count: count))
      let reply = await house.send(.get, Self.jar)
      if reply.status == .ok {
        await #expect(throws: (any Error).self) { _ = try await house.bytes(reply) }
      }
      #expect(await house.send(.get, Self.jar + ".sha1").status.code >= 500)
    }
  }

  @Test func `a checksum that is none is not the same as no checksum`() async throws {
    try await MavenHouse.run { house async throws in
      let page = "<html><body>Sign in</body></html>"
      house.registry.setFile(Self.jar, page, hasChecksum: false)
      for algorithm in ["sha1", "sha256", "md5"] {
        house.registry.setFile("\(Self.jar).\(algorithm)", page, hasChecksum: false)
      }
      for _ in 0..<5 { #expect(await house.send(.get, Self.jar).status.code >= 500) }
      let asked = house.registry.requests.count { $0.hasSuffix(".sha1") }
      #expect(asked == 1, "it is left alone for a moment")

      house.clock.advance(by: .seconds(11))
      fill(house)
      #expect(try await house.get(Self.jar) == "public jar")
    }
  }

  @Test func `where one checksum is none another counts`() async throws {
    try await MavenHouse.run { house async throws in
      house.registry.setFile(Self.jar, "jar", hasChecksum: false)
      house.registry.setFile("\(Self.jar).sha1", "", hasChecksum: false)
      let sum = ChecksumAlgorithm.md5.hexadecimal(of: Array("jar".utf8))
      house.registry.setFile("\(Self.jar).md5", sum, hasChecksum: false)
      #expect(try await house.get(Self.jar) == "jar")
    }
  }

  @Test func `what the project file says is told of the version`() async throws {
    try await MavenHouse.run { house async throws in
      fill(house)
      #expect(try await house.get(Self.jar) != nil)
      #expect(try await house.get(Self.pom) != nil)
      #expect(try await house.get(Self.pom + ".sha1") != nil)
      for repository in ["team", "central"] {
        let record = try await house.depot.describePackageVersion(
          "1.0",
          of: PackageCoordinates(format: .maven, namespace: "org.acme", name: "widget"),
          in: MavenHouse.path(repository)
        )
        #expect(record.metadata.contains("\"summary\":\"Public\""), "\(record.metadata)")
        #expect(record.metadata.contains("\"package\":\"a\""))
      }
    }
  }

  @Test func `a checksum may be asked for before its file`() async throws {
    try await MavenHouse.run { house async throws in
      fill(house)
      let sum = ChecksumAlgorithm.sha512.hexadecimal(of: Array("public jar".utf8))
      #expect(try await house.get(Self.jar + ".sha512") == sum)
      #expect(try await house.get(Self.jar) == "public jar")
      #expect(house.registry.requests.filter { $0 == "+\(Self.jar)" }.count == 1)
    }
  }

  @Test func `bytes that are not those promised are never passed on whole`() async throws {
    try await MavenHouse.run { house async throws in
      fill(house)
      house.registry.setFile(Self.jar + ".sha1", String(repeating: "0", count: 40))
      let reply = await house.send(.get, Self.jar)
      if reply.status == .ok {
        await #expect(throws: (any Error).self) { _ = try await house.bytes(reply) }
      }
      #expect(await house.send(.get, Self.jar + ".md5").status.code >= 500)
    }
  }

  @Test func `files are found without lists and without checksums`() async throws {
    try await MavenHouse.run { house async throws in
      house.registry.setFile(Self.jar, "bare", hasChecksum: false)
      #expect(try await house.get(Self.jar) == "bare")
      #expect(
        try await house.get(Self.jar + ".sha1")
          == ChecksumAlgorithm.sha1.hexadecimal(of: Array("bare".utf8))
      )
      #expect(try await house.metadata(Self.package)?.versions == ["1.0"], "what came is known")
      house.registry.setFile(Self.pom, "<project/>", hasChecksum: false)
      #expect(try await house.get(Self.pom) == "<project/>", "more files of it come later")
      #expect(try await house.get("org/acme/widget/1.0/widget-1.0-sources.jar") == nil)
      #expect(try await house.get("org/acme/widget/2.0/widget-2.0.jar") == nil)
    }
  }

  @Test func `what is published here is never asked for outside`() async throws {
    try await MavenHouse.run { house async throws in
      try await house.deploy("5.0")
      let before = house.registry.requests.count
      #expect(try await house.metadata(Self.package)?.versions == ["5.0"])
      #expect(try await house.get("org/acme/widget/6.0/widget-6.0.jar") == nil)
      #expect(house.registry.requests.count == before)
    }
  }

  @Test func `a public version cannot be published again`() async throws {
    try await MavenHouse.run { house async throws in
      fill(house)
      _ = try await house.metadata(Self.package)
      #expect(await house.put(Self.jar, "mine") == .conflict)
    }
  }

  @Test func `versions of all places are one list`() async throws {
    try await MavenHouse.run { house async throws in
      try await house.deploy("2.0", in: "shared")
      house.registry.setFile("org/acme/other/maven-metadata.xml", MavenHouse.document(["1"]))
      #expect(try await house.metadata("org/acme/other")?.versions == ["1"])
      #expect(try await house.metadata(Self.package)?.versions == ["2.0"])
      #expect(try await house.get("org/acme/widget/2.0/widget-2.0.jar") == "jar 2.0")
      #expect(try await house.rows() == ["2.0": "Published"], "it is retained")
    }
  }

  @Test func `plugins of a public group are found by prefix`() async throws {
    try await MavenHouse.run { house async throws in
      house.registry.setFile(
        "org/acme/maven-metadata.xml",
        "<metadata><plugins><plugin><prefix>w</prefix><artifactId>w-maven-plugin</artifactId>"
          + "</plugin></plugins></metadata>"
      )
      #expect(try await house.metadata("org/acme")?.plugins.first?.artifact == "w-maven-plugin")
      #expect(try await house.metadata("org") == nil)
    }
  }

  @Test func `what was never there stays absent after a restart, while the registry is down`()
    async throws
  {
    try await MavenHouse.run { house async throws in
      fill(house)
      let sources = "org/acme/widget/1.0/widget-1.0-sources.jar"
      let module = "org/acme/widget/1.0/widget-1.0.module"
      #expect(try await house.get(Self.jar) == "public jar")
      #expect(await house.send(.get, sources).status == .notFound)
      // The client is told as soon as the file is known to be absent; its checksum is asked for
      // at the same time.
      await house.settle()
      house.registry.goDown()
      house.clock.advance(by: .seconds(40_000))
      let restarted = try await house.restarted()
      #expect(await house.send(.get, Self.jar, to: restarted).status == .ok)
      #expect(await house.send(.get, sources, to: restarted).status == .notFound)
      let unknown = await house.send(.get, module, to: restarted)
      #expect(unknown.status == .serviceUnavailable, "nobody has asked for it before")
    }
  }

  @Test func `so does what was never there of a version that nobody lists`() async throws {
    try await MavenHouse.run { house async throws in
      let paths = (1...3).map { "org/acme/bare/1/bare-\($0).jar" }
      for path in paths {
        #expect(await house.send(.get, path).status == .notFound)
        await house.settle()
      }
      house.registry.goDown()
      for restart in [false, true] {
        house.clock.advance(by: .seconds(20_000))
        let formats = restart ? try await house.restarted() : nil
        for path in paths {
          #expect(await house.send(.get, path, to: formats).status == .notFound)
        }
        let unknown = await house.send(.get, "org/acme/bare/1/bare-4.jar", to: formats)
        #expect(unknown.status == .serviceUnavailable, "nobody has asked for it before")
      }
    }
  }

  @Test func `a registry that is down is no answer, and is said so`() async throws {
    try await MavenHouse.run { house async throws in
      house.registry.goDown()
      #expect(await house.send(.get, Self.jar).status == .serviceUnavailable)
      let metadata = await house.send(.get, "\(Self.package)/maven-metadata.xml")
      #expect(metadata.status == .serviceUnavailable)
    }
  }
}

import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("Maven releases")
struct MavenReleaseTests {
  private static let jar = "org/acme/widget/1.0/widget-1.0.jar"
  private static let metadata = "org/acme/widget/maven-metadata.xml"

  @Test func `a version is seen when its metadata has come, and not before`() async throws {
    try await MavenHouse.run { house async throws in
      #expect(await house.put(Self.jar, "jar") == .created)
      let early = try await said(house, of: Self.jar)
      #expect(early.contains("The version is unfinished"))
      let other = try await said(house, of: "org/acme/widget/2.0/widget-2.0.jar")
      #expect(other.contains("has no file widget-2.0.jar") && !other.contains("unfinished"))
      #expect(try await house.metadata("org/acme/widget") == nil)
      #expect(try await house.rows() == ["1.0": "Unfinished"])
      #expect(await house.put(Self.metadata, MavenHouse.document(["0.9", "1.0"])) == .created)
      #expect(try await house.get(Self.jar) == "jar")
      #expect(try await house.rows() == ["1.0": "Published"])
      let metadata = try #require(try await house.metadata("org/acme/widget"))
      #expect(metadata.versions == ["1.0"], "0.9 was never deployed")
      #expect(metadata.release == "1.0")
    }
  }

  private func said(_ house: MavenHouse, of path: String) async throws -> String {
    let reply = await house.send(.get, path)
    #expect(reply.status == .notFound)
    return String(decoding: try await house.bytes(reply), as: UTF8.self)
  }

  @Test func `two deployments at once lose nothing`() async throws {
    try await MavenHouse.run { house async throws in
      #expect(await house.put(Self.jar, "jar") == .created)
      #expect(await house.put("org/acme/widget/1.1/widget-1.1.jar", "jar") == .created)
      #expect(await house.put(Self.metadata, MavenHouse.document(["1.0"])) == .created)
      #expect(await house.put(Self.metadata, MavenHouse.document(["1.1"])) == .created)
      #expect(try await house.metadata("org/acme/widget")?.versions == ["1.0", "1.1"])
    }
  }

  @Test func `the same bytes again are a success, others are a conflict`() async throws {
    try await MavenHouse.run { house async throws in
      try await house.deploy("1.0")
      try await house.deploy("1.0")
      #expect(await house.put(Self.jar, "other") == .conflict)
      #expect(try await house.get(Self.jar) == "jar 1.0")
      let sources = "org/acme/widget/1.0/widget-1.0-sources.jar"
      #expect(await house.put(sources, "late") == .created)
      #expect(try await house.get(sources) == "late", "more files may come later")
    }
  }

  @Test func `checksums are computed from what is stored, for every file and document`()
    async throws
  {
    try await MavenHouse.run { house async throws in
      try await house.deploy("1.0")
      for path in [Self.jar, Self.metadata] {
        let bytes = Array(try #require(try await house.get(path)).utf8)
        for algorithm in ChecksumAlgorithm.allCases {
          let sum = try await house.get("\(path).\(algorithm)")
          #expect(sum == algorithm.hexadecimal(of: bytes), "\(path).\(algorithm)")
        }
      }
      let before = try await house.get(Self.metadata + ".sha1")
      try await house.deploy("1.1")
      #expect(try await house.get(Self.metadata + ".sha1") != before)
      #expect(try await house.get("org/acme/widget/1.0/widget-1.0-x.jar.sha1") == nil)
    }
  }

  @Test func `a wrong checksum is refused, and its version stays unfinished`() async throws {
    try await MavenHouse.run { house async throws in
      let right = ChecksumAlgorithm.sha1.hexadecimal(of: Array("jar".utf8))
      #expect(await house.put(Self.jar + ".sha1", right) == .notFound)
      #expect(await house.put(Self.jar, "jar") == .created)
      for wrong in [String(repeating: "0", count: 40), right.uppercased(), "no digits", ""] {
        #expect(await house.put(Self.jar + ".sha1", wrong) == .badRequest, "\(wrong)")
      }
      let pom = "<project><description>What it is</description></project>"
      #expect(await house.put("org/acme/widget/1.0/widget-1.0.pom", pom) == .created)
      #expect(await house.put(Self.metadata, MavenHouse.document(["1.0"])) == .badRequest)
      #expect(try await house.rows() == ["1.0": "Unfinished"])
      #expect(await house.put(Self.jar + ".sha1", right + "\n") == .created)
      #expect(await house.put(Self.metadata, MavenHouse.document(["1.0"])) == .created)
      #expect(try await house.rows() == ["1.0": "Published"])
      #expect(await house.put(Self.jar + ".md5", String(repeating: "0", count: 32)) == .badRequest)
      #expect(try await house.get(Self.jar) == "jar", "what is published stays")
      let record = try await house.depot.describePackageVersion(
        "1.0",
        of: PackageCoordinates(format: .maven, namespace: "org.acme", name: "widget"),
        in: MavenHouse.path("team")
      )
      #expect(record.metadata.contains("\"summary\":\"What it is\""))
    }
  }

  @Test func `digests in headers are compared`() async throws {
    try await MavenHouse.run { house async throws in
      let name = try #require(HTTPField.Name("X-Checksum-Sha1"))
      let wrong = String(repeating: "0", count: 40)
      #expect(await house.put(Self.jar, "jar", [name: wrong]) == .badRequest)
      #expect(await house.put(Self.jar, "jar", [name: "x"]) == .badRequest)
      let right = ChecksumAlgorithm.sha1.hexadecimal(of: Array("jar".utf8))
      #expect(await house.put(Self.jar, "jar", [name: right.uppercased()]) == .created)
    }
  }

  @Test func `files have types, tags, ranges and checksums in their headers`() async throws {
    try await MavenHouse.run { house async throws in
      try await house.deploy("1.0")
      let jar = await house.send(.get, Self.jar)
      #expect(jar.headers[.contentType] == "application/java-archive")
      let name = try #require(HTTPField.Name("X-Checksum-SHA1"))
      #expect(
        jar.headers[name] == ChecksumAlgorithm.sha1.hexadecimal(of: Array("jar 1.0".utf8))
      )
      let tag = try #require(jar.headers[.eTag])
      #expect(await house.send(.get, Self.jar, [.ifNoneMatch: tag]).status == .notModified)
      let range = await house.send(.get, Self.jar, [.range: "bytes=4-"])
      #expect(range.status == .partialContent)
      #expect(try await house.bytes(range) == Array("1.0".utf8))
      #expect(await house.send(.head, Self.jar).status == .ok)
      let metadata = await house.send(.get, Self.metadata)
      #expect(metadata.headers[.contentType] == "application/xml")
      let metadataTag = try #require(metadata.headers[.eTag])
      let again = await house.send(.get, Self.metadata, [.ifNoneMatch: metadataTag])
      #expect(again.status == .notModified)
    }
  }

  @Test func `what is no path, no document or no content is refused`() async throws {
    try await MavenHouse.run { house async throws in
      for path in ["a.jar", "org.acme/widget/1.0/f", "g/a%2fb/1/f", "g/a/%2e%2e/f", "g/ä/1/f", ""] {
        #expect(await house.put(path, "x") == .badRequest, "\(path)")
        #expect(await house.send(.get, path).status == .notFound, "\(path)")
      }
      #expect(await house.put(Self.jar, "") == .badRequest)
      #expect(await house.send(.delete, Self.jar).status == .methodNotAllowed)
      #expect(await house.put(Self.jar, "jar") == .created)
      for text in ["", "<html/>", "<metadata>", "{}"] {
        #expect(await house.put(Self.metadata, text) == .badRequest, "\(text)")
      }
      let other = MavenHouse.document(["1.0"]).replacing("widget", with: "other")
      #expect(await house.put(Self.metadata, other) == .badRequest)
      let absent = await house.put("org/acme/gone/maven-metadata.xml", "<metadata/>")
      #expect(absent == .notFound)
    }
  }

  @Test func `odd names behave`() async throws {
    try await MavenHouse.run { house async throws in
      for (path, folder) in [
        ("__proto__/constructor/1.0+b.5/constructor-1.0+b.5.jar", "__proto__/constructor"),
        ("G/Widget/1/Widget-1.jar", "G/Widget"), ("g/widget./1/widget.-1.jar", "g/widget."),
      ] {
        #expect(await house.put(path, path) == .created)
        let version = String(path.split(separator: "/")[2])
        let parts = folder.split(separator: "/")
        let document =
          "<metadata><groupId>\(parts[0])</groupId><artifactId>\(parts[1])</artifactId>"
          + "<versioning><versions><version>\(version)</version></versions></versioning></metadata>"
        #expect(await house.put("\(folder)/maven-metadata.xml", document) == .created)
        #expect(try await house.get(path) == path)
        #expect(try await house.get(path.replacing("+", with: "%2B")) == path)
      }
      #expect(try await house.get("g/Widget/1/Widget-1.jar") == nil, "case counts")
      #expect(try await house.get("G/widget/1/widget-1.jar") == nil)
    }
  }

  @Test func `a plugin is found by its prefix`() async throws {
    try await MavenHouse.run { house async throws in
      try await house.deploy("1.0", in: "shared")
      let document = """
        <metadata><plugins><plugin><name>Widget</name><prefix>widget</prefix>
        <artifactId>widget</artifactId></plugin></plugins></metadata>
        """
      #expect(await house.put("org/acme/maven-metadata.xml", document, in: "shared") == .created)
      for repository in ["shared", "team"] {
        let metadata = try #require(try await house.metadata("org/acme", in: repository))
        #expect(metadata.plugins == [.init(name: "Widget", prefix: "widget", artifact: "widget")])
        let text = try #require(try await house.get("org/acme/maven-metadata.xml", in: repository))
        let sum = try await house.get("org/acme/maven-metadata.xml.sha1", in: repository)
        #expect(sum == ChecksumAlgorithm.sha1.hexadecimal(of: Array(text.utf8)))
      }
      #expect(try await house.metadata("org/acme/widget")?.versions == ["1.0"])
      #expect(try await house.metadata("org") == nil)
    }
  }

  @Test func `plugins that are here are found while a registry is down`() async throws {
    try await MavenHouse.run { house async throws in
      let document = """
        <metadata><plugins><plugin><name>Widget</name><prefix>widget</prefix>
        <artifactId>widget</artifactId></plugin></plugins></metadata>
        """
      try await house.deploy("1.0", in: "shared")
      #expect(await house.put("org/acme/maven-metadata.xml", document, in: "shared") == .created)
      // Open to what lies upstream, so that the registry is asked for the group's others.
      for repository in ["shared", "team"] {
        _ = try await house.depot.configureOrigin(
          of: PackageCoordinates(format: .maven, namespace: "org.acme", name: "widget"),
          in: MavenHouse.path(repository),
          to: OriginRestrictions(publish: .allow, upstream: .allow)
        )
      }
      house.registry.setFile(
        "org/acme/maven-metadata.xml",
        "<metadata><plugins><plugin><prefix>w</prefix><artifactId>w-maven-plugin</artifactId>"
          + "</plugin></plugins></metadata>"
      )
      let both = try #require(try await house.metadata("org/acme"))
      #expect(both.plugins.map(\.prefix).sorted() == ["w", "widget"])
    }
    try await MavenHouse.run { house async throws in
      let document = """
        <metadata><plugins><plugin><name>Widget</name><prefix>widget</prefix>
        <artifactId>widget</artifactId></plugin></plugins></metadata>
        """
      try await house.deploy("1.0", in: "shared")
      #expect(await house.put("org/acme/maven-metadata.xml", document, in: "shared") == .created)
      _ = try await house.depot.configureOrigin(
        of: PackageCoordinates(format: .maven, namespace: "org.acme", name: "widget"),
        in: MavenHouse.path("shared"),
        to: OriginRestrictions(publish: .allow, upstream: .allow)
      )
      house.registry.goDown()
      #expect(try await house.metadata("org/acme")?.plugins.map(\.prefix) == ["widget"])
      #expect(await house.send(.get, "org/maven-metadata.xml").status == .serviceUnavailable)
    }
  }

  @Test func `files say when they were published, and are sent again only when newer`()
    async throws
  {
    try await MavenHouse.run { house async throws in
      try await house.deploy("1.0")
      let date = "Tue, 14 Nov 2023 22:13:20 GMT"
      for path in [Self.jar, Self.jar + ".sha1"] {
        let reply = await house.send(.get, path)
        #expect(reply.headers[.lastModified] == date, "\(path)")
      }
      let tag = try #require(await house.send(.head, Self.jar).headers[.eTag])
      let cases: [(HTTPFields, HTTPResponse.Status)] = [
        ([.ifModifiedSince: date], .notModified),
        ([.ifModifiedSince: "Tue, 14 Nov 2023 22:13:21 GMT"], .notModified),
        ([.ifModifiedSince: "Tue, 14 Nov 2023 22:13:19 GMT"], .ok),
        // What is no date, and what comes with a tag, does not count (RFC 9110 section 13.1.3).
        ([.ifModifiedSince: "yesterday"], .ok),
        ([.ifModifiedSince: date, .ifNoneMatch: "\"other\""], .ok),
        ([.ifModifiedSince: "yesterday", .ifNoneMatch: tag], .notModified),
      ]
      for (headers, status) in cases {
        for method in [HTTPRequest.Method.get, .head] {
          let reply = await house.send(method, Self.jar, headers)
          #expect(reply.status == status, "\(headers)")
          #expect(reply.headers[.lastModified] == date)
          #expect(reply.headers[.eTag] == tag)
        }
      }
      // A date is too coarse to vouch for a part (section 13.1.5): the whole file is sent.
      let part = await house.send(.get, Self.jar, [.range: "bytes=0-1", .ifRange: date])
      #expect(part.status == .ok)
      // Other formats' files go out as before.
      #expect(await house.put("n/p/1/a", "A", format: "generic") == .created)
      let generic = await house.send(.get, "n/p/1/a", format: "generic")
      #expect(generic.headers[.lastModified] == nil)
    }
  }
}

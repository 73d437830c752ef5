import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

/// To Swift, texts that Unicode holds to be canonically equivalent are one and the same; to rows
/// and to policies they are not.
@Suite("Names that Unicode takes for one another")
struct EquivalentNameTests {
  /// The composed spelling first.
  static let pairs = [
    ("K", "\u{212A}"), ("\u{3A9}", "\u{2126}"), ("\u{8C48}", "\u{F900}"),
    ("caf\u{E9}", "cafe\u{301}"),
  ]

  private func path(_ segments: [String]) -> String {
    segments.map { PercentEncoding.encode($0) }.joined(separator: "/")
  }

  @Test(arguments: pairs)
  func `one is the name of a generic file, the other is nobody's`(
    composed: String,
    other: String
  ) async throws {
    try await MavenHouse.run { house async throws in
      for place in 0..<4 {
        var segments = ["n\(place)", "p", "1", "file"]
        segments[place] = composed
        let right = path(segments)
        segments[place] = other
        let wrong = path(segments)
        #expect(await house.put(right, "A", format: "generic") == .created)
        // Asked for first, the absent name must not hide the one that is there.
        #expect(await house.send(.get, wrong, format: "generic").status == .notFound)
        #expect(try await house.get(right, format: "generic") == "A", "\(place)")
        #expect(await house.put(wrong, "B", format: "generic") == .badRequest)
        #expect(await house.send(.get, wrong, format: "generic").status == .notFound)
        #expect(try await house.get(right, format: "generic") == "A")
      }
    }
  }

  @Test(arguments: pairs)
  func `one is the name of a Maven file, the other is nobody's`(
    composed: String,
    other: String
  ) async throws {
    try await MavenHouse.run { house async throws in
      func file(_ version: String, _ ending: String) -> String {
        path(["org", "acme", "widget", version, "widget-\(ending).jar"])
      }
      for (right, wrong) in [
        (file("1-\(composed)", "1"), file("1-\(other)", "1")),
        (file("2", composed), file("2", other)),
      ] {
        #expect(await house.put(right, "A") == .created)
        #expect(await house.put(wrong, "B") == .badRequest)
        #expect(await house.send(.get, wrong).status == .notFound)
      }
    }
  }

  @Test func `a registry's version does not hide the one that it looks like`() async throws {
    try await MavenHouse.run { house async throws in
      house.registry.setFile(
        "org/acme/widget/maven-metadata.xml",
        MavenHouse.document(["1-\u{212A}", "1-K", "2"])
      )
      #expect(
        try await house.metadata("org/acme/widget")?.versions.map { Array($0.utf8) }
          == [Array("1-K".utf8), Array("2".utf8)]
      )
    }
  }

  @Test func `a repository answers to its own name alone`() async throws {
    try await MavenHouse.run { house async throws in
      _ = try await house.depot.createRepository(
        MavenHouse.path("Kilo"),
        administrator: DepotHouse.owner
      )
      #expect(await house.put("n/p/1/file", "A", in: "Kilo", format: "generic") == .created)
      let reply = await house.send(.get, "n/p/1/file", in: "%E2%84%AAilo", format: "generic")
      #expect(reply.status == .notFound)
      #expect(await house.put("n/p/1/b", "B", in: "%E2%84%AAilo", format: "generic") == .badRequest)
    }
  }

  @Test func `whatever door a publication comes by, its names are composed`() async throws {
    try await MavenHouse.run { house async throws in
      let upload = try await house.depot.makeUpload(into: MavenHouse.path("team"))
      try await upload.write([1])
      let staged = try await upload.finish()
      for (package, version, file) in [
        ("\u{212A}", "1", "f"), ("p", "\u{212A}", "f"), ("p", "1", "\u{212A}"),
      ] {
        await #expect(throws: RepositoryError.self) {
          _ = try await house.depot.publish(
            VersionPublication(
              repository: MavenHouse.path("team"),
              package: .init(format: .generic, namespace: "n", name: package),
              displayName: package,
              version: version,
              files: [.init(name: file, staged: staged)]
            )
          )
        }
        await #expect(throws: RepositoryError.self) {
          _ = try await house.depot.publish(
            staged,
            as: AssetPublication(
              repository: MavenHouse.path("team"),
              package: .init(format: .generic, namespace: "n", name: package),
              displayName: package,
              version: version,
              assetName: file
            )
          )
        }
      }
    }
  }
}

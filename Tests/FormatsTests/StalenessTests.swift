import Catalog
import Exchange
import HTTPTypes
import Repository
import Testing

/// What every format says of itself while the registry behind it is down.
@Suite("Stale replies")
struct StalenessTests {
  private static let base = ScriptedSource.base
  private static let warning = HTTPField.Name("Warning") ?? .age

  /// One package, `thing`, as each registry has it.
  private static let documents = [
    "thing": #"""
    {"name":"thing","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"name":"thing",
     "version":"1.0.0","dist":{"tarball":"https://files.test/thing.tgz"}}}}
    """#,
    "org/out/thing/maven-metadata.xml":
      "<metadata><groupId>org.out</groupId><artifactId>thing</artifactId><versioning><versions>"
      + "<version>1.0.0</version></versions></versioning></metadata>",
    "v3/index.json":
      #"{"resources":[{"@id":"\#(base)reg/","@type":"RegistrationsBaseUrl/3.6.0"}]}"#,
    "reg/thing/index.json":
      #"{"items":[{"items":[{"packageContent":"https://files.test/t","catalogEntry":"#
      + #"{"id":"Thing","version":"1.0.0","listed":true}}]}]}"#,
    "config.json": #"{"dl":"https://files.test/dl"}"#,
    "th/in/thing": #"{"name":"thing","vers":"1.0.0","deps":[],"features":{},"yanked":false,"#
      + #""cksum":"\#(String(repeating: "0", count: 64))"}"#,
    "info/thing": "---\n1.0.0 |checksum:\(String(repeating: "0", count: 64))\n",
    "versions": "created_at: 2024-01-01T00:00:00Z\n---\nthing 1.0.0 00\n",
  ]

  private static let replies: [(format: String, path: String, accept: String?)] = [
    ("pypi", "simple/thing/", "text/html"),
    ("pypi", "simple/thing/", "application/vnd.pypi.simple.v1+json"),
    ("npm", "thing", nil), ("npm", "thing", "application/vnd.npm.install-v1+json"),
    ("npm", "thing/1.0.0", nil), ("npm", "-/package/thing/dist-tags", nil),
    ("maven", "org/out/thing/maven-metadata.xml", nil),
    ("maven", "org/out/thing/maven-metadata.xml.sha1", nil),
    ("nuget", "v3/flatcontainer/thing/index.json", nil),
    ("nuget", "v3/registration4/thing/index.json", nil),
    ("nuget", "v3/registration4/thing/1.0.0.json", nil),
    ("nuget", "v3/autocomplete?id=thing", nil),
    ("nuget", "api/v2/FindPackagesById()?id='thing'", nil),
    ("nuget", "api/v2/Packages(Id='thing',Version='1.0.0')", nil),
    ("cargo", "th/in/thing", nil), ("cargo", "api/v1/crates/thing/versions", nil),
    ("ruby", "info/thing", nil), ("ruby", "versions", nil),
    ("ruby", "api/v1/dependencies?gems=thing", nil),
  ]

  private func withRegistries(_ body: (TestHouse) async throws -> Void) async throws {
    try await TestHouse.run { house in
      var stores: [String] = []
      for connection in [
        ExternalConnection.pypi, .npmjs, .mavenCentral, .nugetOrg, .cratesIO, .rubyGemsOrg,
      ] {
        let name = connection.rawValue.replacing("public:", with: "store-")
        let path = Self.path(name)
        _ = try await house.depot.createRepository(path, administrator: TestHouse.owner)
        _ = try await house.depot.associateExternalConnection(connection.rawValue, with: path)
        stores.append(name)
      }
      _ = try await house.depot.createRepository(
        Self.path("all"),
        administrator: TestHouse.owner,
        upstreams: stores
      )
      for (name, text) in Self.documents { house.external.setDocument(Self.base + name, text) }
      house.external.setPage(
        "thing",
        json: #"{"meta":{"api-version":"1.1"},"name":"thing","#
          + #""files":[{"filename":"thing-1.0.0.zip","url":"https://files.test/t","hashes":{}}]}"#
      )
      try await body(house)
    }
  }

  private static func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(
      owner: TestHouse.owner,
      domain: TestHouse.path.domain,
      repository: repository
    )
  }

  private func get(
    _ reply: (format: String, path: String, accept: String?),
    _ house: TestHouse,
    ifNoneMatch tag: String? = nil
  ) async -> Reply {
    var headers: HTTPFields = [:]
    headers[.accept] = reply.accept
    headers[.ifNoneMatch] = tag
    return await house.send(
      .get,
      "/\(reply.format)/d/my-domain-\(TestHouse.owner)/all/\(reply.path)",
      headers
    )
  }

  @Test func `every format says how old it is while its registry is down`() async throws {
    try await withRegistries { house async throws in
      var tags: [String?] = []
      for wanted in Self.replies {
        let reply = await get(wanted, house)
        let text = try await house.text(reply)
        #expect(reply.status == .ok, "\(wanted): \(text)")
        #expect(reply.headers[.age] == nil, "\(wanted)")
        #expect(reply.headers[Self.warning] == nil, "\(wanted)")
        tags.append(reply.headers[.eTag])
      }
      house.external.goDown()
      house.clock.advance(by: .seconds(3_000))
      for (wanted, tag) in zip(Self.replies, tags) {
        let reply = await get(wanted, house)
        #expect(reply.status == .ok, "\(wanted)")
        #expect(reply.headers[.age] == "3000", "\(wanted)")
        #expect(reply.headers[Self.warning]?.hasPrefix("110 ") == true, "\(wanted)")
        guard let tag else { continue }
        let confirmed = await get(wanted, house, ifNoneMatch: tag)
        #expect(confirmed.status == .notModified, "\(wanted)")
        #expect(confirmed.headers[.age] == "3000", "\(wanted)")
      }
    }
  }
}

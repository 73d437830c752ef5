import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("npm reading")
struct NpmReadTests {
  private static let registry = ScriptedSource.base

  @Test func `both documents have their type and their own tag`() async throws {
    try await TestHouse.run { house in
      try await house.accept(NpmUpload("widget", "1.0.0"))
      let full = await house.npm(.get, "widget", [.accept: "application/json"])
      let brief = await house.npm(.get, "widget", [.accept: NpmPackument.abbreviatedType])
      #expect(full.headers[.contentType] == "application/json")
      #expect(brief.headers[.contentType] == NpmPackument.abbreviatedType)
      #expect(full.headers[.vary]?.contains("Accept") == true)
      let tag = try #require(brief.headers[.eTag])
      #expect(tag != full.headers[.eTag])
      let again = await house.npm(
        .get,
        "widget",
        [.accept: NpmPackument.abbreviatedType, .ifNoneMatch: tag]
      )
      #expect(again.status == .notModified)
      try await house.accept(NpmUpload("widget", "1.0.1"))
      let changed = await house.npm(
        .get,
        "widget",
        [.accept: NpmPackument.abbreviatedType, .ifNoneMatch: tag]
      )
      #expect(changed.status == .ok)
    }
  }

  @Test func `addresses follow the base by which the client came`() async throws {
    try await TestHouse.run { house in
      try await house.accept(NpmUpload("widget", "1.0.0"))
      for (base, path, root) in [
        (
          "https://h.test/x", "/npm/d/my-domain-123456789012/tools/widget",
          "https://h.test/x/npm/d/my-domain-123456789012/tools"
        ),
        (
          "http://my-domain-123456789012.d.h.test:8", "/npm/tools/widget",
          "http://my-domain-123456789012.d.h.test:8/npm/tools"
        ),
      ] {
        let reply = await house.send(.get, path, base: base)
        let document = try await house.json(reply)
        #expect(
          document.at("versions", "1.0.0", "dist", "tarball")?.string
            == root + "/widget/-/widget-1.0.0.tgz"
        )
      }
    }
  }

  @Test func `services answer as clients expect`() async throws {
    try await TestHouse.run { house in
      #expect(try await house.json(await house.npm(.get, "-/ping?write=true")) == .object([]))
      let name = try await house.json(await house.npm(.get, "-/whoami"))["username"]
      #expect(name?.string == "administrator")
      let bulk = await house.npm(
        .post,
        "-/npm/v1/security/advisories/bulk",
        body: #"{"private-name":["1.0.0"]}"#
      )
      #expect(try await house.json(bulk) == .object([]))
      let quick = await house.npm(
        .post,
        "-/npm/v1/security/audits/quick",
        body: #"{"requires":{},"dependencies":{"a":{"version":"1.0.0"}}}"#
      )
      #expect(
        try await house.json(quick).at("metadata", "totalDependencies")?.natural == 1
      )
      #expect(await house.npm(.post, "-/v1/login", body: "{}").status == .notFound)
      let login = await house.npm(.put, "-/user/org.couchdb.user:me", body: "{}")
      #expect(login.status == .forbidden)
      #expect(
        try await house.json(login)["error"]?.string?.contains("aws codeartifact login") == true
      )
      #expect(house.external.downloads.isEmpty)
    }
  }

  @Test func `a logout forgets the token, and nobody else's`() async throws {
    try await TestHouse.run { house in
      #expect(await house.npm(.delete, "-/user/token/unknown").status == .notFound)
      #expect(await house.npm(.get, "-/ping").status == .ok)
      #expect(await house.npm(.delete, "-/user/token/\(house.token)").status == .ok)
      #expect(await house.npm(.get, "-/ping").status == .unauthorized)
    }
  }

  @Test(arguments: [
    "-/nothing", "-", "-/npm/v1/keys", "unknown", "__proto__", "@acme", "..%2f..%2fetc", "a%2fb",
    "widget/2.0.0", "widget/-/widget-2.0.0.tgz", "widget/-/other-1.0.0.tgz", "widget/-/",
    "widget/a/b/c", "-/package/widget/access", "-/user/token", "-/npm/v1/attestations/widget@1.0.0",
  ])
  func `what is not there is a 404 in JSON`(path: String) async throws {
    try await TestHouse.run { house in
      try await house.accept(NpmUpload("widget", "1.0.0"))
      let reply = await house.npm(.get, path)
      #expect(reply.status == .notFound)
      #expect(try await house.json(reply)["error"]?.string?.isEmpty == false)
    }
  }

  @Test(arguments: [
    "widget", "-/whoami", "-/package/widget/dist-tags", "widget/-/widget-1.0.0.tgz",
  ])
  func `other methods are told which there are`(path: String) async throws {
    try await TestHouse.run { house in
      let reply = await house.npm(.patch, path)
      #expect(reply.status == .methodNotAllowed)
      #expect(reply.headers[.allow]?.contains("GET") == true)
    }
  }

  @Test func `a search finds by name and shows the latest`() async throws {
    try await TestHouse.run { house in
      for name in ["widget", "@acme/widget-kit", "gadget"] {
        try await house.accept(
          NpmUpload(name, "1.0.0", extra: #","description":"D","keywords":["k"]"#)
        )
      }
      let found = try await house.json(await house.npm(.get, "-/v1/search?text=widget&size=20"))
      let names = found["objects"]?.array?.map { $0.at("package", "name")?.string }
      #expect(names == ["widget", "@acme/widget-kit"])
      #expect(found["total"]?.natural == 2)
      let first = try #require(found["objects"]?.array?.first?["package"])
      #expect(first["version"]?.string == "1.0.0")
      #expect(first["description"]?.string == "D")
      #expect(first["date"]?.string == "2023-11-14T22:13:20.000Z")
      let page = try await house.json(
        await house.npm(.get, "-/v1/search?text=widget&size=1&from=1")
      )
      #expect(page["objects"]?.array?.count == 1)
      #expect(page["total"]?.natural == 2)
    }
  }

  @Test func `an unlisted version is still had by a lock file`() async throws {
    try await TestHouse.run { house in
      try await house.accept(NpmUpload("widget", "1.0.0"))
      try await house.accept(NpmUpload("widget", "1.1.0"))
      let package = PackageCoordinates(format: .npm, name: "widget")
      _ = try await house.depot.amendVersion("1.1.0", of: package, in: TestHouse.path) {
        $0.status = .unlisted
      }
      let document = try await house.packument("widget")
      #expect(document["versions"]?.members?.map(\.name) == ["1.0.0"])
      #expect(document.at("dist-tags", "latest")?.string == "1.0.0")
      #expect(await house.npm(.get, "widget/-/widget-1.1.0.tgz").status == .ok)
    }
  }

  /// A store with the connection, and a repository that has it as upstream.
  private func withUpstream(_ body: (TestHouse) async throws -> Void) async throws {
    try await TestHouse.run { house in
      for (name, upstreams) in [("store", []), ("team", ["store"])] {
        let path = RepositoryPath(
          owner: TestHouse.owner,
          domain: TestHouse.path.domain,
          repository: name
        )
        _ = try await house.depot.createRepository(
          path,
          administrator: TestHouse.owner,
          upstreams: upstreams
        )
        if name == "store" {
          _ = try await house.depot.associateExternalConnection("public:npmjs", with: path)
        }
      }
      try await body(house)
    }
  }

  private func offer(_ name: String, _ house: TestHouse) -> [UInt8] {
    let archive = NpmTarball(#"{"name":"\#(name)","version":"1.0.0"}"#).bytes
    house.external.setDocument(
      Self.registry + name.replacing("/", with: "%2f"),
      #"""
      {"name":"\#(name)","dist-tags":{"latest":"1.0.0","next":"1.0.0"},"readme":"R",
       "versions":{"1.0.0":{"name":"\#(name)","version":"1.0.0","deprecated":"old",
         "dist":{"tarball":"https://files.test/\#(name)-1.0.0.tgz"}}},
       "time":{"modified":"2012-01-01T00:00:00.000Z","1.0.0":"2011-05-06T07:08:09.010Z"}}
      """#
    )
    house.external.setFile("https://files.test/\(name)-1.0.0.tgz", archive)
    return archive
  }

  @Test func `a public package comes through, its past kept, and stays`() async throws {
    try await withUpstream { house in
      let archive = offer("@acme/outside", house)
      let document = try await house.packument("@acme%2foutside", repository: "team")
      #expect(document.at("time", "1.0.0")?.string == "2011-05-06T07:08:09.010Z")
      #expect(document.at("versions", "1.0.0", "deprecated")?.string == "old")
      #expect(document["readme"]?.string == "R")
      #expect(
        document.at("versions", "1.0.0", "dist", "tarball")?.string
          == "http://h:1/npm/d/my-domain-123456789012/team/@acme/outside/-/outside-1.0.0.tgz"
      )
      let path = "@acme/outside/-/outside-1.0.0.tgz"
      let cold = await house.npm(.get, path, repository: "team")
      #expect(cold.status == .ok)
      #expect(try await house.bytes(cold) == archive)
      house.external.goDown()
      house.clock.advance(by: .seconds(3_000))
      let warm = await house.npm(.get, path, repository: "team")
      #expect(try await house.bytes(warm) == archive)
      let stale = try await house.packument("@acme/outside", repository: "team")
      #expect(stale.at("dist-tags", "next")?.string == "1.0.0")
      #expect(house.external.downloads.count == 1)
    }
  }

  @Test func `an install from a lockfile waits for one answer, not for two`() async throws {
    try await withUpstream { house async throws in
      let archive = offer("outside", house)
      let usual = Self.registry + "outside/-/outside-1.0.0.tgz"
      house.external.setDocument(
        Self.registry + "outside",
        house.external[Self.registry + "outside"]
          .replacing("https://files.test/outside-1.0.0.tgz", with: usual)
      )
      house.external.setFile(usual, archive)
      house.external.holdDocuments(untilFile: usual)
      let reply = await house.npm(.get, "outside/-/outside-1.0.0.tgz", repository: "team")
      #expect(try await house.bytes(reply) == archive)
      #expect(house.external.downloads == [usual])
    }
  }

  @Test func `an archive that is not where most are is had all the same`() async throws {
    try await withUpstream { house async throws in
      let archive = offer("outside", house)
      let usual = Self.registry + "outside/-/outside-1.0.0.tgz"
      house.external.setFile(usual, Array("what nobody promised".utf8))
      let reply = await house.npm(.get, "outside/-/outside-1.0.0.tgz", repository: "team")
      #expect(try await house.bytes(reply) == archive)
      await house.external.letGo(of: usual)
    }
  }

  @Test func `the keys that registries sign with are passed on, and none elsewhere`() async throws {
    try await withUpstream { house async throws in
      let keys = #"{"keys":[{"keyid":"SHA256:a","key":"K","expires":null},{"keyid":"SHA256:a"}]}"#
      house.external.setDocument(Self.registry + "-/npm/v1/keys", keys)
      let reply = await house.npm(.get, "-/npm/v1/keys", repository: "team")
      #expect(reply.status == .ok)
      let first = #"{"keys":[{"keyid":"SHA256:a","key":"K","expires":null}]}"#
      #expect(try await house.json(reply) == JSONReader.read(Array(first.utf8)))
      #expect(await house.npm(.get, "-/npm/v1/keys").status == .notFound)
    }
  }

  @Test func `keys that cannot be read are no answer`() async throws {
    try await withUpstream { house in
      house.external.setDocument(Self.registry + "-/npm/v1/keys", "<html>")
      let reply = await house.npm(.get, "-/npm/v1/keys", repository: "team")
      #expect(reply.status == .serviceUnavailable)
    }
  }

  @Test func `what comes from outside is not changed here`() async throws {
    try await withUpstream { house in
      _ = offer("outside", house)
      #expect(
        await house.npm(.get, "outside/-/outside-1.0.0.tgz", repository: "team").status == .ok
      )
      let document = try await house.packument("outside", repository: "team")
      let revision = document["_rev"]?.string ?? ""
      let deprecation = #"{"_id":"outside","versions":{"1.0.0":{"deprecated":"mine"}}}"#
      let refused = await house.npm(.put, "outside", body: deprecation, repository: "team")
      #expect(refused.status == .forbidden)
      let removal = #"{"_id":"outside","versions":{}}"#
      let kept = await house.npm(
        .put,
        "outside/-rev/\(revision)",
        body: removal,
        repository: "team"
      )
      #expect(kept.status == .forbidden)
      let gone = await house.npm(.delete, "outside/-rev/\(revision)", repository: "team")
      #expect(gone.status == .forbidden)
    }
  }

  @Test func `a version that can be had upstream is not published over`() async throws {
    try await withUpstream { house in
      _ = offer("outside", house)
      _ = try await house.packument("outside", repository: "team")
      let reply = await house.publish(NpmUpload("outside", "1.0.0"), repository: "team")
      #expect(reply.status == .conflict)
    }
  }

  @Test func `a name that was published here is not asked of the upstream any more`() async throws {
    try await withUpstream { house in
      try await house.accept(NpmUpload("@acme/own", "1.0.0"), repository: "team")
      let asked = house.external.documents
      _ = offer("@acme/own", house)
      house.clock.advance(by: .seconds(3_000))
      try await house.accept(NpmUpload("@acme/own", "1.0.1"), repository: "team")
      let document = try await house.packument("@acme/own", repository: "team")
      #expect(document["versions"]?.members?.count == 2)
      #expect(document.at("dist-tags", "next") == nil)
      let search = await house.npm(.get, "-/v1/search?text=own", repository: "team")
      #expect(try await house.json(search)["total"]?.natural == 1)
      let body = #"{"@acme/own":["1.0.0"]}"#
      let audit = "-/npm/v1/security/advisories/bulk"
      #expect(await house.npm(.post, audit, body: body, repository: "team").status == .ok)
      #expect(house.external.documents == asked)
    }
  }

  @Test func `an outage says so, and knows no package away`() async throws {
    try await withUpstream { house in
      house.external.goDown()
      let reply = await house.npm(.get, "outside", repository: "team")
      #expect(reply.status == .serviceUnavailable)
      #expect(reply.headers[.retryAfter] != nil)
      let message = try await house.json(reply)["error"]?.string
      #expect(message?.isEmpty == false)
    }
  }
}

import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("npm changes")
struct NpmChangeTests {
  /// The document as `npm` reads it to write it back.
  private func writable(_ house: TestHouse, _ name: String = "widget") async throws -> JSONValue {
    let reply = await house.npm(
      .get,
      name + "?write=true",
      [.accept: "application/vnd.npm.install-v1+json"]
    )
    try #require(reply.status == .ok)
    #expect(reply.headers[.contentType] == "application/json")
    return try await house.json(reply)
  }

  private func text(_ value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.value(value)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private func published(_ house: TestHouse, _ versions: String...) async throws {
    for version in versions { try await house.accept(NpmUpload("widget", version)) }
  }

  @Test func `a deprecation shows at once, and can be undone`() async throws {
    try await TestHouse.run { house in
      try await published(house, "1.0.0", "1.1.0")
      for message in ["use 1.1.0", ""] {
        let document = try await writable(house)
        let versions = try #require(document["versions"])
        let old = try #require(versions["1.0.0"]).setting("deprecated", .string(message))
        let changed = document.setting("versions", versions.setting("1.0.0", old))
        #expect(await house.npm(.put, "widget", body: text(changed)).status == .created)
        for accept in ["application/json", NpmPackument.abbreviatedType] {
          let reply = await house.npm(.get, "widget", [.accept: accept])
          let found = try await house.json(reply).at("versions", "1.0.0", "deprecated")?.string
          #expect(found == (message.isEmpty ? nil : message), "\(accept)")
        }
      }
    }
  }

  @Test func `one version is taken away in npm's three steps`() async throws {
    try await TestHouse.run { house in
      try await published(house, "1.0.0", "1.1.0")
      let document = try await writable(house)
      let revision = try #require(document["_rev"]?.string)
      let left = document.setting(
        "versions",
        document["versions"]?.setting("1.1.0", nil)
      ).setting("dist-tags", .object([.init("latest", .string("1.0.0"))]))
      let stale = await house.npm(.put, "widget/-rev/1-stale", body: text(left))
      #expect(stale.status == .conflict)
      #expect(try await house.packument("widget")["versions"]?.members?.count == 2)
      let first = await house.npm(.put, "widget/-rev/\(revision)", body: text(left))
      #expect(first.status == .created)
      let next = try #require(try await writable(house)["_rev"]?.string)
      #expect(next != revision)
      #expect(try await house.json(first)["rev"]?.string == next)
      let second = await house.npm(.delete, "widget/-/widget-1.1.0.tgz/-rev/\(next)")
      #expect(second.status == .created)
      let after = try await house.packument("widget")
      #expect(after["versions"]?.members?.map(\.name) == ["1.0.0"])
      #expect(after.at("dist-tags", "latest")?.string == "1.0.0")
      #expect(await house.npm(.get, "widget/-/widget-1.1.0.tgz").status == .notFound)
      // Deleted versions may be published again (CodeArtifact user guide).
      try await published(house, "1.1.0")
    }
  }

  @Test func `a document that lacks several versions takes none away`() async throws {
    try await TestHouse.run { house in
      try await published(house, "1.0.0", "1.1.0", "1.2.0")
      let document = try await writable(house)
      let left = document.setting("versions", .object([]))
      let path = "widget/-rev/\(document["_rev"]?.string ?? "")"
      #expect(await house.npm(.put, path, body: text(left)).status == .badRequest)
      // Without a revision nothing is taken away, however little is in the document.
      #expect(await house.npm(.put, "widget", body: text(left)).status == .created)
      let after = try await house.packument("widget")
      #expect(after["versions"]?.members?.count == 3)
      // Nothing was changed, so nothing has moved.
      #expect(after["_rev"] == document["_rev"])
    }
  }

  @Test func `a whole package is taken away, and may come back`() async throws {
    try await TestHouse.run { house in
      try await published(house, "1.0.0", "1.1.0")
      #expect(
        await house.npm(.put, "-/package/widget/dist-tags/old", body: "\"1.0.0\"").status == .ok
      )
      let revision = try #require(try await writable(house)["_rev"]?.string)
      #expect(await house.npm(.delete, "widget/-rev/0-x").status == .conflict)
      #expect(await house.npm(.delete, "widget/-rev/\(revision)").status == .ok)
      #expect(await house.npm(.get, "widget").status == .notFound)
      #expect(await house.npm(.get, "widget/-/widget-1.0.0.tgz").status == .notFound)
      try await published(house, "1.0.0")
      #expect(try await house.packument("widget")["dist-tags"]?.members?.count == 1)
    }
  }

  @Test func `owners and stars are kept`() async throws {
    try await TestHouse.run { house in
      try await published(house, "1.0.0")
      let user = await house.npm(.get, "-/user/org.couchdb.user:bob")
      #expect(try await house.json(user)["name"]?.string == "bob")
      let document = try await writable(house)
      let revision = document["_rev"]?.string ?? ""
      let owners =
        #"{"_id":"widget","_rev":"\#(revision)","maintainers":[{"name":"bob","email":""}]}"#
      #expect(await house.npm(.put, "widget/-rev/\(revision)", body: owners).status == .created)
      #expect(await house.npm(.put, "widget/-rev/\(revision)", body: owners).status == .conflict)
      let old = #"{"_id":"widget","_rev":"\#(revision)","users":{"alice":true}}"#
      #expect(await house.npm(.put, "widget", body: old).status == .conflict)
      let star = #"{"_id":"widget","users":{"alice":true}}"#
      #expect(await house.npm(.put, "widget", body: star).status == .created)
      let after = try await house.packument("widget")
      #expect(after["maintainers"]?.array?.map { $0["name"]?.string } == ["bob"])
      #expect(after.at("users", "alice") == .bool(true))
    }
  }

  @Test(arguments: ["widget", "@acme/widget", "@acme%2fwidget"])
  func `tags are added, listed and removed`(path: String) async throws {
    try await TestHouse.run { house in
      let name = path.replacing("%2f", with: "/")
      try await house.accept(NpmUpload(name, "1.0.0"))
      try await house.accept(NpmUpload(name, "1.1.0"))
      let tags = "-/package/\(path)/dist-tags"
      #expect(await house.npm(.put, tags + "/old", body: "\"1.0.0\"").status == .ok)
      let listed = try await house.json(await house.npm(.get, tags))
      #expect(listed["old"]?.string == "1.0.0")
      #expect(listed["latest"]?.string == "1.1.0")
      #expect(await house.npm(.get, path + "/old").status == .ok)
      #expect(await house.npm(.put, tags + "/old", body: "\"7.0.0\"").status == .notFound)
      #expect(await house.npm(.put, tags + "/old", body: "1").status == .badRequest)
      #expect(await house.npm(.put, tags + "/1.x", body: "\"1.0.0\"").status == .badRequest)
      #expect(await house.npm(.delete, tags + "/latest").status == .badRequest)
      #expect(await house.npm(.delete, tags + "/old").status == .ok)
      #expect(await house.npm(.delete, tags + "/old").status == .notFound)
      let rest = try await house.json(await house.npm(.get, tags))
      #expect(rest.members?.map(\.name) == ["latest"])
    }
  }
}

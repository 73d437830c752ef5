import Catalog
import Exchange
import FormatRules
import Formats
import HTTPTypes
import Repository
import Testing

@Suite("The endpoint of crates")
struct CargoEndpointTests {
  private static let root = "/cargo/d/my-domain-123456789012/tools/"

  private func publish(_ crate: TestCrate, in house: TestHouse) async -> Reply {
    await house.send(
      .put,
      Self.root + "api/v1/crates/new",
      body: RequestBody(pieces: crate.body, of: 100)
    )
  }

  private func detail(_ reply: Reply, _ house: TestHouse) async throws -> String {
    let value = try JSONReader.read(try await house.bytes(reply))
    return value["errors"]?.array?.first?["detail"]?.string ?? ""
  }

  @Test func `what is published is in the index at once, and can be downloaded`() async throws {
    try await TestHouse.run { house in
      let crate = TestCrate()
      #expect(await publish(crate, in: house).status == .ok)
      let index = await house.send(.get, Self.root + "la/b_/lab_leaf")
      let line = try JSONReader.read(try await house.bytes(index))
      #expect(line["name"]?.string == "Lab_Leaf" && line["yanked"]?.bool == false)
      let tag = try #require(index.headers[.eTag])
      let again = await house.send(.get, Self.root + "la/b_/lab_leaf", [.ifNoneMatch: tag])
      #expect(again.status == .notModified)
      for spelling in ["Lab_Leaf", "lab_leaf"] {
        let file = await house.send(.get, Self.root + "api/v1/crates/\(spelling)/0.1.0/download")
        let bytes = try await house.bytes(file)
        #expect(bytes == crate.archive)
      }
      let list = await house.send(.get, Self.root + "api/v1/crates/lab_leaf/versions")
      let versions = try await house.text(list)
      #expect(versions.contains(#""created_at":"2023-11-14T22:13:20Z""#))
    }
  }

  @Test func `the configuration is written for the address by which the client came`() async throws
  {
    try await TestHouse.run { house in
      let reply = await house.send(.get, Self.root + "config.json", base: "https://h:2/prefix")
      let value = try JSONReader.read(try await house.bytes(reply))
      let api = "https://h:2/prefix/cargo/d/my-domain-123456789012/tools"
      #expect(value["api"]?.string == api && value["dl"]?.string == api + "/api/v1/crates")
      #expect(value["auth-required"]?.bool == true)
      let hosted = await house.send(
        .get,
        "/cargo/tools/config.json",
        base: "https://my-domain-123456789012.d.example.org"
      )
      let own = try JSONReader.read(try await house.bytes(hosted))
      #expect(own["api"]?.string == "https://my-domain-123456789012.d.example.org/cargo/tools")
    }
  }

  @Test func `the same crate cannot be published twice, in no spelling`() async throws {
    try await TestHouse.run { house in
      #expect(await publish(TestCrate(version: "1.0.0+a"), in: house).status == .ok)
      for other in [
        TestCrate(version: "1.0.0+a"), TestCrate(version: "1.0.0"), TestCrate(version: "1.0.0+b"),
        TestCrate(name: "lab-leaf", version: "2.0.0"),
        TestCrate(name: "LAB_LEAF", version: "2.0.0"),
      ] {
        let reply = await publish(other, in: house)
        #expect(reply.status == .conflict)
        let why = try await detail(reply, house)
        #expect(!why.isEmpty)
      }
    }
  }

  @Test func `of a crowd that publishes one version, one wins`() async throws {
    try await TestHouse.run { house in
      let statuses = await withTaskGroup(of: Int.self) { group in
        for index in 0..<8 {
          let name = index.isMultiple(of: 2) ? "foo-bar" : "foo_bar"
          group.addTask { await publish(TestCrate(name: name), in: house).status.code }
        }
        return await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses.count { $0 == 200 } == 1, "\(statuses)")
      #expect(statuses.count { $0 == 409 } == 7, "\(statuses)")
    }
  }

  @Test func `archives that would harm are refused with a reason`() async throws {
    try await TestHouse.run { house in
      for (crate, word) in [
        (TestCrate(manifestName: "other"), "Cargo.toml is of other"),
        (TestCrate(extraMembers: [("/etc/passwd", "0")]), "does not lie in"),
        (TestCrate(extraMembers: [("Lab_Leaf-0.1.0/../x", "0")]), "does not lie in"),
        (TestCrate(extraMembers: [("other-1/x", "0")]), "does not lie in"),
        (TestCrate(extraMembers: [("Lab_Leaf-0.1.0/x", "2")]), "link or a device"),
        (TestCrate(extraMembers: [("Lab_Leaf-0.1.0/cargo.TOML", "0")]), "case only"),
      ] {
        let reply = await publish(crate, in: house)
        #expect(reply.status == .badRequest)
        let why = try await detail(reply, house)
        #expect(why.contains(word))
      }
      let index = await house.send(.get, Self.root + "la/b_/lab_leaf")
      #expect(index.status == .notFound)
    }
  }

  @Test func `failures are told in cargo's own form`() async throws {
    try await TestHouse.run { house in
      for (method, path, status) in [
        (HTTPRequest.Method.get, "config.jso", HTTPResponse.Status.notFound),
        (.get, "se/rd/serde", .notFound), (.get, "api/v1/crates/serde/1.0.0/download", .notFound),
        (.delete, "api/v1/crates/serde/1.0.0/yank", .notFound),
        (.post, "config.json", .methodNotAllowed),
        (.put, "api/v1/crates/serde/owners", .badRequest), (.put, "api/v1/crates/new", .badRequest),
        (.get, "api/v1/crates/a%2fb/1.0.0/download", .notFound),
      ] {
        let reply = await house.send(method, Self.root + path)
        #expect(reply.status == status, "\(path)")
        let why = try await detail(reply, house)
        #expect(!why.isEmpty)
      }
      let refused = await house.send(.get, Self.root + "config.json", authorization: .some(nil))
      #expect(refused.status == .unauthorized)
      // What cargo looks for, besides what all other clients do.
      let login = "Cargo login_url=\"http://h:1/cargo/d/my-domain-123456789012/tools/me\""
      #expect(refused.headers[values: .wwwAuthenticate].first == login)
      #expect(refused.headers[values: .wwwAuthenticate].count == 3)
      let reason = try await detail(refused, house)
      #expect(!reason.isEmpty)
      let page = await house.send(.get, Self.root + "me", authorization: .some(nil))
      #expect(page.status == .ok)
      #expect(try await house.text(page).contains("larder login --tool cargo --domain my-domain"))
      let wrong = await house.send(.get, Self.root + "me", authorization: "Bearer nobody's")
      #expect(wrong.status == .unauthorized)
      let bare = await house.send(.get, Self.root + "config.json", authorization: house.token)
      #expect(bare.status == .ok)
    }
  }

  @Test func `what is known of spellings is not read again`() async throws {
    try await TestHouse.run { house in
      for name in ["lab-leaf", "lab_leaf-more"] {
        #expect(await publish(TestCrate(name: name), in: house).status == .ok)
      }
      let paths = ["la/b-/lab-leaf": HTTPResponse.Status.ok, "la/b_/lab_leaf": .notFound]
      var rows: [Int] = []
      for _ in 0..<2 {
        for (path, status) in paths {
          #expect(await house.send(.get, Self.root + path).status == status)
        }
        rows.append(house.depot.catalog.rowsRead)
      }
      #expect(rows[0] == rows[1])
      #expect(await publish(TestCrate(name: "lab_leaf"), in: house).status == .conflict)
    }
  }

  @Test func `a spelling is known at once when it is published`() async throws {
    try await TestHouse.run { house in
      for path in ["a-/b-/a-b-c", "a_/b_/a_b_c"] {
        #expect(await house.send(.get, Self.root + path).status == .notFound)
      }
      #expect(await publish(TestCrate(name: "a_b_c"), in: house).status == .ok)
      #expect(await house.send(.get, Self.root + "a_/b_/a_b_c").status == .ok)
      #expect(await publish(TestCrate(name: "a-b_c"), in: house).status == .conflict)
    }
  }
}

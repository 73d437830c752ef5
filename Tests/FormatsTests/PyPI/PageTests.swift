import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("Pages of the simple index")
struct PageTests {
  private static let json = "application/vnd.pypi.simple.v1+json"
  private static let html = "application/vnd.pypi.simple.v1+html"

  private func published(_ body: (TestHouse) async throws -> Void) async throws {
    try await TestHouse.run { house in
      try await house.publish(.wheel())
      try await house.publish(.sdist())
      try await body(house)
    }
  }

  @Test func `the content type is exactly what was negotiated`() async throws {
    try await published { house in
      for (accept, type) in [
        ("\(Self.json), \(Self.html); q=0.1, text/html; q=0.01", Self.json),
        ("\(Self.json), */*;q=0.1", Self.json), ("*/*", "text/html; charset=utf-8"),
        (Self.html, Self.html), ("application/vnd.pypi.simple.latest+json", Self.json),
      ] {
        let reply = await house.send(.get, "simple/demo-pkg/", [.accept: accept])
        #expect(reply.status == .ok)
        #expect(reply.headers[.contentType] == type)
        #expect(reply.headers[.vary] == "Accept, Accept-Encoding, Authorization")
      }
      let plain = await house.send(.get, "simple/demo-pkg/")
      #expect(plain.headers[.contentType] == "text/html; charset=utf-8")
      let none = await house.send(.get, "simple/demo-pkg/", [.accept: "application/json"])
      #expect(none.status == .notAcceptable)
    }
  }

  @Test func `a page in JSON has what installers ask for`() async throws {
    try await published { house in
      let reply = await house.send(.get, "simple/demo-pkg/", [.accept: Self.json])
      let root = try JSONReader.read(try await house.bytes(reply))
      #expect(root["meta"]?["api-version"]?.string == "1.1")
      #expect(root["name"]?.string == "demo-pkg")
      let files = try #require(root["files"]?.array)
      let wheel = try #require(files.first { $0["filename"]?.string == TestForm.wheelName })
      let version = try #require(root["versions"]?.array?.first?.string)
      #expect(files.count == 2)
      #expect(wheel["url"]?.string == "\(version)/\(TestForm.wheelName)")
      #expect(wheel["hashes"]?["sha256"]?.string == TestForm.wheelSHA256)
      #expect(wheel["size"]?.natural == 20_781)
      #expect(wheel["requires-python"]?.string == ">=3.8")
      #expect(wheel["upload-time"]?.string == "2023-11-14T22:13:20Z")
      #expect(wheel["yanked"] == .bool(false))
      #expect(wheel["core-metadata"]?["sha256"]?.string?.count == 64)
    }
  }

  @Test func `a page in HTML links every file with its hash`() async throws {
    try await published { house in
      let text = try await house.text(await house.send(.get, "simple/demo-pkg/"))
      #expect(text.contains("/\(TestForm.wheelName)#sha256=\(TestForm.wheelSHA256)\""))
      #expect(text.contains("data-requires-python=\"&gt;=3.8\""))
      #expect(text.contains("data-core-metadata=\"sha256="))
      #expect(text.contains(">\(TestForm.sdistName)</a>"))
    }
  }

  @Test func `every representation has a tag of its own, and is not sent twice`() async throws {
    try await published { house in
      var tags: Set<String> = []
      for accept in [Self.json, Self.html, "text/html"] {
        let reply = await house.send(.get, "simple/demo-pkg/", [.accept: accept])
        let tag = try #require(reply.headers[.eTag])
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        tags.insert(tag)
        let again = await house.send(
          .get,
          "simple/demo-pkg/",
          [.accept: accept, .ifNoneMatch: "\"other\", W/\(tag)"]
        )
        #expect(again.status == .notModified)
        #expect(again.headers[.eTag] == tag)
        #expect(again.headers[.vary] == "Accept, Accept-Encoding, Authorization")
        #expect(again.headers[.cacheControl] == "private, max-age=0, must-revalidate")
        #expect(try await house.bytes(again).isEmpty)
      }
      #expect(tags.count == 3)
    }
  }

  @Test func `a new file changes the tag`() async throws {
    try await TestHouse.run { house in
      try await house.publish(.wheel())
      let tag = await house.send(.get, "simple/demo-pkg/").headers[.eTag]
      #expect(await house.send(.get, "simple/demo-pkg/").headers[.eTag] == tag)
      try await house.publish(.sdist())
      let reply = await house.send(.get, "simple/demo-pkg/", [.ifNoneMatch: tag ?? ""])
      #expect(reply.status == .ok)
      #expect(try await house.text(reply).contains(TestForm.sdistName))
    }
  }

  @Test(arguments: ["demo-pkg", "Demo.Pkg", "DEMO__PKG", "demo%2Dpkg", "demo.-pkg"])
  func `any spelling of the name finds the page`(name: String) async throws {
    try await published { house in
      #expect(await house.send(.get, "simple/\(name)/").status == .ok)
      #expect(await house.send(.head, "simple/\(name)/").status == .ok)
    }
  }

  @Test func `without the slash the client is sent to it`() async throws {
    try await TestHouse.run { house in
      for path in ["simple", "simple/Demo.Pkg"] {
        let reply = await house.send(.get, path + "?x=1", base: "https://h:8/p")
        #expect(reply.status == .movedPermanently)
        #expect(reply.headers[.location] == "https://h:8/p\(TestHouse.root)\(path)/?x=1")
      }
    }
  }

  @Test(arguments: ["unknown", "no%20name", "-"])
  func `a project that nobody knows is not found`(name: String) async throws {
    try await TestHouse.run { house in
      let reply = await house.send(.get, "simple/\(name)/", [.accept: Self.json])
      #expect(reply.status == .notFound)
      #expect(reply.headers[.cacheControl] == "no-store")
    }
  }

  @Test func `the list of projects names what is stored`() async throws {
    try await published { house in
      let reply = await house.send(.get, "simple/", [.accept: Self.json])
      #expect(reply.headers[.contentType] == Self.json)
      let names = try JSONReader.read(try await house.bytes(reply))["projects"]?.array
      #expect(names?.compactMap { $0["name"]?.string } == ["Demo.Pkg"])
      let html = try await house.text(await house.send(.get, "simple/"))
      #expect(html.contains("<a href=\"demo-pkg/\">Demo.Pkg</a>"))
      let tag = reply.headers[.eTag] ?? ""
      let again = await house.send(.get, "simple/", [.accept: Self.json, .ifNoneMatch: tag])
      #expect(again.status == .notModified)
    }
  }

  @Test func `what a public index says of a file is passed on`() async throws {
    try await TestHouse.run { house in
      _ = try await house.depot.associateExternalConnection("public:pypi", with: TestHouse.path)
      house.external.setPage(
        "demo-pkg",
        json: """
          {"meta":{"api-version":"1.1"},"name":"demo-pkg","files":[{"filename":\
          "demo_pkg-2.0-py3-none-any.whl","url":"https://files.test/demo_pkg-2.0-py3-none-any.whl",\
          "hashes":{"sha256":"\(TestForm.wheelSHA256)"},"requires-python":">=3.9,<4","size":7,\
          "upload-time":"2020-02-02T02:02:02.123456Z","yanked":"it's <broken>"}]}
          """
      )
      let reply = await house.send(.get, "simple/demo-pkg/", [.accept: Self.json])
      let file = try JSONReader.read(try await house.bytes(reply))["files"]?.array?.first
      #expect(file?["yanked"]?.string == "it's <broken>")
      #expect(file?["upload-time"]?.string == "2020-02-02T02:02:02.123456Z")
      #expect(file?["url"]?.string == "2.0/demo_pkg-2.0-py3-none-any.whl")
      let html = try await house.text(await house.send(.get, "simple/demo-pkg/"))
      #expect(html.contains("data-yanked=\"it&#39;s &lt;broken&gt;\""))
      #expect(html.contains("data-upload-time=\"2020-02-02T02:02:02.123456Z\""))
    }
  }

  @Test func `an index that is down and knew nothing yet asks for patience`() async throws {
    try await TestHouse.run { house in
      _ = try await house.depot.associateExternalConnection("public:pypi", with: TestHouse.path)
      house.external.goDown()
      let reply = await house.send(.get, "simple/demo-pkg/")
      #expect(reply.status == .serviceUnavailable)
      #expect(reply.headers[.retryAfter].flatMap { Int($0) } ?? 0 >= 1)
    }
  }
}

import Exchange
import FormatRules
import HTTPTypes
import Testing

@Suite("Uploads")
struct UploadTests {
  @Test(arguments: ["", "/pypi/d/my-domain-123456789012/tools", "legacy/", "legacy"])
  func `twine, uv and poetry find their address`(path: String) async throws {
    try await TestHouse.run { house in
      let reply = await house.upload(try TestForm.wheel(), to: path)
      #expect(reply.status == .ok)
      #expect(await house.send(.get, "simple/demo-pkg/").status == .ok)
    }
  }

  @Test(arguments: [1, 17, 4096, 1_000_000])
  func `a body may come in any pieces`(pieces: Int) async throws {
    try await TestHouse.run { house in
      var form = try TestForm.wheel().setting("description", "short")
      form.isFileFirst = true
      form.lineEnd = pieces == 17 ? "\n" : "\r\n"
      #expect(await house.upload(form, pieces: pieces).status == .ok)
      let reply = await house.send(.get, "simple/demo-pkg/1.0.0/\(TestForm.wheelName)")
      let deflated = try Archive.bytes("deflated.whl")
      #expect(try await house.bytes(reply) == deflated)
    }
  }

  @Test func `the same bytes again are a success`() async throws {
    try await TestHouse.run { house in
      for _ in 0..<2 { try await house.publish(.wheel()) }
    }
  }

  @Test func `other bytes under the same name are a conflict, and the first stay`() async throws {
    try await TestHouse.run { house in
      try await house.publish(.wheel())
      let other = try TestForm.wheel().holding("stored.whl")
        .setting("sha256_digest", nil).setting("blake2_256_digest", nil)
      let reply = await house.upload(other)
      #expect(reply.status == .conflict)
      #expect(reply.status.reasonPhrase.hasPrefix("File already exists"))
      #expect(try await house.text(reply).hasPrefix("File already exists"))
      let stored = await house.send(.get, "simple/demo-pkg/1.0.0/\(TestForm.wheelName)")
      let deflated = try Archive.bytes("deflated.whl")
      #expect(try await house.bytes(stored) == deflated)
    }
  }

  @Test func `all digests that are sent are compared`() async throws {
    try await TestHouse.run { house in
      let right = try TestForm.wheel().setting("md5_digest", TestForm.wheelMD5)
      for (field, value) in [
        ("md5_digest", String(repeating: "0", count: 32)),
        ("sha256_digest", String(repeating: "0", count: 64)),
        ("blake2_256_digest", String(repeating: "0", count: 64)), ("sha256_digest", "xyz"),
        ("md5_digest", TestForm.wheelSHA256),
      ] {
        #expect(await house.upload(right.setting(field, value)).status == .badRequest, "\(field)")
      }
      #expect(await house.send(.get, "simple/demo-pkg/").status == .notFound)
      #expect(await house.upload(right).status == .ok)
      let upper = right.setting("sha256_digest", TestForm.wheelSHA256.uppercased())
      #expect(await house.upload(upper.setting("md5_digest", "")).status == .ok)
    }
  }

  @Test func `a wheel that contradicts its form is refused with the reason`() async throws {
    try await TestHouse.run { house in
      let wheel = try TestForm.wheel().setting("sha256_digest", nil)
        .setting("blake2_256_digest", nil)
      let cases: [(form: TestForm, reason: String)] = [
        (wheel.setting(":action", nil), ":action"), (wheel.setting(":action", "submit"), ":action"),
        (wheel.setting("protocol_version", "2"), "protocol_version"),
        (wheel.setting("name", nil), "`name` is missing"),
        (wheel.setting("name", "-bad-"), "PEP 508"), (wheel.setting("name", "other"), "other"),
        (wheel.setting("version", nil), "`version` is missing"),
        (wheel.setting("version", "one"), "PEP 440"),
        (wheel.setting("version", "1.0.1"), "the form says 1.0.1"),
        (wheel.setting("filetype", "sdist"), "filetype"),
        (wheel.naming("demo_pkg-1.0.0.exe"), "no file name"),
        (wheel.naming("../demo_pkg-1.0.0-py3-none-any.whl"), "no file name"),
        (wheel.naming(nil), "no file name"),
        (wheel.naming("demo_pkg-1.0.1-py3-none-any.whl"), "1.0.1"),
        (try wheel.holding("without-metadata.whl"), ".dist-info/METADATA"),
        (try wheel.holding("two-metadata.whl"), "2 .dist-info/METADATA"),
        (try wheel.holding("other-project.whl"), "other-1.0.0"),
        (try wheel.holding("text.raw"), "no zip archive"),
      ]
      for (form, reason) in cases {
        let reply = await house.upload(form)
        let text = try await house.text(reply)
        #expect(reply.status == .badRequest, "\(reason)")
        #expect(text.contains(reason), "\(text)")
        #expect(reply.headers[.contentType] == "text/plain; charset=utf-8")
      }
      #expect(await house.send(.get, "simple/demo-pkg/").status == .notFound)
      #expect(await house.send(.get, "simple/other/").status == .notFound)
    }
  }

  @Test func `a source distribution is looked into`() async throws {
    try await TestHouse.run { house in
      let form = try TestForm.sdist()
      #expect(await house.upload(form).status == .ok)
      let zip = try form.holding("sdist.zip").naming("demo_pkg-1.0.zip")
      #expect(await house.upload(zip, pieces: 7).status == .ok)
      let cases: [(form: TestForm, reason: String)] = [
        (try form.holding("without-pkg-info.tar.gz").naming("demo-pkg-1.0.tar.gz"), "PKG-INFO"),
        (try form.holding("stored.whl").naming("demo-pkg-1.0.tar.gz"), "gzip"),
        (try form.holding("deflated.whl").naming("demo-pkg-1.0.0.0.zip"), "PKG-INFO"),
        (form.setting("name", "demo").setting("version", "2").naming("demo-2.tar.gz"), "Demo.Pkg"),
        (form.setting("version", "2").naming("demo-pkg-2.tar.gz"), "version 1.0.0"),
        (form.naming("demo-pkg-1.0.tar.bz2"), "PEP 527"),
      ]
      for (form, reason) in cases {
        let reply = await house.upload(form)
        #expect(reply.status == .badRequest)
        let text = try await house.text(reply)
        #expect(text.contains(reason), "\(text)")
      }
    }
  }

  @Test func `what a source distribution asks of Python is on the page`() async throws {
    try await TestHouse.run { house in
      try await house.publish(.sdist())
      let text = try await house.text(await house.send(.get, "simple/demo-pkg/"))
      #expect(text.contains("data-requires-python=\"&gt;=3.8\""))
    }
  }

  @Test func `what is no form is refused`() async throws {
    try await TestHouse.run { house in
      let form = try TestForm.wheel()
      for type in ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=other"] {
        #expect(await house.upload(form, type: type).status == .badRequest, "\(type)")
      }
      let cut = RequestBody(Array(form.body.dropLast(200)))
      let reply = await house.send(.post, "", [.contentType: form.contentType], body: cut)
      #expect(reply.status == .badRequest)
      var fileless = form
      fileless.file = nil
      #expect(try await house.text(await house.upload(fileless)).contains("`content` is missing"))
      #expect(
        await house.upload(form.setting("filetype", String(repeating: "x", count: 70_000))).status
          == .badRequest
      )
    }
  }

  @Test func `a broken connection leaves nothing behind`() async throws {
    struct Gone: Error {}
    try await TestHouse.run { house in
      let form = try TestForm.wheel()
      let body = RequestBody(announcedByteCount: nil) { throw Gone() }
      let reply = await house.send(.post, "", [.contentType: form.contentType], body: body)
      #expect(reply.status == .badRequest)
      #expect(await house.send(.get, "simple/demo-pkg/").status == .notFound)
    }
  }

  @Test func `uploads to a repository that is not there are not found`() async throws {
    try await TestHouse.run { house in
      let reply = await house.upload(
        try TestForm.wheel(),
        to: "/pypi/d/my-domain-123456789012/absent/"
      )
      #expect(reply.status == .notFound)
    }
  }
}

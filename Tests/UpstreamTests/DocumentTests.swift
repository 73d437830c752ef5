import Bytes
import Repository
import Synchronization
import Testing

@testable import Upstream

@Suite("Documents over HTTP")
struct DocumentTests {
  @Test func `a document comes with what is needed to ask again`() async throws {
    let headers = [
      "Content-Type": "text/html; charset=utf-8", "ETag": "\"a\"", "Last-Modified": "d",
    ]
    try await SourceFixture.with(script: { _ in [.reply(200, headers, [1, 2, 3])] }) { fixture in
      let answer = try await fixture.document("simple/pkg/")
      #expect(
        answer
          == .found(
            ExternalDocument(
              address: fixture.server.base + "simple/pkg/",
              contentType: "text/html; charset=utf-8",
              etag: "\"a\"",
              lastModified: "d",
              bytes: [1, 2, 3]
            )
          )
      )
      #expect(fixture.server.requests.first?.headers["accept"] == "text/plain")
      #expect(fixture.server.requests.first?.headers["accept-encoding"] == "gzip")
    }
  }

  @Test func `a copy at hand is only confirmed`() async throws {
    try await SourceFixture.with(script: { request in
      request.headers["if-none-match"] == "\"a\"" ? [.reply(304)] : [.reply(200)]
    }) { fixture in
      let answer = try await fixture.source.document(fixture.request("x", etag: "\"a\""))
      #expect(answer == .notModified)
    }
  }

  @Test(arguments: [404, 410]) func `absence is an answer`(status: Int) async throws {
    try await SourceFixture.with(script: { _ in [.reply(status)] }) { fixture in
      let answer = try await fixture.document("x")
      #expect(answer == .absent)
      #expect(fixture.server.requests.count == 1)
    }
  }

  @Test func `answers that hold nothing leave the connection for the next question`() async throws {
    let script: LocalServer.Script = { request in
      let body = [UInt8](repeating: 1, count: 1000)
      switch request.path {
      case "/gone": return [.reply(404, [:], [], announcing: 1000), .send(body)]
      case "/moved":
        return [.reply(302, ["Location": "/there"], [], announcing: 1000), .send(body)]
      default: return [.reply(200, [:], body)]
      }
    }
    try await SourceFixture.with(script: script) { fixture in
      for _ in 0..<5 {
        #expect(try await fixture.document("gone") == .absent)
        guard case .found = try await fixture.document("moved") else {
          Issue.record("a redirect is followed")
          return
        }
      }
      #expect(fixture.server.requests.count == 15)
      // The pool may take one back a moment after its answer has ended.
      #expect(fixture.server.connectionCount <= 5, "10 of 15 answers would each have cost one")
    }
  }

  @Test func `compression is undone`() async throws {
    let hex = "1f8b0800000000000203ab56ca4bcc4d55b252502ac84e57aa0500ba5fa5240f000000"
    let body = try #require(Hexadecimal.decode(hex))
    try await SourceFixture.with(script: { _ in
      [.reply(200, ["Content-Encoding": "gzip"], body)]
    }) { fixture in
      guard case .found(let document) = try await fixture.document("x") else {
        Issue.record("the document is there")
        return
      }
      #expect(document.bytes == Array(#"{"name": "pkg"}"#.utf8))
    }
  }

  @Test func `a document that is too long is not read on`() async throws {
    let body = [UInt8](repeating: 1, count: 5000)
    try await SourceFixture.with(script: { _ in [.reply(200, [:], body)] }) { fixture in
      _ = await fixture.failure(.unusable) { _ = try await fixture.document("x", limit: 4999) }
      #expect(fixture.server.requests.count == 1)
      guard case .found = try await fixture.document("x", limit: 5000) else {
        Issue.record("5000 bytes are allowed")
        return
      }
    }
  }

  @Test func `what may pass is tried again`() async throws {
    let count = Counter()
    try await SourceFixture.with(script: { _ in
      count.next() < 3 ? [.reply(503)] : [.reply(200)]
    }) { fixture in
      guard case .found = try await fixture.document("x") else {
        Issue.record("the third attempt answers")
        return
      }
      #expect(fixture.server.requests.count == 3)
      let slept = fixture.clock.slept
      #expect(slept.count == 2)
      #expect(slept[0] >= .milliseconds(75) && slept[0] <= .milliseconds(150))
      #expect(slept[1] >= .milliseconds(150) && slept[1] <= .milliseconds(300))
    }
  }

  @Test func `a wish to come back later is obeyed while it is short`() async throws {
    let count = Counter()
    try await SourceFixture.with(script: { _ in
      count.next() == 1 ? [.reply(429, ["Retry-After": "3"])] : [.reply(200)]
    }) { fixture in
      guard case .found = try await fixture.document("x") else {
        Issue.record("the second attempt answers")
        return
      }
      #expect(fixture.clock.slept == [.seconds(3)])
    }
  }

  @Test(arguments: ["120", "Sun, 06 Nov 2094 08:49:37 GMT"])
  func `a long one is passed on`(text: String) async throws {
    try await SourceFixture.with(script: { _ in [.reply(429, ["Retry-After": text])] }) { fixture in
      let failure = await fixture.failure(.throttled) { _ = try await fixture.document("x") }
      #expect(failure?.retryAfter == (text == "120" ? .seconds(120) : .seconds(86_400)))
      #expect(fixture.server.requests.count == 1)
    }
  }

  @Test(arguments: [401, 403, 418]) func `a refusal is final`(status: Int) async throws {
    try await SourceFixture.with(script: { _ in [.reply(status)] }) { fixture in
      _ = await fixture.failure(.unusable) { _ = try await fixture.document("x") }
      #expect(fixture.server.requests.count == 1)
    }
  }

  @Test func `credentials of the address go with every request, and into no message`()
    async throws
  {
    try await SourceFixture.with(userInfo: "me:s%40cret@", script: { _ in [.reply(403)] }) {
      fixture in
      let failure = await fixture.failure(.unusable) { _ = try await fixture.document("x") }
      #expect(failure?.message.contains("cret") == false)
      // me:s@cret
      #expect(
        fixture.server.requests.first?.headers["authorization"] == "Basic bWU6c0BjcmV0"
      )
      #expect(fixture.source.address(of: "public:pypi") == fixture.server.base + "simple/")
    }
  }

  @Test func `credentials do not follow a redirect to another origin`() async throws {
    let other = try await LocalServer.start { _ in [.reply(200, [:], [7])] }
    let target = other.base + "elsewhere/"
    try await SourceFixture.with(
      userInfo: "me:secret@",
      script: { request in
        request.path == "/x"
          ? [.reply(302, ["Location": "/y"])]
          : [.reply(307, ["Location": target])]
      }
    ) { fixture in
      guard case .found(let document) = try await fixture.document("x") else {
        Issue.record("the other origin answers")
        return
      }
      #expect(document.address == target)
      #expect(fixture.server.requests.map { $0.headers["authorization"] != nil } == [true, true])
      #expect(other.requests.map { $0.headers["authorization"] == nil } == [true])
    }
    try await other.stop()
  }

  @Test func `redirects end somewhere`() async throws {
    try await SourceFixture.with(script: { _ in [.reply(302, ["Location": "/x"])] }) { fixture in
      _ = await fixture.failure(.unusable) { _ = try await fixture.document("x") }
      #expect(fixture.server.requests.count == UpstreamOptions().redirectLimit + 1)
    }
  }

  @Test func `a redirect to what is no web address is not followed`() async throws {
    try await SourceFixture.with(script: { _ in [.reply(302, ["Location": "file:///etc/x"])] }) {
      fixture in
      _ = await fixture.failure(.unusable) { _ = try await fixture.document("x") }
    }
  }
}

/// Counts up.
final class Counter: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock { value in
      value += 1
      return value
    }
  }
}

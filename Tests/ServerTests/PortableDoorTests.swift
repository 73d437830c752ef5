import Bytes
import Exchange
import HTTPTypes
import NIOPosix
import Server
import ServiceLifecycle
import Testing

@Suite("Portable door", .timeLimit(.minutes(10)))
struct PortableDoorTests {
  private let closing = "Host: h\r\nConnection: close\r\n"

  private func ask(
    _ text: String,
    blobs: [SHA256Digest: [UInt8]] = [:],
    answer: @escaping @Sendable (Request) async -> Reply
  ) async throws -> String {
    try await withDoor(blobs: blobs, answer: answer) { port, _ in
      try await RawConnection.open(port: port).ask(text)
    }
  }

  @Test func `a body comes through whole, and its echo goes back with a length`() async throws {
    let heard = try await ask(
      "POST /echo?a=1 HTTP/1.1\r\n\(closing)Content-Length: 5\r\n\r\nhello"
    ) { request in
      let bytes = (try? await request.body.collect(upTo: 100)) ?? []
      return Reply(.ok, body: .bytes(bytes + Array(request.target.rawQuery.utf8)))
    }
    #expect(heard.contains("HTTP/1.1 200 OK"))
    #expect(heard.lowercased().contains("content-length: 8"))
    #expect(heard.hasSuffix("helloa=1"))
  }

  @Test func `the host header is seen, since signatures cover it`() async throws {
    let heard = try await ask("GET / HTTP/1.1\r\n\(closing)\r\n") { request in
      let host = HTTPField.Name("Host").flatMap { request.headers[$0] } ?? "none"
      return Reply(.ok, body: .bytes(Array("\(host) \(request.base)".utf8)))
    }
    #expect(heard.hasSuffix("h http://h"))
  }

  @Test func `what only reads is answered on the loop of its socket, a change is not`()
    async throws
  {
    for (method, place) in [("GET", "loop"), ("POST", "pool")] {
      let heard = try await ask(
        "\(method) / HTTP/1.1\r\n\(closing)Content-Length: 0\r\n\r\n"
      ) { _ in
        // Whoever has waited comes back to where it was.
        await Task.yield()
        let isOnLoop = MultiThreadedEventLoopGroup.currentEventLoop != nil
        return Reply(.ok, body: .bytes(Array((isOnLoop ? "loop" : "pool").utf8)))
      }
      #expect(heard.hasSuffix(place))
    }
  }

  @Test func `a reason phrase of our own goes out, and cannot end its line`()
    async throws
  {
    for (phrase, line) in [("Taken: a.whl", "409 Taken: a.whl"), ("a\r\nb: c", "409 a  b: c")] {
      let heard = try await ask("GET / HTTP/1.1\r\n\(closing)\r\n") { _ in
        Reply(HTTPResponse.Status(code: 409, reasonPhrase: phrase))
      }
      #expect(heard.hasPrefix("HTTP/1.1 \(line)\r\n"))
    }
  }

  @Test func `HEAD says the length and sends nothing`() async throws {
    let heard = try await ask("HEAD / HTTP/1.1\r\n\(closing)\r\n") { _ in
      Reply(.ok, body: .bytes(Array("twelve bytes".utf8)))
    }
    #expect(heard.lowercased().contains("content-length: 12"))
    #expect(heard.hasSuffix("\r\n\r\n"))
  }

  @Test func `a blob's range is sent from the store`() async throws {
    let key = try #require(SHA256Digest(hexadecimal: String(repeating: "07", count: 32)))
    let heard = try await ask(
      "GET / HTTP/1.1\r\n\(closing)\r\n",
      blobs: [key: Array("0123456789".utf8)]
    ) { _ in
      Reply(.partialContent, body: .blob(BlobName(key, scope: nil), 2..<5))
    }
    #expect(heard.lowercased().contains("content-length: 3"))
    #expect(heard.hasSuffix("\r\n\r\n234"))
  }

  @Test func `leave to send a body is given only when it is wanted`() async throws {
    let heard = try await withDoor { request in
      let bytes = (try? await request.body.collect(upTo: 10)) ?? []
      return Reply(.ok, body: .bytes(bytes))
    } body: { port, _ in
      let head = "PUT / HTTP/1.1\r\n\(closing)Expect: 100-continue\r\nContent-Length: 4\r\n\r\n"
      return try await RawConnection.open(port: port)
        .talk([("", head), ("100 Continue", "abcd")])
    }
    #expect(heard.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"))
    #expect(heard.hasSuffix("abcd"))
  }

  @Test func `a refused upload hears the refusal and no leave, and the line is closed`()
    async throws
  {
    let head = "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
    let heard = try await ask(head) { _ in Reply(.unauthorized) }
    #expect(heard.hasPrefix("HTTP/1.1 401"))
    #expect(heard.lowercased().contains("connection: close"))
  }

  @Test func `an error in the middle of a body cannot look like its end`() async throws {
    let heard = try await ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n") { _ in
      let body = RequestBody(Array("part".utf8))
      let stream = ReplyStream {
        guard let chunk = try await body.next() else { throw CancellationError() }
        return chunk
      }
      return Reply(.ok, body: .stream(byteCount: nil, stream))
    }
    #expect(heard.contains("part"))
    #expect(!heard.hasSuffix("0\r\n\r\n"))
  }

  @Test func `a client of HTTP 1.0 hears a body's end by the line's, and no chunks`()
    async throws
  {
    for wish in ["", "Connection: keep-alive\r\n"] {
      let heard = try await ask("GET / HTTP/1.0\r\nHost: h\r\n\(wish)\r\n") { _ in
        let body = RequestBody(Array("all of it".utf8))
        return Reply(.ok, body: .stream(byteCount: nil, ReplyStream { try await body.next() }))
      }
      #expect(heard.hasPrefix("HTTP/1.0 200 OK\r\n"))
      #expect(heard.lowercased().contains("connection: close\r\n"))
      #expect(!heard.lowercased().contains("transfer-encoding"))
      #expect(heard.hasSuffix("\r\n\r\nall of it"))
    }
  }

  /// RFC 9112 section 3.2.
  @Test(arguments: [
    "", "Host: h\r\nHost: h\r\n", "Host: h\r\nhost: other\r\n", "Host:\r\n", "Host: a/b\r\n",
    "Host: user@h\r\n", "Host: h h\r\n",
  ])
  func `a request without one valid host is refused, and its line closed`(
    field: String
  ) async throws {
    let heard = try await ask("GET / HTTP/1.1\r\n\(field)\r\n") { _ in Reply(.ok) }
    #expect(heard.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(heard)")
    #expect(heard.lowercased().contains("connection: close\r\n"))
    #expect(heard.hasSuffix("A request needs one valid Host.\n"))
  }

  @Test(arguments: ["h", "[::1]:80", "a-b.example:8470", "xn--bcher-kva.example"])
  func `names and addresses are hosts`(host: String) async throws {
    let heard = try await ask(
      "GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
    ) { request in
      Reply(.ok, body: .bytes(Array(request.base.utf8)))
    }
    #expect(heard.hasSuffix("http://\(host)"))
  }

  @Test func `a client of HTTP 1.0 need not name a host`() async throws {
    let heard = try await ask("GET / HTTP/1.0\r\n\r\n") { _ in Reply(.ok) }
    #expect(heard.hasPrefix("HTTP/1.0 200 OK\r\n"))
  }

  @Test func `a body that stands still is cut off`() async throws {
    var limits = DoorLimits()
    limits.stall = .milliseconds(50)
    let heard = try await withDoor(limits: limits) { request in
      let bytes = try? await request.body.collect(upTo: 100)
      return Reply(bytes == nil ? .badRequest : .ok)
    } body: { port, _ in
      let half = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nonly this"
      return try await RawConnection.open(port: port).ask(half)
    }
    #expect(!heard.contains("200 OK"))
  }

  @Test func `a request under way is answered although the server is stopping`() async throws {
    let (started, signal) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let heard = try await withDoor { _ in
      signal.yield()
      for await _ in released { break }
      return Reply(.ok, body: .bytes(Array("done".utf8)))
    } body: { port, group in
      async let heard = RawConnection.open(port: port).ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      for await _ in started { break }
      await group.triggerGracefulShutdown()
      release.yield()
      return try await heard
    }
    #expect(heard.hasSuffix("done"))
  }

  @Test func `two requests on one connection are answered in order`() async throws {
    let heard = try await ask(
      "GET /first HTTP/1.1\r\nHost: h\r\n\r\nGET /second HTTP/1.1\r\n\(closing)\r\n"
    ) { request in
      Reply(.ok, body: .bytes(Array(request.target.rawPath.utf8)))
    }
    let first = try #require(heard.firstRange(of: "/first"))
    let second = try #require(heard.firstRange(of: "/second"))
    #expect(first.lowerBound < second.lowerBound)
  }
}

import Bytes
import Exchange
import HTTPTypes
import Server
import Testing

/// Stored Zstandard frames, handed out by the door as they are.
@Suite("Portable door: stored frames", .timeLimit(.minutes(10)))
struct ZstandardDoorTests {
  private func ask(
    _ method: String,
    storedAs form: BlobChunks.Form?,
    tag: String? = "W/\"a-zstd\"",
    isThere: Bool = true
  ) async throws -> String {
    let key = try #require(SHA256Digest(hexadecimal: String(repeating: "07", count: 32)))
    return try await withDoor(
      blobs: isThere ? [key: Array("0123456789".utf8)] : [:],
      frames: form.map { [key: $0] } ?? [:]
    ) { _ in
      var reply = Reply(
        .ok,
        headers: [.eTag: "\"a\"", .acceptRanges: "bytes", .vary: "Accept-Encoding"],
        body: .blob(BlobName(key, scope: nil), 0..<10)
      )
      reply.zstandardTag = tag
      return reply
    } body: { port, _ in
      try await RawConnection.open(port: port)
        .ask("\(method) / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    }
  }

  /// The head's lines without those that differ from call to call, and the body.
  private func parts(_ heard: String) throws -> (head: Set<String>, body: String) {
    let end = try #require(heard.firstRange(of: "\r\n\r\n"))
    let lines = heard[..<end.lowerBound].lowercased().split(separator: "\r\n").map(String.init)
    let head = lines.filter { !$0.hasPrefix("date:") && !$0.hasPrefix("x-amzn-requestid:") }
    return (Set(head), String(heard[end.upperBound...]))
  }

  @Test func `frames of a known length go out under their own tag`() async throws {
    let (head, body) = try parts(
      try await ask("GET", storedAs: .zstandard(byteCount: 12))
    )
    #expect(
      head.isSuperset(of: [
        "http/1.1 200 ok", "content-encoding: zstd", "content-length: 12", "etag: w/\"a-zstd\"",
        "vary: accept-encoding",
      ])
    )
    #expect(!head.contains { $0.hasPrefix("accept-ranges") }, "the coded form has no parts")
    #expect(body == "frames of 10")
  }

  @Test func `frames of a length that nobody knows go out in chunks`() async throws {
    let (head, body) = try parts(try await ask("GET", storedAs: .zstandard(byteCount: nil)))
    #expect(head.contains("transfer-encoding: chunked"))
    #expect(head.contains("content-encoding: zstd"))
    #expect(!head.contains { $0.hasPrefix("content-length") })
    #expect(body == "c\r\nframes of 10\r\n0\r\n\r\n")
  }

  @Test(
    arguments: [nil, .zstandard(byteCount: 12), .zstandard(byteCount: nil)] as [BlobChunks.Form?]
  )
  func `HEAD says what GET says`(form: BlobChunks.Form?) async throws {
    let get = try parts(try await ask("GET", storedAs: form))
    let head = try parts(try await ask("HEAD", storedAs: form))
    // RFC 9110 section 9.3.2: what is known only once the body is made may be left out.
    let framing: Set = ["transfer-encoding: chunked", "connection: close"]
    #expect(head.head.subtracting(framing) == get.head.subtracting(framing))
    // The end of chunks that are not there is on a connection that nothing else comes over.
    let isUnknown = form == .zstandard(byteCount: nil)
    #expect(head.head.contains("connection: close") == isUnknown)
    #expect(head.body.isEmpty || (isUnknown && head.body == "0\r\n\r\n"))
  }

  @Test func `a blob that is stored raw, and a client that takes none, get the bytes`()
    async throws
  {
    for heard in [
      try await ask("GET", storedAs: nil),
      try await ask("GET", storedAs: .zstandard(byteCount: 12), tag: nil),
    ] {
      let (head, body) = try parts(heard)
      #expect(head.isSuperset(of: ["etag: \"a\"", "content-length: 10", "accept-ranges: bytes"]))
      #expect(!head.contains { $0.hasPrefix("content-encoding") })
      #expect(body == "0123456789")
    }
  }

  @Test func `a blob that is not there is no empty body`() async throws {
    #expect(try await ask("GET", storedAs: nil, isThere: false) == "")
  }
}

import Exchange
import FormatRules
import HTTPTypes
import Testing

/// Who is offered a file as it is stored (RFC 9110 sections 8.8.3 and 12.5.3).
@Suite("Files in the content coding zstd")
struct StoredFramesTests {
  private static let path = "tools/lists/1.0/words.txt"
  private static let text = String(repeating: "the same words over and over\n", count: 100)
  private static let sum = ChecksumAlgorithm.sha256.hexadecimal(of: Array(text.utf8))
  private static let plain = "\"\(sum)\""
  private static let coded = "W/\"\(sum)-zstd\""

  private func published(
    _ text: String = text,
    _ body: (MavenHouse, (HTTPRequest.Method, HTTPFields) async -> Reply) async throws -> Void
  ) async throws {
    try await MavenHouse.run { house async throws in
      #expect(await house.put(Self.path, text, format: "generic") == .created)
      try await body(house) { await house.send($0, Self.path, format: "generic", $1) }
    }
  }

  @Test func `who names zstd is offered it, by GET and HEAD alike, and the tag of its own`()
    async throws
  {
    try await published { _, send in
      for method in [HTTPRequest.Method.get, .head] {
        let reply = await send(method, [.acceptEncoding: "gzip, zstd"])
        #expect(reply.status == .ok)
        #expect(reply.zstandardTag == Self.coded)
        // What the store has is known to the door: until then the reply is the plain one.
        #expect(reply.headers[.eTag] == Self.plain)
        #expect(reply.headers[.contentEncoding] == nil)
        #expect(reply.blobRange == 0..<UInt64(Self.text.utf8.count))
        #expect(reply.headers[.vary] == "Accept-Encoding, Authorization")
      }
    }
  }

  @Test(arguments: ["", "gzip", "*", "zstd;q=0", "identity, zstd;q=0.5"])
  func `nobody else is, and is told that it depends`(accepted: String) async throws {
    try await published { _, send in
      let reply = await send(.get, [.acceptEncoding: accepted])
      #expect(reply.zstandardTag == nil)
      #expect(reply.headers[.vary] == "Accept-Encoding, Authorization")
    }
  }

  @Test(arguments: ["bytes=0-9", "bytes=0-", "bytes=1-2,4-5", "bytes=99999-"])
  func `a part is one of the file, whatever is taken`(range: String) async throws {
    try await published { _, send in
      let reply = await send(.get, [.acceptEncoding: "zstd", .range: range])
      #expect(reply.zstandardTag == nil)
      #expect(reply.headers[.contentEncoding] == nil)
    }
  }

  @Test func `a small file is not worth it`() async throws {
    try await published(String(Self.text.prefix(1_023))) { _, send in
      #expect(await send(.get, [.acceptEncoding: "zstd"]).zstandardTag == nil)
    }
    try await published(String(Self.text.prefix(1_024))) { _, send in
      #expect(await send(.get, [.acceptEncoding: "zstd"]).zstandardTag != nil)
    }
  }

  @Test func `either form counts for who can read it, and the answer names it`() async throws {
    try await published { _, send in
      for (accepted, tags, told) in [
        ("zstd", Self.coded, Self.coded), ("zstd", Self.plain, Self.plain),
        ("zstd", "\(Self.plain), \(Self.coded)", Self.plain), ("gzip", Self.plain, Self.plain),
        ("zstd", "\"other\", \(Self.coded.dropFirst(2))", Self.coded),
      ] {
        let reply = await send(.get, [.acceptEncoding: accepted, .ifNoneMatch: tags])
        #expect(reply.status == .notModified, "\(accepted) \(tags)")
        #expect(reply.headers[.eTag] == told)
        #expect(reply.headers[.vary] == "Accept-Encoding, Authorization")
      }
      // A cache that has the coded form asks for a client that cannot read it.
      let other = await send(.get, [.acceptEncoding: "gzip", .ifNoneMatch: Self.coded])
      #expect(other.status == .ok)
    }
  }

  @Test func `the coded form is no ground for a part`() async throws {
    try await published { _, send in
      for (tag, status) in [
        (Self.plain, HTTPResponse.Status.partialContent), (Self.coded, .ok),
        (String(Self.coded.dropFirst(2)), .ok),
      ] {
        let reply = await send(.get, [.range: "bytes=1-2", .ifRange: tag])
        #expect(reply.status == status, "\(tag)")
        #expect(reply.zstandardTag == nil)
      }
    }
  }
}

import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("Generic files")
struct GenericFormatTests {
  private static let path = "tools/runner/1.0/runner-linux.tar.gz"

  private func put(
    _ house: MavenHouse,
    _ path: String,
    _ text: String,
    _ headers: HTTPFields = [:]
  ) async -> HTTPResponse.Status {
    await house.put(path, text, format: "generic", headers)
  }

  @Test func `what is put is had again, whole, in ranges and by its tag`() async throws {
    try await MavenHouse.run { house async throws in
      #expect(await put(house, Self.path, "0123456789") == .created)
      #expect(try await house.get(Self.path, format: "generic") == "0123456789")
      let reply = await house.send(.get, Self.path, format: "generic", [.range: "bytes=-3"])
      #expect(reply.status == .partialContent)
      #expect(reply.headers[.contentRange] == "bytes 7-9/10")
      #expect(try await house.bytes(reply) == Array("789".utf8))
      let past = await house.send(.get, Self.path, format: "generic", [.range: "bytes=10-"])
      #expect(past.status == .rangeNotSatisfiable)
      let head = await house.send(.head, Self.path, format: "generic")
      #expect(head.headers[.acceptRanges] == "bytes")
      let tag = try #require(head.headers[.eTag])
      let again = await house.send(.get, Self.path, format: "generic", [.ifNoneMatch: tag])
      #expect(again.status == .notModified)
      #expect(await house.send(.delete, Self.path, format: "generic").status == .methodNotAllowed)
    }
  }

  @Test func `the same bytes again are a success, others a conflict`() async throws {
    try await MavenHouse.run { house async throws in
      #expect(await put(house, Self.path, "one") == .created)
      #expect(await put(house, Self.path, "one") == .ok)
      #expect(await put(house, Self.path, "two") == .conflict)
      #expect(await put(house, Self.path, "one", [.ifNoneMatch: "*"]) == .preconditionFailed)
      #expect(try await house.get(Self.path, format: "generic") == "one")
      #expect(await put(house, "tools/runner/1.0/b", "", [.ifNoneMatch: "*"]) == .created)
      #expect(try await house.get("tools/runner/1.0/b", format: "generic")?.isEmpty == true)
    }
  }

  @Test func `an unfinished version is shown and closed by the first file without the word`()
    async throws
  {
    try await MavenHouse.run { house async throws in
      #expect(await put(house, "n/p/1/a?unfinished=true", "a") == .created)
      #expect(try await house.get("n/p/1/a", format: "generic") == nil)
      #expect(await put(house, "n/p/1/b", "b") == .created)
      #expect(try await house.get("n/p/1/a", format: "generic") == "a")
      #expect(await put(house, "n/p/1/c", "c") == .conflict)
      #expect(await put(house, "n/p/1/b", "b") == .ok)
    }
  }

  @Test func `digests in headers are compared`() async throws {
    try await MavenHouse.run { house async throws in
      let digest = try #require(HTTPField.Name("Content-Digest"))
      let md5 = try #require(HTTPField.Name("Content-MD5"))
      let sha256 = try #require(HTTPField.Name("X-Checksum-Sha256"))
      let right = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
      let hexadecimal = ChecksumAlgorithm.sha256.hexadecimal(of: Array("abc".utf8))
      for (name, value, status) in [
        (digest, "sha-256=:\(right):", HTTPResponse.Status.created),
        (digest, "sha-256=:\(right.replacing("u", with: "v")):", .badRequest),
        (digest, "sha-256=:short:", .badRequest), (digest, "unixsum=1", .created),
        (md5, "kAFQmDzST7DWlj99KOF/cg==", .created), (md5, "AAFQmDzST7DWlj99KOF/cg==", .badRequest),
        (sha256, hexadecimal, .created), (sha256, "00" + hexadecimal.dropFirst(2), .badRequest),
      ] {
        let path = "n/p/\(value.utf8.reduce(0) { $0 &* 31 &+ Int($1) })/a"
        #expect(await put(house, path, "abc", [name: value]) == status, "\(name) \(value)")
        let isThere = try await house.get(path, format: "generic") != nil
        #expect(isThere == (status == .created))
      }
    }
  }

  @Test func `names are checked, and no path leaves its package`() async throws {
    try await MavenHouse.run { house async throws in
      for path in [
        "n/p/1/a%2fb", "n/p/%2e%2e/a", "n/p/1/%2e%2e", "n/p%23/1/a", "n/p/1/a%00", "%20/p/1/a",
      ] {
        #expect(await put(house, path, "x") == .badRequest, "\(path)")
        #expect(await house.send(.get, path, format: "generic").status == .notFound, "\(path)")
      }
      for path in ["", "n", "n/p/1", "n/p/1/", "n/p/1/a/b", "n//1/a"] {
        #expect(await put(house, path, "x") == .notFound, "\(path)")
      }
      for path in ["__proto__/constructor/1.0+b/a+b.txt", "n/p./1/a.", "größe/日本/1/ä b.txt"] {
        let encoded = path.utf8.map {
          $0 < 0x80 && $0 != 0x20 ? String(UnicodeScalar($0)) : "%" + Hexadecimal.encode([$0])
        }
        .joined()
        #expect(await put(house, encoded, path) == .created, "\(path)")
        #expect(try await house.get(encoded, format: "generic") == path)
      }
    }
  }

  @Test func `upstreams are not asked`() async throws {
    try await MavenHouse.run { house async throws in
      #expect(await house.put(Self.path, "shared", in: "shared", format: "generic") == .created)
      #expect(try await house.get(Self.path, in: "shared", format: "generic") == "shared")
      #expect(try await house.get(Self.path, format: "generic") == nil)
      #expect(await put(house, Self.path, "mine") == .created)
    }
  }
}

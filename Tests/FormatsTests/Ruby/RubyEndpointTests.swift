import ArchiveSamples
import Exchange
import FormatRules
import Formats
import HTTPTypes
import Testing

@Suite("The endpoint of gems")
struct RubyEndpointTests {
  private static let root = "/ruby/d/my-domain-123456789012/tools/"

  private func gem(_ name: String, _ version: String, platform: String = "ruby") -> [UInt8] {
    TestGem.bytes(name, version, platform: platform)
  }

  private func push(_ bytes: [UInt8], to house: TestHouse) async -> Reply {
    await house.send(
      .post,
      Self.root + "api/v1/gems",
      body: RequestBody(pieces: bytes, of: 100),
      authorization: house.token
    )
  }

  private func get(_ path: String, _ house: TestHouse, _ headers: HTTPFields = [:]) async -> Reply {
    await house.send(.get, Self.root + path, headers)
  }

  @Test func `a list grows at its end, and that end can be had alone`() async throws {
    try await TestHouse.run { house in
      #expect(await push(gem("a", "1.0"), to: house).status == .ok)
      let first = await get("versions", house)
      let before = try await house.bytes(first)
      let tag = try #require(first.headers[.eTag])
      #expect(tag.utf8.count == 34, "the MD5 in quotes")
      #expect(await get("versions", house, [.ifNoneMatch: tag]).status == .notModified)
      house.clock.advance(by: .seconds(5))
      #expect(await push(gem("b", "1.0", platform: "java"), to: house).status == .ok)
      let range = "bytes=\(before.count - 1)-"
      let tail = await get("versions", house, [.ifNoneMatch: tag, .range: range])
      #expect(tail.status == .partialContent)
      let whole = try await house.bytes(await get("versions", house))
      let end = try await house.bytes(tail)
      #expect(before.dropLast() + end == whole)
      #expect(String(decoding: whole, as: UTF8.self).contains("\nb 1.0-java "))
      let beyond = await get("versions", house, [.range: "bytes=999999-"])
      #expect(beyond.status == .rangeNotSatisfiable)
      let info = await get("info/a", house)
      let sum = try #require(info.headers[.eTag]).dropFirst().dropLast()
      #expect(String(decoding: whole, as: UTF8.self).contains("a 1.0 \(sum)\n"))
      #expect(info.headers[HTTPField.Name("Repr-Digest") ?? .eTag]?.hasPrefix("sha-256=:") == true)
    }
  }

  @Test func `a yanked gem is gone from everywhere, and its number stays taken`() async throws {
    try await TestHouse.run { house in
      for version in ["1.0", "1.1"] { _ = await push(gem("a", version), to: house) }
      let yank = await house.send(
        .delete,
        Self.root + "api/v1/gems/yank",
        body: RequestBody(Array("gem_name=a&version=1.1".utf8))
      )
      #expect(yank.status == .ok)
      let info = try await house.text(await get("info/a", house))
      #expect(!info.contains("1.1"))
      let versions = try await house.text(await get("versions", house))
      #expect(versions.contains("\na -1.1 "))
      #expect(await get("gems/a-1.1.gem", house).status == .notFound)
      #expect(await get("quick/Marshal.4.8/a-1.1.gemspec.rz", house).status == .notFound)
      #expect(await get("gems/a-1.0.gem", house).status == .ok)
      for version in ["1.1", "1.1.0", "1.0.0"] {
        #expect(await push(gem("a", version), to: house).status == .conflict)
      }
      #expect(await push(gem("A", "5.0"), to: house).status == .conflict)
    }
  }

  @Test func `what is no gem is refused with a reason`() async throws {
    try await TestHouse.run { house in
      for bytes in [
        [], [1, 2, 3], gem("../a", "1.0"), gem("a", "x"), gem("a", "1.0", platform: "../x"),
        Array(gem("a", "1.0").dropLast(2048)), TestTar().adding("data.tar.gz").bytes,
      ] {
        let reply = await push(bytes, to: house)
        #expect(reply.status == .badRequest)
        let why = try await house.text(reply)
        #expect(why.contains("cannot be published"))
      }
      for path in ["info/..", "info/a%2fb", "gems/..%2fa-1.0.gem", "gems/a.gem", "x", "api/v1/x"] {
        #expect(await get(path, house).status == .notFound, "\(path)")
      }
      for path in ["names", ""] { #expect(await get(path, house).status == .ok) }
    }
  }
}

import Access
import Bytes
import Exchange
import FormatRules
import HTTPTypes
import Synchronization
import Testing

@testable import Formats

@Suite("Rendered documents")
struct RenderedDocumentsTests {
  private let documents = RenderedDocuments(generationByteCount: 100_000)
  private let long = [UInt8](repeating: UInt8(ascii: "a"), count: 40_000)

  private func stamp(_ text: String) -> SHA256Digest { PayloadHash.sha256(Array(text.utf8)) }

  private func reply(
    _ headers: HTTPFields = [:],
    key: String = "page",
    stamp name: String = "one",
    type: String = "application/json",
    _ render: @escaping @Sendable () -> [UInt8]
  ) async -> Reply {
    await documents.reply(
      to: Request(method: .get, target: Target("/page"), headers: headers),
      key: key,
      stamp: stamp(name),
      contentType: type,
      render: render
    )
  }

  private func bytes(of reply: Reply) -> [UInt8] {
    if case .bytes(let bytes) = reply.body { bytes } else { [] }
  }

  @Test func `a client that takes gzip gets it, with a tag of its own`() async throws {
    let long = long
    let plain = await reply { long }
    let packed = await reply([.acceptEncoding: "gzip, br"]) { long }
    #expect(bytes(of: plain) == long && plain.headers[.contentEncoding] == nil)
    #expect(packed.headers[.contentEncoding] == "gzip")
    #expect(bytes(of: packed).count < 1000)
    #expect(packed.headers[.eTag] != plain.headers[.eTag])
    #expect(packed.headers[.vary]?.contains("Accept-Encoding") == true)
    let tag = try #require(packed.headers[.eTag])
    let again = await reply([.acceptEncoding: "gzip", .ifNoneMatch: tag]) { [] }
    #expect(again.status == .notModified && again.headers[.eTag] == tag)
  }

  @Test func `what is short, or packed already, is sent as it is`() async throws {
    let short = await reply([.acceptEncoding: "gzip"], key: "short") { [1, 2, 3] }
    #expect(bytes(of: short) == [1, 2, 3] && short.headers[.contentEncoding] == nil)
    let long = long
    let type = "application/octet-stream"
    let packed = await reply([.acceptEncoding: "gzip"], key: "packed", type: type) { long }
    #expect(bytes(of: packed) == long && packed.headers[.contentEncoding] == nil)
  }

  @Test func `a document is written once for each stamp, larger than the memory or not`() async {
    let count = Mutex(0)
    for size in [10, 1_000_000] {
      let before = count.withLock(\.self)
      for stamp in ["one", "one", "two", "two"] {
        _ = await reply(key: "size \(size)", stamp: stamp) {
          count.withLock { $0 += 1 }
          return [UInt8](repeating: 7, count: size)
        }
      }
      #expect(count.withLock(\.self) - before == 2)
    }
  }

  @Test func `what is older than two generations is written anew`() async throws {
    let count = Mutex(0)
    let render: @Sendable () -> [UInt8] = {
      count.withLock { $0 += 1 }
      return [UInt8](repeating: 7, count: 60_000)
    }
    for key in ["a", "b", "c", "d", "a"] { _ = await reply(key: key, render) }
    #expect(count.withLock(\.self) == 5)
    _ = await reply(key: "a", render)
    #expect(count.withLock(\.self) == 5)
  }
}

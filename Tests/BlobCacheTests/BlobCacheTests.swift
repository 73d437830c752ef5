import BlobEngine
import Bytes
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import BlobCache

@Suite("The example of a blob cache")
struct BlobCacheTests {
  /// Runs the cache on an empty store of small segments.
  private func cache(
    _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "larder-blob-cache-\(UUID().uuidString)"
    )
    defer { try? FileManager.default.removeItem(at: folder) }
    let options = StoreOptions(segmentByteCount: 4 << 20)
    let store = try await BlobStore.open(at: folder.path, options: options)
    try await Application(router: BlobCache.router(over: store)).test(.router, body)
    await store.close()
  }

  @Test func `what was put is given back, until it is forgotten`() async throws {
    let bytes = [UInt8]((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try await cache { client async throws in
      let put = try await client.execute(uri: "/", method: .put, body: ByteBuffer(bytes: bytes))
      let key = String(buffer: put.body)
      #expect(key.count == 64)
      let got = try await client.execute(uri: "/\(key)", method: .get)
      #expect(got.status == .ok)
      #expect(Array(got.body.readableBytesView) == bytes)
      let forgotten = try await client.execute(uri: "/\(key)", method: .delete)
      #expect(forgotten.status == .noContent)
      #expect(try await client.execute(uri: "/\(key)", method: .get).status == .notFound)
    }
  }

  @Test func `what is no key is refused`() async throws {
    try await cache { client async throws in
      #expect(try await client.execute(uri: "/left", method: .get).status == .badRequest)
    }
  }
}

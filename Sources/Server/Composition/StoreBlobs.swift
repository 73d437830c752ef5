import BlobEngine
import Bytes

/// The store, as doors see it.
struct StoreBlobs: BlobSource {
  let store: BlobStore

  func chunks(of key: SHA256Digest, in range: Range<UInt64>) async throws -> BlobChunks? {
    guard let reader = try await store.makeReader(for: key, range: range) else { return nil }
    return BlobChunks { try await reader.next() }
  }
}

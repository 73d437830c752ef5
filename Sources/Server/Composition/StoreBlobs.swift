import BlobEngine
import Catalog
import Exchange
import Repository

/// The store, as doors see it: each blob in its domain's scope.
struct StoreBlobs: BlobSource {
  let depot: Depot

  func chunks(of blob: BlobName, in range: Range<UInt64>) async throws -> BlobChunks? {
    let domain = blob.scope.map { DomainID($0) }
    guard let reader = try await depot.chunks(of: blob.key, in: domain, range: range) else {
      return nil
    }
    return BlobChunks { try await reader.next() }
  }
}

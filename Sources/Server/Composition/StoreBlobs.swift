import BlobEngine
import Catalog
import Exchange
import Repository

/// The store, as doors see it: each blob in its domain's scope.
struct StoreBlobs: BlobSource {
  let depot: Depot

  func chunks(
    of blob: BlobName,
    in range: Range<UInt64>,
    takesZstandard: Bool
  ) async throws -> BlobChunks? {
    let domain = blob.scope.map { DomainID($0) }
    guard let reader = try await depot.chunks(of: blob.key, in: domain, range: range) else {
      return nil
    }
    guard takesZstandard, reader.isCompressed else { return BlobChunks { try await reader.next() } }
    return try await frames(of: reader)
  }

  /// The stored frames; their length is known of a blob of one piece, which is 1 MiB or less.
  private func frames(of reader: BlobReading) async throws -> BlobChunks {
    guard let first = try await reader.nextFrames() else { return BlobChunks { nil } }
    let ahead = OneChunk(first)
    return BlobChunks(
      form: .zstandard(byteCount: reader.isAtEnd ? UInt64(first.count) : nil)
    ) {
      if let first = ahead.next() { return first }
      return try await reader.nextFrames()
    }
  }
}

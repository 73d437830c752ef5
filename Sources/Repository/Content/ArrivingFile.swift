internal import BlobEngine
package import Bytes

/// A file that is being fetched at this moment and can be read while it grows.
package struct ArrivingFile: Sendable {
  /// The file's length in bytes, or nil when its source does not tell; ranges then cannot be given.
  package let byteCount: UInt64?
  private let flight: Flight
  private let scopes: DomainScopes

  init(flight: Flight, byteCount: UInt64?, scopes: DomainScopes) {
    self.flight = flight
    self.byteCount = byteCount
    self.scopes = scopes
  }

  /// Returns a reader of `range`, in bytes of the file, or of all of it.
  ///
  /// - Precondition: a range is given only when ``byteCount`` is known, and lies within it.
  package func chunks(in range: Range<UInt64>? = nil) -> ArrivingReader {
    precondition(
      range.map { $0.upperBound <= byteCount ?? 0 } ?? true,
      "the range lies within the file"
    )
    return ArrivingReader(
      flight.blob,
      from: range?.lowerBound ?? 0,
      to: range?.upperBound ?? byteCount,
      of: scopes
    )
  }

  /// Waits until the file is verified, which is before the store has it for good.
  package func digests() async throws(RepositoryError) -> AssetDigests {
    try await flight.digests()
  }

  /// Waits until the file is verified and in the store.
  package func stored() async throws(RepositoryError) -> StoredFile {
    try await flight.landing().file
  }
}

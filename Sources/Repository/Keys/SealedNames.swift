internal import BlobEngine
package import Bytes
package import Catalog

/// What the store calls a blob in the domains that seal theirs.
package struct SealedNames: Sendable {
  /// The names, one for each domain whose key could be had.
  package private(set) var names: [SHA256Digest] = []
  /// Why the names in other domains are not known: a sentence a domain.
  package private(set) var gaps: [String] = []

  /// Makes the names, with the keys of all domains unwrapped one after the other.
  ///
  /// - Throws: what the catalog refused.
  package init(of blob: SHA256Digest, in catalog: Catalog, _ masterKeys: MasterKeys) async throws {
    try await catalog.forEachDomainKey { record, domain in
      do {
        let bytes = try await masterKeys.unwrap(
          WrappedKey(master: record.master, bytes: record.wrapped),
          with: domain.encryptionKey,
          context: domain.keyContext
        )
        if let key = DataKey(bytes) { names.append(try key.name(of: blob)) }
      } catch let failure as MasterKeyFailure {
        gaps.append(
          "In domain \(domain.owner)/\(domain.name) it cannot be found: \(failure.message)"
        )
      }
    }
  }
}

package import BlobEngine
package import Catalog

/// The keys of all domains that have one, as far as they can be had, for work beside a server.
package struct DomainKeys: Sendable {
  package private(set) var keys: [DataKey] = []
  /// Which domains' keys cannot be had, and why: a sentence a domain.
  package private(set) var gaps: [String] = []

  /// Unwraps the keys, one after the other.
  ///
  /// - Throws: what the catalog refused.
  package init(in catalog: Catalog, _ masterKeys: MasterKeys) async throws {
    try await catalog.forEachDomainKey { record, domain in
      do {
        let bytes = try await masterKeys.unwrap(
          WrappedKey(master: record.master, bytes: record.wrapped),
          with: domain.encryptionKey,
          context: domain.keyContext
        )
        if let key = DataKey(bytes) { keys.append(key) }
      } catch let failure as MasterKeyFailure {
        gaps.append(
          "The key of domain \(domain.owner)/\(domain.name) cannot be had: \(failure.message)"
        )
      }
    }
  }
}

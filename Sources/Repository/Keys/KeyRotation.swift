package import Catalog

/// Wraps the data keys of all domains with another master key; no blob is touched, and a server
/// that was started anew with both master keys may be serving already.
///
/// Domain by domain: cut short, it goes on where it was.
package struct KeyRotation: Sendable {
  private let catalog: Catalog
  private let former: MasterKeys
  private let provider: any MasterKeyProvider

  package init(_ catalog: Catalog, from former: MasterKeys, to provider: any MasterKeyProvider) {
    self.catalog = catalog
    self.former = former
    self.provider = provider
  }

  /// Wraps what the new master key has not wrapped yet.
  ///
  /// - Parameter now: what the rows are stamped with.
  /// - Returns: how many keys that were.
  /// - Throws: what keeps a key from being unwrapped, wrapped or written.
  package func run(at now: Timestamp) async throws -> Int {
    var count = 0
    try await catalog.forEachDomainKey { record, domain in
      guard !provider.hasKey(named: record.master) else { return }
      if try await rewrap(record, of: domain, at: now) { count += 1 }
    }
    return count
  }

  private func rewrap(
    _ record: DomainKeyRecord,
    of domain: DomainRecord,
    at now: Timestamp
  ) async throws -> Bool {
    let bytes = try await former.unwrap(
      WrappedKey(master: record.master, bytes: record.wrapped),
      with: domain.encryptionKey,
      context: domain.keyContext
    )
    let wrapped = try await provider.wrap(
      bytes,
      with: domain.encryptionKey,
      context: domain.keyContext
    )
    return try await catalog.withTransaction { transaction in
      try transaction.rewrapKey(
        of: domain.id,
        wrapped.bytes,
        by: wrapped.master,
        from: record.generation,
        at: now
      )
    }
  }

  /// One line about the key of each domain.
  package static func list(_ catalog: Catalog) async throws -> [String] {
    var lines: [String] = []
    try await catalog.forEachDomainKey { record, domain in
      lines.append(
        "\(domain.owner)/\(domain.name)\t\(domain.encryptionKey)\t\(record.master)\t"
          + "wrapped \(record.generation) times"
      )
    }
    return lines
  }
}

package import Bytes
package import Catalog

/// Why a blob is alive, or when its bytes return: one sentence a fact.
package struct BlobExplanation: Sendable {
  package let lines: [String]

  /// How many documents are named.
  private static let documentLimit = 20

  /// Asks the catalog.
  ///
  /// - Parameters:
  ///   - key: the blob.
  ///   - catalog: who refers to what.
  ///   - rules: when unreferred bytes are given back.
  ///   - timeText: writes a moment for people.
  /// - Throws: ``RepositoryError`` with what the catalog refused.
  package init(
    of key: SHA256Digest,
    in catalog: Catalog,
    rules: SweepRules,
    timeText: @Sendable (Timestamp) -> String
  ) async throws(RepositoryError) {
    let found: (references: BlobReferences, noticedAt: Timestamp?)
    do {
      found = try await catalog.read { snapshot throws(CatalogError) in
        (
          try snapshot.references(to: key, documentLimit: Self.documentLimit),
          try snapshot.timeNoticedUnreferred(key)
        )
      }
    } catch {
      throw RepositoryError(catalog: error)
    }
    guard found.references.isEmpty else {
      lines = Self.lines(found.references)
      return
    }
    lines = Self.lines(noticedAt: found.noticedAt, rules, timeText)
  }

  private static func lines(_ references: BlobReferences) -> [String] {
    references.domains.map { domain in
      "Alive: domain \(domain.owner)/\(domain.name) has it as \(domain.assetCount) assets and as "
        + "\(domain.attachmentCount) files cut out of assets."
    }
      + references.documents.map { document in
        "Alive: it is the document \(document.path) of \(document.connection.rawValue)."
      }
  }

  private static func lines(
    noticedAt time: Timestamp?,
    _ rules: SweepRules,
    _ timeText: (Timestamp) -> String
  ) -> [String] {
    guard let time else {
      return [
        "Nothing refers to it, and no sweep has noticed that yet; the deletion delay begins when "
          + "one does."
      ]
    }
    let end = time + rules.deletionDelay
    return [
      "Nothing refers to it, which a sweep noticed at \(timeText(time)).",
      "The first sweep after \(timeText(end)) deletes it, unless it is referred to again"
        + (rules.isStrict ? "." : "; in a store that is nearly full, an earlier one."),
      "Its bytes return when reclaim has moved what is alive in the same segment, or at once when "
        + "nothing is.",
    ]
  }
}

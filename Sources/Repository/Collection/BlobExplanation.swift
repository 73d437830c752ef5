package import Bytes
package import Catalog

/// Why a blob is alive, or when its bytes return: one sentence a fact.
package struct BlobExplanation: Sendable {
  package let lines: [String]
  /// What the store calls the blob: where it is sealed, something else in each domain.
  package let storedNames: [SHA256Digest]

  /// How many documents are named.
  private static let documentLimit = 20

  /// Asks the catalog.
  ///
  /// - Parameters:
  ///   - key: the blob.
  ///   - sealedNames: what the store would call it in each domain that seals its blobs: once no row
  ///     refers to the blob, none tells that.
  ///   - catalog: who refers to what.
  ///   - rules: when unreferred bytes are given back.
  ///   - timeText: writes a moment for people.
  /// - Throws: ``RepositoryError`` with what the catalog refused.
  package init(
    of key: SHA256Digest,
    sealedNames: [SHA256Digest],
    in catalog: Catalog,
    rules: SweepRules,
    timeText: @Sendable (Timestamp) -> String
  ) async throws(RepositoryError) {
    let names = [key] + sealedNames
    let found: (references: BlobReferences, notices: [Notice])
    do {
      found = try await catalog.read { snapshot throws(CatalogError) in
        let references = try snapshot.references(to: key, documentLimit: Self.documentLimit)
        var notices: [Notice] = []
        for name in names {
          guard let time = try snapshot.timeNoticedUnreferred(name),
            try !snapshot.isReferred(name)
          else { continue }
          notices.append(Notice(name: name, time: time))
        }
        return (references, notices)
      }
    } catch {
      throw RepositoryError(catalog: error)
    }
    let alive = Self.lines(found.references)
    let doomed = found.notices.flatMap { Self.lines($0, of: key, rules, timeText) }
    lines = alive + doomed + (alive.isEmpty && doomed.isEmpty ? [Self.unnoticed] : [])
    storedNames = Self.storedNames(names, found.references)
  }

  /// A sweep found that nothing refers to what the store calls so.
  private struct Notice: Sendable {
    let name: SHA256Digest
    let time: Timestamp
  }

  private static let unnoticed =
    "Nothing refers to it, and no sweep has noticed that yet; the deletion delay begins when one "
    + "does."

  /// Each once, those that rows tell and those that keys tell.
  private static func storedNames(
    _ names: [SHA256Digest],
    _ references: BlobReferences
  ) -> [SHA256Digest] {
    var seen: Set<SHA256Digest> = []
    return (names + references.domains.compactMap(\.sealedName)).filter { seen.insert($0).inserted }
  }

  private static func lines(_ references: BlobReferences) -> [String] {
    references.domains.map { domain in
      "Alive: domain \(domain.owner)/\(domain.name) has it as \(domain.assetCount) assets and as "
        + "\(domain.attachmentCount) files cut out of assets"
        + (domain.sealedName.map { "; sealed, the store calls it \($0.hexadecimal)." } ?? ".")
    }
      + references.documents.map { document in
        "Alive: it is the document \(document.path) of \(document.connection.rawValue)."
      }
  }

  private static func lines(
    _ notice: Notice,
    of key: SHA256Digest,
    _ rules: SweepRules,
    _ timeText: (Timestamp) -> String
  ) -> [String] {
    let end = timeText(notice.time + rules.deletionDelay)
    let name = notice.name == key ? "it" : "what the store calls \(notice.name.hexadecimal)"
    return [
      "Nothing refers to \(name), which a sweep noticed at \(timeText(notice.time)).",
      "The first sweep after \(end) deletes it, unless it is referred to again"
        + (rules.isStrict ? "." : "; in a store that is nearly full, an earlier one."),
      "Its bytes return when reclaim has moved what is alive in the same segment, or at once when "
        + "nothing is.",
    ]
  }
}

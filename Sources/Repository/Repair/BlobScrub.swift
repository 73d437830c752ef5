package import BlobEngine
internal import Bytes
package import Catalog
internal import Codec

/// Goes through the store, step by step, and has anew what is damaged.
///
/// Two kinds of steps. Those over the log verify every byte against the checksums that lie beside
/// it. Those over the catalog read blobs as a client would, with their keys, and compare their
/// SHA-256: a share of all blobs each time, a different one in the next pass.
package struct BlobScrub: Sendable {
  /// A step's end.
  package struct Step<Position: Sendable>: Sendable {
    package let byteCount: UInt64
    /// What an operator has to know: a sentence each.
    package let findings: [String]
    /// Where to go on; nil: the pass is over.
    package let next: Position?
  }

  /// Which part of the blobs a pass reads whole: one in ten (`engine.md` 14).
  package static let shareCount = 10
  /// How many rows are looked at in a step.
  private static let rowCount = 64

  private let depot: Depot
  private let blobs: BlobStore

  package init(depot: Depot, blobs: BlobStore) {
    self.depot = depot
    self.blobs = blobs
  }

  // MARK: The log

  /// Verifies the next part of the log.
  ///
  /// - Throws: ``RepositoryError`` when the store cannot go on.
  package func log(
    after cursor: ScrubCursor?
  ) async throws(RepositoryError) -> Step<ScrubCursor> {
    let report: ScrubReport
    do { report = try await blobs.scrub(after: cursor) } catch {
      throw RepositoryError(.internalFailure, "The scrub stopped: \(error)", cause: error)
    }
    var findings = report.otherDamage
    for (name, damage) in report.damaged {
      findings += try await repair(name, damage)
    }
    return Step(byteCount: report.byteCount, findings: findings, next: report.next)
  }

  /// Has a damaged blob anew in each domain that it is a blob of, and says what became of it.
  private func repair(
    _ name: SHA256Digest,
    _ damage: BlobDamage
  ) async throws(RepositoryError) -> [String] {
    let owners: [DomainBlob]
    do {
      owners = try await depot.catalog.read { rows throws(CatalogError) in
        try rows.domainBlobs(named: name)
      }
    } catch {
      throw RepositoryError(catalog: error)
    }
    guard !owners.isEmpty else {
      return ["Blob \(name) is damaged (\(damage)); it is nobody's, or a registry's document."]
    }
    var findings: [String] = []
    for owner in owners {
      let isThere = await depot.restore(owner.key, in: owner.domain)
      findings.append(
        "Blob \(owner.key) is damaged (\(damage)) and "
          + (isThere
            ? "was fetched once more from where it came."
            : "cannot be had anew: publish it once more, or restore it from a backup.")
      )
    }
    return findings
  }

  // MARK: The rows

  /// Reads a share of the next blobs that rows name, and compares their SHA-256.
  ///
  /// - Parameters:
  ///   - position: where the last step ended.
  ///   - share: which tenth of the blobs is read, counted on from any number.
  /// - Returns: what was found, and where to go on.
  /// - Throws: ``RepositoryError`` when the catalog cannot go on.
  package func rows(
    after position: DomainBlob?,
    share: Int
  ) async throws(RepositoryError) -> Step<DomainBlob> {
    let page: [DomainBlob]
    do {
      page = try await depot.catalog.read { rows throws(CatalogError) in
        try rows.domainBlobs(after: position, limit: Self.rowCount)
      }
    } catch {
      throw RepositoryError(catalog: error)
    }
    var byteCount: UInt64 = 0
    var findings: [String] = []
    for blob in page where blob.isIn(share: share) {
      byteCount += UInt64(blob.byteCount)
      if let finding = await verify(blob) { findings.append(finding) }
    }
    let isLast = page.count < Self.rowCount
    return Step(byteCount: byteCount, findings: findings, next: isLast ? nil : page.last)
  }

  /// Says what is wrong with a blob; nil when it is what its name says.
  private func verify(_ blob: DomainBlob) async -> String? {
    do throws(RepositoryError) {
      let range = 0..<UInt64(blob.byteCount)
      guard let reading = try await depot.chunks(of: blob.key, in: blob.domain, range: range)
      else {
        // It may have been deleted since its row was read.
        return try await isNamed(blob) ? "Blob \(blob.key) is gone, and cannot be had anew." : nil
      }
      var digest = SHA256Stream()
      while let piece = try await reading.next() { digest.update(piece.span) }
      guard digest.digest() != blob.key else { return nil }
      return "Blob \(blob.key) has other bytes than its name says; restore it from a backup."
    } catch {
      return "Blob \(blob.key) cannot be read: \(error.message)"
    }
  }

  private func isNamed(_ blob: DomainBlob) async throws(RepositoryError) -> Bool {
    do {
      return try await depot.catalog.read { rows throws(CatalogError) in
        try rows.references(to: blob.key, documentLimit: 0).domains.isEmpty == false
      }
    } catch {
      throw RepositoryError(catalog: error)
    }
  }
}

extension DomainBlob {
  fileprivate func isIn(share: Int) -> Bool {
    Int(key.bytes[0]) % BlobScrub.shareCount == share % BlobScrub.shareCount
  }
}

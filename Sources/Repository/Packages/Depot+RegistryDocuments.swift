internal import BlobEngine
package import Bytes
package import Catalog

/// A document of a public registry in the blob store.
package struct KeptDocument: Hashable, Sendable {
  /// The blob's key: read it with ``Depot/contents(of:range:)``.
  package let key: SHA256Digest
  package let byteCount: UInt64
  /// How long ago it was known to be right, when that is longer than the settings want.
  package let staleness: Duration?
}

extension Depot {
  /// Finds a document that is about no single package, such as a list of all, at the public
  /// registries of a format that `path`'s repository reaches.
  ///
  /// Fetched once for any crowd, kept, and asked for again when it has aged, as everything of a
  /// registry is.
  /// - Parameters:
  ///   - address: relative to the registry's own.
  ///   - format: the registries' format.
  ///   - path: the repository that the client talks to.
  /// - Returns: none where no registry is reached, or those that are have no such document.
  /// - Throws: `notFound` when the repository does not exist, `upstreamUnavailable` when nothing is
  ///   known of the document and a registry could not be asked.
  package func registryDocuments(
    _ address: String,
    of format: PackageFormat,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [KeptDocument] {
    let start = try await content.start(at: path)
    var documents: [KeptDocument] = []
    for reach in content.reaches(from: start) where reach.connection.format == format {
      do throws(ExternalFailure) {
        if let document = try await content.listings.document(address, on: reach) {
          documents.append(document)
        }
      } catch { throw RepositoryError(error) }
    }
    return documents
  }
}

extension ExternalListings {
  private static let sampleByteCount: UInt64 = 1 << 10

  /// Finds a document of a registry that no package's listing is read from.
  ///
  /// One that cannot be what it should is taken back, and what stood before it is given instead.
  fileprivate func document(
    _ address: String,
    on reach: ExternalReach
  ) async throws(ExternalFailure) -> KeptDocument? {
    let inquiry = await shelf.inquiry(nil, on: reach, notBefore: nil)
    var failure = ExternalFailure(unknown: reach.connection)
    for _ in 0..<2 {
      let registry = try registry(reach.connection, inquiry)
      guard let document = try await registry.kept(address) else { return nil }
      guard let flaw = await flaw(of: document, at: address, reach.connection.format) else {
        return document
      }
      failure = ExternalFailure(.unusable, "\(registry.base)\(address) is of no use: \(flaw)")
      if await registry.takeBack(failure) { shelf.external.report(failure) }
    }
    throw failure
  }

  /// Looks at the beginning and the end of a document, once for each that comes.
  private func flaw(
    of document: KeptDocument,
    at address: String,
    _ format: PackageFormat
  ) async -> String? {
    guard let rules = rules(of: format), !isSound(document.key) else { return nil }
    let count = min(document.byteCount, Self.sampleByteCount)
    let rest = document.byteCount - count
    guard let head = try? await shelf.blobs.get(document.key, range: 0..<count),
      let tail = try? await shelf.blobs.get(document.key, range: rest..<document.byteCount)
    else { return nil }
    let flaw = rules.flaw(of: address, head: head, tail: tail)
    if flaw == nil { noteSound(document.key) }
    return flaw
  }
}

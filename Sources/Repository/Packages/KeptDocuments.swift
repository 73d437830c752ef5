internal import BlobEngine
package import Bytes
package import Catalog
internal import Synchronization

/// Documents that were written from a package before, in the store: after a restart they are sent
/// without reading what they were written from.
///
/// A document is served only while everything it was made from is the same, which is told by its
/// stamp; it is put into the store behind the answer that it was written for, in its domain's
/// scope. Nothing here fails a request: what cannot be had is written anew.
package struct KeptDocuments: Sendable {
  /// Smaller documents are not kept, in bytes.
  ///
  /// What one of 64 KB is made from is read and written out in half a millisecond, of which a row
  /// and a blob take the better part too; and each that is kept costs a blob and a row once more.
  private static let leastByteCount = 64 << 10

  let content: ContentState
  let start: ContentState.Start
  let package: PackageCoordinates

  /// Says by which stamp a document is known that was kept under `name`, and how stale what it was
  /// made from is.
  ///
  /// - Returns: nil when there is none, when something that it was made from has changed, and when
  ///   the package is at hand anyway.
  package func stamp(of name: String) async -> (stamp: SHA256Digest, staleness: Duration?)? {
    let key = ResolvedPackages.Key(repository: start.repository, package: package)
    guard content.options.documentEdition != nil, content.packages[key] == nil,
      let record = await content.kept.record(name, of: start.repository),
      let documents = SourceDocument.read(record.reads),
      let sources = await content.way(of: package, from: start),
      !content.mayHoldBack(sources, from: start),
      let staleness = await content.staleness(of: documents, package, sources),
      PackageStamp.stamp(of: package.description, from: sources, documents) == record.stamp
    else { return nil }
    return (record.stamp, staleness.first ?? nil)
  }

  /// Reads a document back; nil when it is not there.
  package func bytes(of name: String, stamp: SHA256Digest) async -> [UInt8]? {
    guard let record = await content.kept.record(name, of: start.repository),
      record.stamp == stamp, let scope = try? await content.scopes.scope(of: start.map.id)
    else { return nil }
    return try? await scope.get(record.blob)
  }

  /// Keeps a document that was written from `merged`; nobody waits for that.
  package func keep(_ bytes: [UInt8], as name: String, of merged: MergedPackage) {
    guard content.options.documentEdition != nil, bytes.count >= Self.leastByteCount,
      content.options.hasRoomForRows(), let documents = merged.documents
    else { return }
    content.kept.storeLater(byteCount: bytes.count) { [self] in
      guard let scope = try? await content.scopes.scope(of: start.map.id),
        let info = try? await scope.put(bytes, durability: .relaxed)
      else { return }
      await content.kept.store(
        KeptDocumentRecord(
          repository: start.repository,
          name: name,
          stamp: merged.stamp,
          reads: SourceDocument.text(of: documents),
          blob: info.key,
          keptAt: content.clock.now()
        )
      )
    }
  }
}

extension Depot {
  /// The documents of a package that are in the store.
  ///
  /// - Throws: `notFound` when the repository does not exist.
  package func keptDocuments(
    of coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> KeptDocuments {
    let start = try await content.start(at: path)
    return KeptDocuments(content: content, start: start, package: coordinates)
  }
}

extension ContentState {
  /// Walks the places that a request for a package looks in without reading what is there, from
  /// memory when it can.
  fileprivate func way(of package: PackageCoordinates, from start: Start) async -> ProjectSources? {
    let key = ProjectPages.Key(repository: start.repository, project: package.route)
    let mark = routes.mark(start.map, package.route)
    if let sources = pages.sources(key, at: mark) ?? kept.way(key, at: mark) { return sources }
    let search = ProjectSearch(
      coordinates: package,
      spellings: [],
      graph: start.map.graph,
      limit: quotas.searchedRepositories
    )
    let sources = try? await reading { rows throws(CatalogError) in
      let found = try search.sources(from: start.repository, in: rows)
      return ProjectSources(found, in: search.graph, readAfter: mark)
    }
    if let sources { kept.keep(sources, as: key) }
    return sources
  }

  /// How stale documents of registries are that are still what they were; nil when one is not, or
  /// when a registry is reached that none of them is of.
  fileprivate func staleness(
    of documents: [SourceDocument],
    _ package: PackageCoordinates,
    _ sources: ProjectSources
  ) async -> [Duration?]? {
    guard Set(documents.map(\.read.connection)) == Set(sources.connections) else { return nil }
    var staleness: Duration?
    for document in documents {
      guard let reach = sources.reach(of: document.read.connection) else { return nil }
      let inquiry = await shelf.inquiry(package, on: reach, notBefore: nil)
      let finding = await shelf.finding(document.read, inquiry)
      guard let record = finding.record, SourceDocument(document.read, record) == document else {
        return nil
      }
      if let age = finding.staleness { staleness = max(staleness ?? .zero, age) }
    }
    return [staleness]
  }
}

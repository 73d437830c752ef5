internal import Bytes

/// Documents that can be written anew at any time: no change of a domain, and in no journal.
extension CatalogTransaction {
  /// Keeps a document in place of the one of the same name.
  package func store(_ document: KeptDocumentRecord) throws(CatalogError) {
    try connection.run(
      KeptDocumentStatements.store,
      [
        .id(document.repository), .text(document.name), .bytes(document.stamp.bytes),
        .text(document.reads), .bytes(document.blob.bytes), .time(document.keptAt),
      ]
    )
  }

  /// Forgets the documents that were kept at `time` or before; returns how many.
  ///
  /// All at once: they are some thousand rows at most, and between two sweeps few grow too old.
  @discardableResult
  package func forgetKeptDocuments(keptBy time: Timestamp) throws(CatalogError) -> Int {
    try connection.run(KeptDocumentStatements.deleteOld, [.time(time)])
  }
}

internal import Bytes

extension CatalogReading {
  /// Returns the document of a repository that was kept under a name.
  package func keptDocument(
    _ name: String,
    of repository: RepositoryID
  ) throws(CatalogError) -> KeptDocumentRecord? {
    try connection.row(
      KeptDocumentStatements.byName,
      [.id(repository), .text(name)]
    ) { row throws(CatalogError) in
      KeptDocumentRecord(
        repository: try row.id(0),
        name: try row.text(1),
        stamp: try row.digest(2),
        reads: try row.text(3),
        blob: try row.digest(4),
        keptAt: try row.time(5)
      )
    }
  }
}

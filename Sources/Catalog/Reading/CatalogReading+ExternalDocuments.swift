extension CatalogReading {
  /// Returns what is known of a document of a public registry.
  package func externalDocument(
    _ key: ExternalDocumentKey
  ) throws(CatalogError) -> ExternalDocumentRecord? {
    try connection.row(
      ExternalDocumentStatements.byPath,
      [.text(key.connection.rawValue), .text(key.path)],
      ExternalDocumentRecord.init
    )
  }
}

extension ExternalDocumentRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.init(
      key: ExternalDocumentKey(connection: try row.word(0), path: try row.text(1)),
      source: try row.text(2),
      status: Int(try row.integer(3)),
      blob: try AttachedBlob(row, from: 4),
      contentType: try row.textIfPresent(6),
      entityTag: try row.textIfPresent(7),
      lastModified: try row.textIfPresent(8),
      fetchedAt: try row.time(9),
      checkedAt: try row.time(10)
    )
  }
}

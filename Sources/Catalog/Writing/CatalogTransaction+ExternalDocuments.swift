internal import Bytes

extension CatalogTransaction {
  /// Keeps what a public registry answered, in place of what was known before.
  package func store(_ document: ExternalDocumentRecord) throws(CatalogError) {
    try connection.run(
      ExternalDocumentStatements.store,
      [
        .text(document.key.connection.rawValue), .text(document.key.path), .text(document.source),
        .count(document.status), document.blob.map { .bytes($0.key.bytes) } ?? .null,
        document.blob.map { .integer($0.byteCount) } ?? .null, .text(document.contentType),
        .text(document.entityTag), .text(document.lastModified), .time(document.fetchedAt),
        .time(document.checkedAt),
      ]
    )
  }

  /// Notes that the registry confirmed a document at `time`; returns whether it is known.
  @discardableResult
  package func touch(
    _ key: ExternalDocumentKey,
    checkedAt time: Timestamp
  ) throws(CatalogError) -> Bool {
    let values: [SQLValue] = [.time(time), .text(key.connection.rawValue), .text(key.path)]
    return try connection.run(ExternalDocumentStatements.touch, values) > 0
  }
}

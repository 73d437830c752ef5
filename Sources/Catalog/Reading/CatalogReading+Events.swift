extension CatalogReading {
  /// Returns how far a destination has come, for each domain there is or was, in order of key from
  /// after `domain` on.
  package func eventPositions(
    of destination: String,
    after domain: DomainID? = nil,
    limit: Int
  ) throws(CatalogError) -> [EventPosition] {
    try connection.rows(
      EventStatements.positions,
      [.text(destination), .integer(domain?.rawValue ?? 0), .count(limit)]
    ) { row throws(CatalogError) in
      EventPosition(
        domainID: try row.id(0),
        owner: try row.text(1),
        domain: try row.text(2),
        serial: try row.integer(3),
        delivered: try row.integerIfPresent(4) ?? 0
      )
    }
  }
}

extension CatalogTransaction {
  /// Makes a destination of events known, which begins with what happens from now on; one that is
  /// known already goes on where it is.
  package func addEventDestination(_ name: String, at time: Timestamp) throws(CatalogError) {
    let isNew =
      try connection.row(EventStatements.insertDestination, [.text(name), .time(time)]) {
        row throws(CatalogError) in try row.text(0)
      } != nil
    if isNew { try connection.run(EventStatements.startCursors, [.text(name)]) }
  }

  /// Notes that a destination has everything of a domain up to and with `serial`.
  package func setEventCursor(
    of destination: String,
    in domain: DomainID,
    to serial: Int64
  ) throws(CatalogError) {
    try connection.run(
      EventStatements.setCursor,
      [.text(destination), .id(domain), .integer(serial)]
    )
  }
}

extension CatalogTransaction {
  /// Notes what a registry lists of a package for the first time: one row, however much it is.
  package func note(_ sighting: Sighting, of key: SightingKey) throws(CatalogError) {
    let members = sighting.times.sorted { $0.key < $1.key }.map { name, time in
      (key: name, value: JSONText.integer(time.microseconds))
    }
    try connection.run(
      SightingStatements.insert,
      [
        .text(key.connection.rawValue), .text(key.package.description), .time(sighting.seenAt),
        .text(JSONText.object(members).text),
      ]
    )
  }
}

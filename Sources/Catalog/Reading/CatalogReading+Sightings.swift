internal import Foundation

extension CatalogReading {
  /// Returns what was seen of a package at a registry, oldest sighting first.
  ///
  /// One statement, and one row for each time that something new was seen.
  package func sightings(of key: SightingKey) throws(CatalogError) -> [Sighting] {
    try connection.rows(
      SightingStatements.ofPackage,
      [.text(key.connection.rawValue), .text(key.package.description)]
    ) { row throws(CatalogError) in
      Sighting(seenAt: try row.time(0), times: try row.times(1))
    }
  }
}

extension ResultRow {
  /// Reads a JSON object of times in microseconds.
  fileprivate func times(_ index: Int) throws(CatalogError) -> [String: Timestamp] {
    let text = try text(index)
    let read = try? JSONDecoder().decode([String: Int64].self, from: Data(text.utf8))
    guard let read else { throw damage(index, "times by version as JSON") }
    return read.mapValues(Timestamp.init(microseconds:))
  }
}

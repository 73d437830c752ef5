/// The statements over `sighting`.
enum SightingStatements {
  static let ofPackage = NamedStatement(
    "sightings of package",
    "SELECT seen_at, times FROM sighting WHERE connection = ? AND package = ? ORDER BY id"
  )
  static let insert = NamedStatement(
    "insert sighting",
    "INSERT INTO sighting (connection, package, seen_at, times) VALUES (?, ?, ?, ?)"
  )

  static let all = [ofPackage, insert]
}

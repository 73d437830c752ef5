/// What identifies a package as one public registry has it.
package struct SightingKey: Hashable, Sendable {
  package let connection: ExternalConnection
  package let package: PackageCoordinates

  package init(connection: ExternalConnection, package: PackageCoordinates) {
    self.connection = connection
    self.package = package
  }
}

/// What a public registry listed of a package for the first time at one moment.
///
/// Public data, shared by every domain, so no change of a domain and not in any journal.
package struct Sighting: Hashable, Sendable {
  /// When this server saw it.
  package var seenAt: Timestamp
  /// From when on each of what was new counts as seen: see the decision "A version's age counts
  /// from when this server saw it".
  package var times: [String: Timestamp]

  package init(seenAt: Timestamp, times: [String: Timestamp]) {
    self.seenAt = seenAt
    self.times = times
  }
}

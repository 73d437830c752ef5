/// A project's page in the simple index, whichever representation carries it.
///
/// Holds what PEPs 503, 592, 658, 691, 700, 708, 714, 740 and 792 define, so that a page can be
/// read in one representation and written in the other without loss where the other has room.
package struct SimplePage: Hashable, Sendable {
  /// The version of the index API that pages are written in (PEP 700).
  package static let writtenVersion = "1.1"

  /// The project's name as the page gives it; an HTML page gives none.
  package var name: String
  /// In the page's own order.
  package var files: [SimpleFile]
  /// The versions the page lists (PEP 700); an HTML page lists none.
  package var versions: [String]
  /// Addresses of the project's pages elsewhere that this one extends (PEP 708).
  package var tracks: [String]
  /// Addresses of this same project in other indexes (PEP 708).
  package var alternateLocations: [String]
  /// What the project's owners say of it (PEP 792); nil when the page says nothing.
  package var status: ProjectStatus?

  package init(
    name: String,
    files: [SimpleFile] = [],
    versions: [String] = [],
    tracks: [String] = [],
    alternateLocations: [String] = [],
    status: ProjectStatus? = nil
  ) {
    self.name = name
    self.files = files
    self.versions = versions
    self.tracks = tracks
    self.alternateLocations = alternateLocations
    self.status = status
  }
}

/// A project's status marker and its reason (PEP 792).
package struct ProjectStatus: Hashable, Sendable {
  /// `active`, `archived`, `quarantined`, `deprecated`, or a word of a later specification.
  package var marker: String
  package var reason: String?

  package init(marker: String, reason: String? = nil) {
    self.marker = marker
    self.reason = reason
  }
}

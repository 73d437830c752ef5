/// The paths of an archive's members.
enum ArchivePath {
  /// Whether a path is relative and climbs out of the archive's top nowhere on its way.
  static func staysInside(_ path: String) -> Bool {
    guard !path.hasPrefix("/"), !path.utf8.contains(0) else { return false }
    var depth = 0
    for part in path.split(separator: "/") where part != "." {
      depth += part == ".." ? -1 : 1
      guard depth >= 0 else { return false }
    }
    return true
  }
}

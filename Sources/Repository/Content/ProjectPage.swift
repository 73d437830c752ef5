package import Bytes

/// A Python project as one repository shows it: its own files, those of its upstreams, and those of
/// the external connections they reach, merged (CodeArtifact's search order, its origin controls
/// and its version status applied).
package struct ProjectPage: Sendable {
  /// The project's normalised name.
  package let project: String
  /// What may be listed, each file name once.
  package let files: [ProjectFile]
  /// Changes whenever anything on the page does, and only then: the root of every strong `ETag`.
  package let stamp: SHA256Digest
  /// How long ago the oldest external part was last known to be right, when the external source
  /// could not be asked again in time; nil when all of the page is as fresh as the settings want.
  package let staleness: Duration?

  package init(
    project: String,
    files: [ProjectFile],
    stamp: SHA256Digest,
    staleness: Duration?
  ) {
    self.project = project
    self.files = files
    self.stamp = stamp
    self.staleness = staleness
  }

  /// The versions of which a file is listed, each once, in the order of the files.
  package var versions: [String] {
    var seen: Set<String> = []
    return files.compactMap { seen.insert($0.version).inserted ? $0.version : nil }
  }
}

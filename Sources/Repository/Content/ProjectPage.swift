package import Bytes
package import FormatRules

/// A Python project as one repository shows it: its own files, those of its upstreams, and those of
/// the external connections they reach, merged (CodeArtifact's search order, its origin controls
/// and its version status applied).
package struct ProjectPage: Sendable {
  /// The page, each file name once.
  ///
  /// Every file's address is relative to the page's own: `{version}/{file name}`, percent-encoded,
  /// so that one rendering serves every base; so are those of provenance, which have to be whole
  /// where they are rendered.
  package let page: SimplePage
  /// Changes whenever anything on the page does, and only then: the root of every strong `ETag`.
  package let stamp: SHA256Digest
  /// How long ago the oldest external part was last known to be right, when its source could not be
  /// asked again in time; nil when all of the page is as fresh as the settings want.
  package let staleness: Duration?

  package init(page: SimplePage, stamp: SHA256Digest, staleness: Duration?) {
    self.page = page
    self.stamp = stamp
    self.staleness = staleness
  }
}

package import Bytes
package import FormatRules

/// A package as a repository shows it: what it holds merged with what it reaches.
package struct MergedPackage: Sendable {
  /// Files have no addresses: all of them are served here.
  ///
  /// Versions that may not be downloaded
  /// (archived, disposed of) are left out, as are unfinished ones.
  package let listing: PackageListing
  /// Changes whenever ``listing`` does: what documents made from it are known by.
  package let stamp: SHA256Digest
  /// How long ago an external document in it was last known to be right, when that is longer ago
  /// than the settings want; nil when everything is fresh.
  package let staleness: Duration?
  /// Whether what is shown comes from the domain alone: no registry may be asked for the package.
  package let reachesNoRegistry: Bool
  /// The versions that cool-downs leave out now.
  package let heldBack: Set<String>
  /// The documents of registries that it was made from; nil when documents made from it are not to
  /// be kept.
  let documents: [SourceDocument]?
}

/// A version of a package as a place lists it.
package struct ListedVersion: Hashable, Sendable {
  /// The version in the normalised spelling of its format: equal versions are equal texts.
  package var version: String
  /// When it was first published, where the place says so.
  package var publishedAt: UploadTime?
  /// What the format says of the version, as its own object: npm's manifest, Cargo's index line.
  package var metadata: JSONValue
  /// False for what is yanked or unlisted: resolvers pass over it, and lock files still get it.
  package var isListed: Bool
  package var files: [ListedFile]

  package init(
    version: String,
    publishedAt: UploadTime? = nil,
    metadata: JSONValue = .object([]),
    isListed: Bool = true,
    files: [ListedFile] = []
  ) {
    self.version = version
    self.publishedAt = publishedAt
    self.metadata = metadata
    self.isListed = isListed
    self.files = files
  }
}

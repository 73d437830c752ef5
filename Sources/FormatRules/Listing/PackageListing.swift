/// What one place says of a package, in the terms that all formats share.
///
/// A place is a repository's rows or a public registry's documents; a merge of several has the same
/// form, and each format renders its own documents from it.
package struct PackageListing: Hashable, Sendable {
  /// The name as that place spells it.
  package var name: String
  /// In the order that the place has them in; formats that sort do so when they render.
  package var versions: [ListedVersion]
  /// What belongs to the package as a whole and not to a version, as the format's own object: the
  /// `dist-tags` of npm, for one.
  package var attributes: JSONValue

  package init(name: String, versions: [ListedVersion], attributes: JSONValue = .object([])) {
    self.name = name
    self.versions = versions
    self.attributes = attributes
  }
}

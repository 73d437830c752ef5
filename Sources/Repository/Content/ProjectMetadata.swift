package import FormatRules

/// What a row keeps of a Python version (`DescribePackageVersion`: summary, home page, source
/// repository, licences), cut from its core metadata.
///
/// Dependencies and description stay where they are, in the file's own metadata: they may be long,
/// and are seldom asked for.
package enum ProjectMetadata {
  /// Returns the JSON object that rows keep; `{}` when the metadata says none of it.
  package static func json(of metadata: CoreMetadata) -> String {
    var description = VersionDescription(python: metadata)
    description.dependencies = []
    description.readme = nil
    return description.row.storedText
  }
}

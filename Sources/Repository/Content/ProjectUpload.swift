/// A file of a Python project on its way in (the legacy upload API, as twine and uv speak it).
package struct ProjectUpload: Sendable {
  package var repository: RepositoryPath
  /// The project's name as the publisher spells it; its normal form is the package.
  package var project: String
  /// The version as the form says it.
  package var version: String
  package var fileName: String
  package var requiresPython: String?
  /// What is kept of the version for the control API, as a JSON object: summary, home page….
  package var metadata: String

  package init(
    repository: RepositoryPath,
    project: String,
    version: String,
    fileName: String,
    requiresPython: String? = nil,
    metadata: String = "{}"
  ) {
    self.repository = repository
    self.project = project
    self.version = version
    self.fileName = fileName
    self.requiresPython = requiresPython
    self.metadata = metadata
  }
}

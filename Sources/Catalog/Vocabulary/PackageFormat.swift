/// The package formats of the control API (CodeArtifact API 2018-09-22, `PackageFormat`).
package enum PackageFormat: String, CaseIterable, Sendable {
  case cargo, generic, maven, npm, nuget, pypi, ruby, swift
}

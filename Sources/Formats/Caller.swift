import Access
import Catalog
import Exchange
import Repository

/// Who is asking, and the repository they talk to.
struct Caller: Sendable {
  let principal: Principal
  let path: RepositoryPath
  let region: String
  /// Where what the request turns out to be about is noted.
  let trail: CallTrail

  /// Returns when the caller may read from the repository.
  ///
  /// - Throws: `accessDenied` with the sentence AWS uses.
  func requireReading() throws(RepositoryError) {
    try require(
      .readFromRepository,
      on: ARN.repository(
        path.repository,
        domain: path.domain,
        owner: path.owner,
        region: region
      )
    )
  }

  /// Returns when the caller may publish versions of a package.
  ///
  /// - Throws: `accessDenied` with the sentence AWS uses.
  func requirePublishing(of package: String, format: String) throws(RepositoryError) {
    try require(
      .publishPackageVersion,
      on: ARN.package(
        package,
        namespace: nil,
        format: format,
        repository: path.repository,
        domain: path.domain,
        owner: path.owner,
        region: region
      )
    )
  }

  /// Returns when the caller may publish versions of a package.
  ///
  /// - Throws: `accessDenied` with the sentence AWS uses.
  func requirePublishing(of package: PackageCoordinates) throws(RepositoryError) {
    try require(.publishPackageVersion, on: name(of: package))
  }

  /// Returns when the caller may change versions of a package that are there: deprecate, unlist,
  /// remove.
  ///
  /// - Throws: `accessDenied` with the sentence AWS uses.
  func requireUpdating(of package: PackageCoordinates) throws(RepositoryError) {
    try require(.updatePackageVersionsStatus, on: name(of: package))
  }

  /// Returns when the caller may remove versions of a package.
  ///
  /// - Throws: `accessDenied` with the sentence AWS uses.
  func requireDeleting(of package: PackageCoordinates) throws(RepositoryError) {
    try require(.deletePackageVersions, on: name(of: package))
  }

  /// Returns when the caller may change what belongs to a package as a whole, such as its tags.
  ///
  /// - Throws: `accessDenied` with the sentence AWS uses.
  func requireTagging(of package: PackageCoordinates) throws(RepositoryError) {
    try require(.putPackageMetadata, on: name(of: package))
  }

  private func name(of package: PackageCoordinates) -> ARN {
    ARN.package(
      package.name,
      namespace: package.namespace,
      format: package.format.rawValue,
      repository: path.repository,
      domain: path.domain,
      owner: path.owner,
      region: region
    )
  }

  private func require(_ action: Action, on resource: ARN) throws(RepositoryError) {
    trail.note(action, on: resource)
    do {
      try Authorizer().authorize(principal, to: action, on: resource)
    } catch {
      throw RepositoryError(.accessDenied, error.message, cause: error)
    }
  }
}

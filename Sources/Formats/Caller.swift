import Access
import Catalog
import Exchange
import Repository

/// Who is asking, and the repository they talk to.
struct Caller: Sendable {
  let principal: Principal
  let path: RepositoryPath
  /// What conditions of policies may look at.
  let context: AccessContext
  let depot: Depot
  /// Where what the request turns out to be about is noted.
  let trail: CallTrail

  /// Returns when the caller may read from the repository.
  ///
  /// - Throws: as ``require(_:)``.
  func requireReading() async throws(RepositoryError) {
    try await require { () throws(RepositoryError) in
      try await depot.authorize(
        principal,
        to: .readFromRepository,
        on: path,
        context: context
      )
    }
  }

  /// Returns when the caller may publish versions of a package.
  ///
  /// - Throws: as ``require(_:)``.
  func requirePublishing(of package: String, format: String) async throws(RepositoryError) {
    try await require(
      .publishPackageVersion,
      on: ARN.package(
        package,
        namespace: nil,
        format: format,
        repository: path.repository,
        domain: path.domain,
        owner: path.owner,
        region: depot.options.region
      )
    )
  }

  /// Returns when the caller may publish versions of a package.
  ///
  /// - Throws: as ``require(_:)``.
  func requirePublishing(of package: PackageCoordinates) async throws(RepositoryError) {
    try await require(.publishPackageVersion, on: name(of: package))
  }

  /// Returns when the caller may change versions of a package that are there: deprecate, unlist,
  /// remove.
  ///
  /// - Throws: as ``require(_:)``.
  func requireUpdating(of package: PackageCoordinates) async throws(RepositoryError) {
    try await require(.updatePackageVersionsStatus, on: name(of: package))
  }

  /// Returns when the caller may remove versions of a package.
  ///
  /// - Throws: as ``require(_:)``.
  func requireDeleting(of package: PackageCoordinates) async throws(RepositoryError) {
    try await require(.deletePackageVersions, on: name(of: package))
  }

  /// Returns when the caller may change what belongs to a package as a whole, such as its tags.
  ///
  /// - Throws: as ``require(_:)``.
  func requireTagging(of package: PackageCoordinates) async throws(RepositoryError) {
    try await require(.putPackageMetadata, on: name(of: package))
  }

  /// Returns when the caller has said who it is.
  ///
  /// - Throws: `unauthenticated`.
  func requireName() throws(RepositoryError) {
    guard !principal.isAnonymous else { throw .tokenRequired }
  }

  private func name(of package: PackageCoordinates) -> ARN {
    ARN.package(
      package.name,
      namespace: package.namespace,
      format: package.format.rawValue,
      repository: path.repository,
      domain: path.domain,
      owner: path.owner,
      region: depot.options.region
    )
  }

  private func require(_ action: Action, on resource: ARN) async throws(RepositoryError) {
    trail.note(action, on: resource)
    try await require { () throws(RepositoryError) in
      try await depot.authorize(principal, to: action, on: resource, context: context)
    }
  }

  /// - Throws: `accessDenied` with the sentence AWS uses; `unauthenticated` for a caller who has
  ///   not said who it is, and may be another who can.
  private func require(
    _ ask: () async throws(RepositoryError) -> Void
  ) async throws(RepositoryError) {
    do throws(RepositoryError) {
      try await ask()
    } catch  where error.code == .accessDenied && principal.isAnonymous {
      throw .tokenRequired
    }
  }
}

extension RepositoryError {
  /// What a client without a token is told, with the challenges that have it come back with one.
  static let tokenRequired = RepositoryError(
    .unauthenticated,
    "This repository asks for a token: as the password of Basic authentication or as Bearer."
  )
}

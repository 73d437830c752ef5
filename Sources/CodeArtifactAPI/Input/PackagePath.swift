import Catalog
import Repository

/// A package in a repository.
struct PackagePath: Hashable, Sendable {
  let repository: RepositoryPath
  let coordinates: PackageCoordinates
}

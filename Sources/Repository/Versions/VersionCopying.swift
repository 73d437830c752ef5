package import Catalog

/// Which versions are to be copied from where to where.
package struct VersionCopying: Sendable {
  package var package: PackageCoordinates
  package var source: RepositoryPath
  /// In the same domain as the source.
  package var destination: RepositoryPath
  package var batch: VersionBatch
  /// Whether versions that the destination has otherwise give way.
  package var allowsOverwriting: Bool
  /// Whether versions are looked for in what lies upstream of the source too.
  package var includesUpstreams: Bool

  package init(
    _ batch: VersionBatch,
    of package: PackageCoordinates,
    from source: RepositoryPath,
    to destination: RepositoryPath,
    allowsOverwriting: Bool = false,
    includesUpstreams: Bool = false
  ) {
    self.package = package
    self.source = source
    self.destination = destination
    self.batch = batch
    self.allowsOverwriting = allowsOverwriting
    self.includesUpstreams = includesUpstreams
  }
}

internal import Catalog

/// Lookups of what a request names: what is not there is the caller's mistake.
extension CatalogReading {
  func requireDomain(owner: String, name: String) throws -> DomainRecord {
    guard let domain = try domain(owner: owner, name: name) else {
      throw RepositoryError(
        .notFound,
        "Domain not found. Domain name: \(name), domain owner: \(owner).",
        resourceID: name,
        resourceType: .domain
      )
    }
    return domain
  }

  func requireRepository(_ name: String, in domain: DomainRecord) throws -> RepositoryRecord {
    guard let repository = try repository(name, in: domain.id) else {
      throw RepositoryError(
        .notFound,
        "Repository not found. Repository name: \(name), domain name: \(domain.name), "
          + "domain owner: \(domain.owner).",
        resourceID: name,
        resourceType: .repository
      )
    }
    return repository
  }

  func requireRepository(
    _ path: RepositoryPath
  ) throws -> (repository: RepositoryRecord, domain: DomainRecord) {
    let domain = try requireDomain(owner: path.owner, name: path.domain)
    return (try requireRepository(path.repository, in: domain), domain)
  }

  func requirePackage(
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) throws -> PackageRecord {
    let (repository, _) = try requireRepository(path)
    guard let package = try package(coordinates, in: repository.id) else {
      throw RepositoryError(
        .notFound,
        "Package not found. Package: \(coordinates), repository name: \(path.repository), "
          + "domain name: \(path.domain).",
        resourceID: String(describing: coordinates),
        resourceType: .package
      )
    }
    return package
  }

  func requireVersion(
    _ version: String,
    of coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) throws -> VersionRecord {
    let package = try requirePackage(coordinates, in: path)
    guard let record = try self.version(version, of: package.id) else {
      throw RepositoryError(
        .notFound,
        "Package version not found. Package: \(coordinates), version: \(version), "
          + "repository name: \(path.repository), domain name: \(path.domain).",
        resourceID: "\(coordinates)/\(version)",
        resourceType: .packageVersion
      )
    }
    return record
  }
}

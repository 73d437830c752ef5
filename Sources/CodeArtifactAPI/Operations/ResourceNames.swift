import Access
import Catalog
import Repository

extension CodeArtifactAPI {
  /// The resource name of a domain.
  func arn(_ domain: DomainPath) -> ARN {
    .domain(domain.domain, owner: domain.owner, region: region)
  }

  /// The resource name of a domain that there is.
  func arn(_ domain: DomainRecord) -> ARN {
    .domain(domain.name, owner: domain.owner, region: region)
  }

  /// The resource name of a repository.
  func arn(_ path: RepositoryPath) -> ARN {
    .repository(path.repository, domain: path.domain, owner: path.owner, region: region)
  }

  /// The resource name of a package group.
  func arn(_ pattern: String, in domain: DomainPath) -> ARN {
    .packageGroup(
      pattern: pattern,
      domain: domain.domain,
      owner: domain.owner,
      region: region
    )
  }

  /// The resource name of a package.
  func arn(_ path: PackagePath) -> ARN {
    .package(
      path.coordinates.name,
      namespace: path.coordinates.namespace,
      format: path.coordinates.format.rawValue,
      repository: path.repository.repository,
      domain: path.repository.domain,
      owner: path.repository.owner,
      region: region
    )
  }
}

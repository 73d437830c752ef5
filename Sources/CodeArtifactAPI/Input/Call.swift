import Access
import Bytes
import Catalog
import Exchange
import Repository

/// One call of one caller: who asks, for what, and by which address we were reached.
struct Call: Sendable {
  /// Content of any length that is still to be read, and the hash that its signature covers.
  struct Upload: Sendable {
    let body: RequestBody
    let claimedHash: SHA256Digest
  }

  let principal: Principal
  /// What conditions of policies may look at.
  var context: AccessContext
  /// See ``Exchange/Request/base``.
  let base: String
  var input: OperationInput
  /// Nil for operations whose body is parameters.
  var upload: Upload?
}

extension Call {
  /// The account that owns the domain in question: the caller's own unless it names another.
  private mutating func domainOwner() -> String {
    input.optional("domain-owner", member: "domainOwner", .accountID) ?? principal.account
  }

  /// The domain in question.
  mutating func domain() -> DomainPath {
    let name = input.required("domain", member: "domain", .domainName)
    return DomainPath(owner: domainOwner(), domain: name)
  }

  /// The repository in question.
  mutating func repository(
    _ parameter: String = "repository",
    member: String = "repository"
  ) -> RepositoryPath {
    let domain = domain()
    let name = input.required(parameter, member: member, .repositoryName)
    return RepositoryPath(owner: domain.owner, domain: domain.domain, repository: name)
  }

  /// The package in question, its names as the format stores them.
  mutating func package(
    in parameter: String = "repository",
    member: String = "repository"
  ) -> PackagePath {
    let repository = repository(parameter, member: member)
    let given = coordinates()
    let coordinates = PackageCoordinates(
      format: given.format,
      namespace: given.namespace.map { PackageRules.normalized($0, in: given.format) },
      name: PackageRules.normalized(given.name, in: given.format)
    )
    return PackagePath(repository: repository, coordinates: coordinates)
  }

  /// The package in question, whatever repository it is in, its names as they were given.
  mutating func coordinates() -> PackageCoordinates {
    let format = input.required("format", member: "format", oneOf: PackageFormat.self)
    let namespace = input.optional("namespace", member: "namespace", .packageNamespace)
    let name = input.required("package", member: "package", .packageName)
    guard let format else { return PackageCoordinates(format: .generic, name: name) }
    checkNamespace(namespace, of: format)
    return PackageCoordinates(format: format, namespace: namespace, name: name)
  }

  /// The package version in question.
  mutating func packageVersion() -> (package: PackagePath, version: String) {
    let package = package()
    let version = input.required("version", member: "packageVersion", .packageVersion)
    return (package, PackageRules.normalizedVersion(version, in: package.coordinates.format))
  }

  /// The page in question: how many items, and where the listing goes on.
  mutating func page(default count: Int64) -> (limit: Int, token: String?) {
    let limit = input.optional("max-results", member: "maxResults", in: 1...1000)
    let token = input.optional("next-token", member: "nextToken", .paginationToken)
    return (Int(limit ?? count), token)
  }

  private mutating func checkNamespace(_ namespace: String?, of format: PackageFormat) {
    switch (PackageRules.namespaceUse(in: format), namespace) {
    case (.required, nil):
      input.note("namespace", value: nil, "Member must not be null for format \(format.rawValue)")
    case (.absent, let namespace?):
      input.note(
        "namespace",
        value: namespace,
        "Member must be null: packages of format \(format.rawValue) have no namespace"
      )
    default: break
    }
  }
}

extension Call {
  /// The tags of a resource to be created, or to be put on one; policies may look at them.
  mutating func tags(isRequired: Bool = false) -> [Tag] {
    guard let tags = input.objects(body: "tags", upTo: 200) else {
      if isRequired { input.note("tags", value: nil, "Member must not be null") }
      return []
    }
    return tags.enumerated().map { index, tag in
      let path = "tags.\(index + 1).member"
      let tag = Tag(
        key: input.required("key", of: tag, path: path, .tagKey),
        value: input.required("value", of: tag, path: path, .tagValue)
      )
      context.requestTags[tag.key] = tag.value
      return tag
    }
  }
}

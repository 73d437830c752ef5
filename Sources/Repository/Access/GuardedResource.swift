internal import Access

/// What a decision is about, as the question names it.
enum GuardedResource: Hashable, Sendable {
  /// The caller's account as a whole.
  case account
  /// A repository, which the hit path asks about without spelling its name out.
  case repository(RepositoryPath)
  case named(ARN)
}

/// Where the resource of a question is: whose policies have a say.
struct GuardedPlace: Hashable, Sendable {
  let owner: String
  let domain: String
  /// Nil for a domain itself and for its package groups.
  let repository: String?
}

extension GuardedResource {
  /// The place of the resource; nil for what is in no domain.
  var place: GuardedPlace? {
    switch self {
    case .account: return nil
    case .repository(let path):
      return GuardedPlace(owner: path.owner, domain: path.domain, repository: path.repository)
    case .named(let name):
      let parts = name.resource.split(separator: "/", omittingEmptySubsequences: false)
      guard name.service == "codeartifact", parts.count >= 2 else { return nil }
      let isInRepository = parts[0] == "repository" || parts[0] == "package"
      return GuardedPlace(
        owner: name.account,
        domain: String(parts[1]),
        repository: isInRepository && parts.count >= 3 ? String(parts[2]) : nil
      )
    }
  }

  /// The same, by its full name where it has one.
  func named(region: String) -> GuardedResource {
    guard case .repository(let path) = self else { return self }
    return .named(path.arn(region: region))
  }

  /// The names by which policies may mean the resource, the one for messages first.
  func names(for action: Action, region: String) -> [String] {
    guard let place else {
      guard case .named(let name) = self else { return ["*"] }
      return [name.description]
    }
    var names: [ARN]
    switch self {
    case .account: names = []
    case .repository(let path): names = [path.arn(region: region)]
    case .named(let name): names = [name]
    }
    if action.mayBeAllowedOnDomain {
      names.append(.domain(place.domain, owner: place.owner, region: region))
    }
    if action.targets == [.repository, .package], let repository = place.repository {
      // Said of a package, it is said of the repository too.
      let path = RepositoryPath(
        owner: place.owner,
        domain: place.domain,
        repository: repository
      )
      if !names.contains(path.arn(region: region)) { names.append(path.arn(region: region)) }
    }
    return names.map(\.description)
  }
}

extension RepositoryPath {
  func arn(region: String) -> ARN {
    .repository(repository, domain: domain, owner: owner, region: region)
  }
}

extension ARN {
  /// The name of a domain.
  package static func domain(_ domain: String, owner: String, region: String) -> ARN {
    ARN(region: region, account: owner, resource: "domain/\(domain)")
  }

  /// The name of a repository, under the domain's owner, whoever administers it.
  package static func repository(
    _ repository: String,
    domain: String,
    owner: String,
    region: String
  ) -> ARN {
    ARN(region: region, account: owner, resource: "repository/\(domain)/\(repository)")
  }

  /// The name of a package, given in its normalised spelling.
  ///
  /// A package without a namespace keeps an empty place for it: `…/npm//react`.
  package static func package(
    _ package: String,
    namespace: String?,
    format: String,
    repository: String,
    domain: String,
    owner: String,
    region: String
  ) -> ARN {
    let path = "\(domain)/\(repository)/\(format)/\(namespace ?? "")/\(package)"
    return ARN(region: region, account: owner, resource: "package/\(path)")
  }

  /// The name of a package group, from its pattern, which begins with `/`.
  ///
  /// Only `*`, `$` and `%` are escaped, with lowercase digits, as the service's guide asks.
  package static func packageGroup(
    pattern: String,
    domain: String,
    owner: String,
    region: String
  ) -> ARN {
    var encoded = ""
    for character in pattern {
      switch character {
      case "*": encoded += "%2a"
      case "$": encoded += "%24"
      case "%": encoded += "%25"
      default: encoded.append(character)
      }
    }
    return ARN(region: region, account: owner, resource: "package-group/\(domain)\(encoded)")
  }

  /// The name of a user of an account, as IAM writes it.
  package static func user(_ name: String, account: String) -> ARN {
    ARN(service: "iam", region: "", account: account, resource: "user/\(name)")
  }

  /// The name of a role of an account, as IAM writes it.
  package static func role(_ name: String, account: String) -> ARN {
    ARN(service: "iam", region: "", account: account, resource: "role/\(name)")
  }

  /// The name of a session of a role, as STS writes it.
  package static func assumedRole(_ role: String, session: String, account: String) -> ARN {
    ARN(
      service: "sts",
      region: "",
      account: account,
      resource: "assumed-role/\(role)/\(session)"
    )
  }

  /// The name of an identity provider of an account: its address without the scheme.
  package static func provider(_ issuer: String, account: String) -> ARN {
    let place = issuer.split(separator: "://", maxSplits: 1).last.map(String.init) ?? issuer
    return ARN(service: "iam", region: "", account: account, resource: "oidc-provider/\(place)")
  }

  /// The name of an account as a whole.
  package static func root(of account: String) -> ARN {
    ARN(service: "iam", region: "", account: account, resource: "root")
  }
}

import Access

/// How often who may call what: none by default.
package struct ThrottleRules: Hashable, Sendable {
  /// What a rate holds for.
  package enum Scope: Hashable, Sendable {
    /// All calls of an account that read.
    case reads
    /// All calls of an account that change something.
    case writes
    /// All requests with one token.
    case token
    /// All requests without a token from one address.
    case address
    /// One operation of an account, or one permission of its package managers.
    case event(String)

    /// Reads a name: one of the four words, or that of an operation.
    package init?(_ name: String) {
      switch name {
      case "reads": self = .reads
      case "writes": self = .writes
      case "token": self = .token
      case "address": self = .address
      case _ where Action(rawValue: name) != nil: self = .event(name)
      default: return nil
      }
    }
  }

  package var rates: [Scope: TokenBucket.Rate]

  package init(_ rates: [Scope: TokenBucket.Rate] = [:]) {
    self.rates = rates
  }

  /// The service's own rates (CodeArtifact user guide, "Quotas in AWS CodeArtifact").
  package static let service = ThrottleRules(
    [
      Scope.reads: 800, .writes: 100, .token: 1200, .address: 600,
      .event("GetAuthorizationToken"): 40, .event("GetPackageVersionAsset"): 50,
      .event("ListPackages"): 200, .event("ListPackageVersions"): 200,
      .event("ListPackageVersionAssets"): 200, .event("PublishPackageVersion"): 10,
      .event("CopyPackageVersions"): 5,
    ].compactMapValues { TokenBucket.Rate(perSecond: $0) }
  )
}

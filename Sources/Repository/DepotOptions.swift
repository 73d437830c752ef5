/// What a depot is told when it is made.
package struct DepotOptions: Sendable {
  /// The region in the names of resources.
  package var region: String
  package var quotas: Quotas
  /// How often who may call what.
  package var throttle: ThrottleRules

  package init(
    region: String,
    quotas: Quotas = Quotas(),
    throttle: ThrottleRules = ThrottleRules()
  ) {
    self.region = region
    self.quotas = quotas
    self.throttle = throttle
  }
}

/// How many there may be of what (CodeArtifact user guide, "Quotas": the service's defaults).
package struct Quotas: Hashable, Sendable {
  package var domainsPerAccount = 10
  package var repositoriesPerDomain = 1000
  package var upstreamsPerRepository = 10
  /// How many repositories one request searches, itself included.
  package var searchedRepositories = 25
  package var assetsPerVersion = 350
  package var tagsPerResource = 50
  /// The service documents none for package groups; each costs memory wherever its domain is used.
  package var packageGroupsPerDomain = 1000

  package init() {}
}

/// What an action is done to, and which policies of resources are asked about it.
///
/// Source: service authorization reference of CodeArtifact, and its user guide, "Resource-based
/// policies".
extension Action {
  /// The kinds of resources that an action may be done to.
  package enum Target: Hashable, CaseIterable, Sendable {
    /// The caller's account.
    case account
    case domain
    case repository
    case package
    case packageGroup
  }

  package var targets: Set<Target> {
    switch self {
    case .listDomains, .listRepositories, .createDomain: [.account]
    case .describeDomain, .deleteDomain, .getAuthorizationToken, .listRepositoriesInDomain,
      .listPackageGroups, .getDomainPermissionsPolicy, .putDomainPermissionsPolicy,
      .deleteDomainPermissionsPolicy:
      [.domain]
    case .createRepository, .describeRepository, .updateRepository, .deleteRepository,
      .getRepositoryEndpoint, .listPackages, .readFromRepository,
      .associateWithDownstreamRepository, .associateExternalConnection,
      .disassociateExternalConnection, .getRepositoryPermissionsPolicy,
      .putRepositoryPermissionsPolicy, .deleteRepositoryPermissionsPolicy:
      [.repository]
    case .copyPackageVersions: [.repository, .package]
    case .describePackage, .describePackageVersion, .listPackageVersions,
      .listPackageVersionAssets, .listPackageVersionDependencies, .getPackageVersionAsset,
      .getPackageVersionReadme, .publishPackageVersion, .putPackageMetadata,
      .putPackageOriginConfiguration, .updatePackageVersionsStatus, .disposePackageVersions,
      .deletePackageVersions, .deletePackage:
      [.package]
    case .createPackageGroup, .describePackageGroup, .updatePackageGroup,
      .updatePackageGroupOriginConfiguration, .deletePackageGroup, .getAssociatedPackageGroup,
      .listAssociatedPackages, .listSubPackageGroups, .listAllowedRepositoriesForGroup:
      [.packageGroup]
    case .tagResource, .untagResource, .listTagsForResource: [.domain, .repository, .packageGroup]
    }
  }

  /// Whether a domain's policy has a say.
  ///
  /// Not in its own replacement, so that nobody locks the owner out with it.
  package var asksDomainPolicy: Bool {
    self != .putDomainPermissionsPolicy && !targets.contains(.account)
  }

  /// Whether a repository's policy has a say where the action is about the repository or what is in
  /// it.
  ///
  /// Not in its own replacement, and not when a repository is made, which has none yet.
  package var asksRepositoryPolicy: Bool {
    self != .putRepositoryPermissionsPolicy && self != .createRepository
  }

  /// Whether leave may be given on the domain too: what is made is not there to be named yet.
  package var mayBeAllowedOnDomain: Bool {
    self == .createRepository || self == .createPackageGroup
  }
}

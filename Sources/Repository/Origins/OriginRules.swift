package import Catalog

/// By which roads new versions of one package may come into which repositories: the one place that
/// every way in asks.
///
/// Three things decide: the package's own restrictions in a repository, the restrictions of the
/// group that it belongs to, and how it came to that group. What any of them blocks is blocked; a
/// package whose name can be taken for one that a group means (a weak association) is blocked
/// outright. Source: CodeArtifact user guide, "Package origin controls" and "Package group origin
/// controls".
///
/// What is stored already stays usable, whatever the rules say.
package struct OriginRules: Sendable {
  package let package: PackageCoordinates
  /// The group that decides; nil in a domain without any, where nothing is blocked by one.
  package let association: PackageGroupTree.Association?
  private let roads: [GroupRestriction: PackageGroupTree.EffectiveRestriction]

  /// Finds the rules for a package, from memory.
  package init(for package: PackageCoordinates, in groups: PackageGroupTree) {
    self.package = package
    let association = groups.association(of: package)
    self.association = association
    var roads: [GroupRestriction: PackageGroupTree.EffectiveRestriction] = [:]
    if let group = association?.group {
      for road in GroupRestriction.allCases { roads[road] = groups.effective(road, of: group) }
    }
    self.roads = roads
  }

  /// Whether the package's name can be taken for one that its group means.
  package var isLookalike: Bool { association?.type == .weak }

  /// Whether new versions may come into a repository by publishing.
  ///
  /// - Parameters:
  ///   - repository: where.
  ///   - restrictions: those of the package there; nil when it is not there yet.
  /// - Returns: true when nothing that is said of the package blocks it.
  package func allowsPublishing(
    into repository: RepositoryID,
    _ restrictions: OriginRestrictions?
  ) -> Bool {
    restrictions?.publish != .block && opens(.publish, to: repository)
  }

  /// Whether new versions may come from the public registry that a repository is connected to.
  ///
  /// When not, the registry is not asked about the name either.
  package func allowsIngestion(
    into repository: RepositoryID,
    _ restrictions: OriginRestrictions?
  ) -> Bool {
    restrictions?.upstream != .block && opens(.externalUpstream, to: repository)
  }

  /// Whether a repository may retain new versions that its upstreams have, from wherever they came.
  package func allowsRetention(
    in repository: RepositoryID,
    _ restrictions: OriginRestrictions?
  ) -> Bool {
    restrictions?.upstream != .block && opens(.internalUpstream, to: repository)
  }

  private func opens(_ road: GroupRestriction, to repository: RepositoryID) -> Bool {
    !isLookalike && roads[road]?.allows(repository) ?? true
  }
}

extension OriginRules {
  /// How the first version of a package comes into a repository.
  package enum FirstArrival: Sendable {
    case published
    case ingested
    /// Retained from an upstream repository.
    case retained
    /// Copied from another repository: the origin is the version's.
    case copied(VersionOrigin)
  }

  /// The restrictions of a package that is new to a repository.
  ///
  /// Where the package's group is open in every respect, the road that the first version came by
  /// stays open and the other is closed, so that neither can shadow the other. Where the group says
  /// anything else, it alone decides.
  package func restrictionsWhenNew(_ arrival: FirstArrival) -> OriginRestrictions {
    guard isGroupOpen else { return OriginRestrictions(publish: .allow, upstream: .allow) }
    let isOwn =
      switch arrival {
      case .published: true
      case .ingested, .retained: false
      case .copied(let origin): origin.type == .internal
      }
    return isOwn
      ? OriginRestrictions(publish: .allow, upstream: .block)
      : OriginRestrictions(publish: .block, upstream: .allow)
  }

  /// Whether all three modes that count for the package are ALLOW.
  private var isGroupOpen: Bool { roads.values.allSatisfy { $0.restriction.mode == .allow } }
}

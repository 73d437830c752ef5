package import Catalog

/// A package group with its place among the others.
package struct PackageGroupDescription: Sendable {
  package let domain: DomainRecord
  package let group: PackageGroupRecord
  /// Nil for the root.
  package let parent: PackageGroupRecord?
  /// What counts for each road.
  package let effective: [GroupRestriction: PackageGroupTree.EffectiveRestriction]

  init(_ group: PackageGroupRecord, in tree: PackageGroupTree, of domain: DomainRecord) {
    self.domain = domain
    self.group = group
    parent = tree.parent(of: group)
    let roads = GroupRestriction.allCases.map { ($0, tree.effective($0, of: group)) }
    effective = Dictionary(uniqueKeysWithValues: roads)
  }
}

/// A package that belongs to a group, whichever repositories hold it.
package struct AssociatedPackage: Hashable, Sendable {
  package let coordinates: PackageCoordinates
  package let type: GroupAssociation
}

/// What changes about a package group's roads.
package struct GroupOriginChange: Sendable {
  /// A repository on the list of one road.
  package struct Entry: Hashable, Sendable {
    package let repository: String
    package let road: GroupRestriction

    package init(repository: String, road: GroupRestriction) {
      self.repository = repository
      self.road = road
    }
  }

  package var modes: [GroupRestriction: GroupRestrictionMode]
  package var added: [Entry]
  package var removed: [Entry]

  package init(
    modes: [GroupRestriction: GroupRestrictionMode] = [:],
    added: [Entry] = [],
    removed: [Entry] = []
  ) {
    self.modes = modes
    self.added = added
    self.removed = removed
  }
}

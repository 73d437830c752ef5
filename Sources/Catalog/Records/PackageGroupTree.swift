/// All package groups of a domain, read at one moment, ready to say which of them a package belongs
/// to.
///
/// Invariants:
///
/// 1. There is a group of the pattern `/*`, and every other group is below it.
/// 2. The parent of a group is the narrowest other group whose pattern covers its own.
package struct PackageGroupTree: Hashable, Sendable {
  /// The group that a package belongs to, and how it came to that.
  package struct Association: Hashable, Sendable {
    package let group: PackageGroupRecord
    package let type: GroupAssociation
  }

  /// What decides about one road for the packages of a group.
  package struct EffectiveRestriction: Hashable, Sendable {
    package let restriction: PackageGroupRecord.Restriction
    /// The group above that it comes from; nil when it is the group's own.
    package let inheritedFrom: PackageGroupRecord?

    /// Whether a repository may take new versions by this road.
    package func allows(_ repository: RepositoryID) -> Bool {
      switch restriction.mode {
      case .allow: true
      case .allowSpecificRepositories: restriction.repositories.contains(repository)
      case .block, .inherit: false
      }
    }
  }

  /// In order of pattern.
  package let groups: [PackageGroupRecord]
  private let byPattern: [PackageGroupPattern: PackageGroupRecord]
  /// Groups that a fold of their patterns does not tell apart, narrowest first.
  private let byFold: [String: [PackageGroupRecord]]

  package init(_ groups: [PackageGroupRecord]) {
    self.groups = groups.sorted { left, right in
      left.pattern.text.utf8.lexicographicallyPrecedes(right.pattern.text.utf8)
    }
    byPattern = Dictionary(self.groups.map { ($0.pattern, $0) }) { first, _ in first }
    byFold = Dictionary(grouping: self.groups, by: \.pattern.folded)
      .mapValues { $0.sorted { $0.pattern.isNarrower(than: $1.pattern) } }
  }

  package subscript(pattern: PackageGroupPattern) -> PackageGroupRecord? { byPattern[pattern] }

  /// Returns the group that a package belongs to: the narrowest whose pattern matches its name, or
  /// a name that it could be taken for.
  ///
  /// Of patterns that are as narrow, one that matches the name itself is preferred.
  /// - Returns: nil only where invariant 1 does not hold.
  /// - Complexity: O(n) in the length of the name, whatever the number of groups.
  package func association(of package: PackageCoordinates) -> Association? {
    // Most domains have no group but the root, and every request for a package asks here.
    if groups.count == 1, groups[0].pattern.text == "/*" {
      return Association(group: groups[0], type: .strong)
    }
    let exactly = PackageGroupPattern(exactly: package)
    for candidate in PackageGroupPattern.foldedCandidates(for: package) {
      guard let found = byFold[candidate], let narrowest = found.first else { continue }
      if let group = found.first(where: { $0.pattern.covers(exactly) }) {
        return Association(group: group, type: .strong)
      }
      return Association(group: narrowest, type: .weak)
    }
    return nil
  }

  /// Returns the group right above a group; nil for the root.
  ///
  /// - Complexity: O(n) in the length of the pattern, whatever the number of groups.
  package func parent(of group: PackageGroupRecord) -> PackageGroupRecord? {
    let stem = group.pattern.stem
    for count in (1...stem.count).reversed() {
      let ending: PackageGroupPattern.Ending = stem[count - 1].continuesWord ? .words : .everything
      let above = PackageGroupPattern(stem: Array(stem[..<count]), ending: ending)
      if above != group.pattern, above.covers(group.pattern), let found = byPattern[above] {
        return found
      }
    }
    return nil
  }

  /// Returns the groups right below a group, in order of pattern.
  ///
  /// - Complexity: O(n) in the number of groups.
  package func children(of group: PackageGroupRecord) -> [PackageGroupRecord] {
    groups.filter { $0.id != group.id && group.pattern.covers($0.pattern) }
      .filter { parent(of: $0)?.id == group.id }
  }

  /// Returns what decides about a road for the packages of a group.
  package func effective(
    _ road: GroupRestriction,
    of group: PackageGroupRecord
  ) -> EffectiveRestriction {
    var current = group
    while let own = current.restrictions[road], own.mode == .inherit,
      let parent = parent(of: current)
    {
      current = parent
    }
    return EffectiveRestriction(
      restriction: current.restrictions[road] ?? .init(mode: .block),
      inheritedFrom: current.id == group.id ? nil : current
    )
  }

  /// The tree with one more group.
  package func adding(_ group: PackageGroupRecord) -> PackageGroupTree {
    PackageGroupTree(groups + [group])
  }
}

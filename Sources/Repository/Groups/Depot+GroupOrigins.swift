package import Catalog

/// What became of a change of a package group's roads.
package struct GroupOriginUpdate: Sendable {
  package let group: PackageGroupDescription
  /// The repositories that came onto the list of each road, in order of name.
  package let added: [GroupRestriction: [String]]
  /// Those that left it.
  package let removed: [GroupRestriction: [String]]
}

extension Depot {
  /// Changes the modes of a package group and its lists of allowed repositories, at once.
  ///
  /// - Throws: ``RepositoryError``: `validation` where the root is to inherit or an entry is both
  ///   added and removed, `notFound` for the domain, the group or a repository.
  package func updateOriginConfiguration(
    ofPackageGroup pattern: String,
    owner: String,
    domain: String,
    _ change: GroupOriginChange
  ) async throws(RepositoryError) -> GroupOriginUpdate {
    let pattern = try PackageGroupPattern(given: pattern)
    try change.validate(for: pattern)
    let now = clock.now()
    return try await write { transaction in
      let domain = try transaction.requireDomain(owner: owner, name: domain)
      let group = try transaction.packageGroups(in: domain.id).require(pattern, in: domain)
      var update = GroupListUpdate(group, modes: change.modes)
      for entry in change.added {
        update.add(try transaction.requireRepository(entry.repository, in: domain), to: entry.road)
      }
      for entry in change.removed {
        let repository = try transaction.requireRepository(entry.repository, in: domain)
        update.remove(repository, from: entry.road)
      }
      try transaction.updatePackageGroup(
        group,
        in: domain.id,
        restrictions: update.restrictions,
        at: now
      )
      return GroupOriginUpdate(
        group: try transaction.describe(pattern, in: domain),
        added: update.added,
        removed: update.removed
      )
    }
  }
}

/// The new lists of a package group, and what is new about them.
private struct GroupListUpdate {
  private(set) var restrictions: [GroupRestriction: PackageGroupRecord.Restriction]
  private(set) var added: [GroupRestriction: [String]] = [:]
  private(set) var removed: [GroupRestriction: [String]] = [:]

  init(_ group: PackageGroupRecord, modes: [GroupRestriction: GroupRestrictionMode]) {
    restrictions = group.restrictions
    for (road, mode) in modes {
      restrictions[road] = .init(mode: mode, repositories: restrictions[road]?.repositories ?? [])
    }
  }

  mutating func add(_ repository: RepositoryRecord, to road: GroupRestriction) {
    guard let old = restrictions[road], !old.repositories.contains(repository.id) else { return }
    restrictions[road] = .init(
      mode: old.mode,
      repositories: old.repositories.union([repository.id])
    )
    added[road, default: []].append(repository.name)
  }

  mutating func remove(_ repository: RepositoryRecord, from road: GroupRestriction) {
    guard let old = restrictions[road], old.repositories.contains(repository.id) else { return }
    restrictions[road] = .init(
      mode: old.mode,
      repositories: old.repositories.subtracting([repository.id])
    )
    removed[road, default: []].append(repository.name)
  }
}

extension GroupOriginChange {
  fileprivate func validate(for pattern: PackageGroupPattern) throws(RepositoryError) {
    if pattern == .root, let road = modes.first(where: { $0.value == .inherit })?.key {
      throw .invalidOrigins(
        "The root package group has nothing to inherit \(road.rawValue) from; choose ALLOW, BLOCK "
          + "or ALLOW_SPECIFIC_REPOSITORIES."
      )
    }
    if let both = Set(added).intersection(removed).first {
      throw .invalidOrigins(
        "Repository \(both.repository) is both to be added to and to be removed from the list for "
          + "\(both.road.rawValue)."
      )
    }
  }
}

extension RepositoryError {
  fileprivate static func invalidOrigins(_ message: String) -> RepositoryError {
    RepositoryError(.validation, message, reason: .fieldValidationFailed)
  }
}

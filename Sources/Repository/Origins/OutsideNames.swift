package import Catalog

/// Which names of one format may be known from outside in one repository: for lists of all packages
/// that come from public registries whole.
package struct OutsideNames: Sendable {
  private let format: PackageFormat
  private let groups: PackageGroupTree
  private let start: RepositoryID
  /// The repositories on the way whose connections serve the format.
  private let doors: [RepositoryID]

  init(_ format: PackageFormat, from start: ContentState.Start, limit: Int) {
    let graph = start.map.graph
    self.format = format
    self.groups = graph.groups
    self.start = start.repository
    self.doors = graph.searchOrder(of: start.repository, limit: limit).filter { repository in
      graph.nodes[repository]?.externalConnections.contains { $0.format == format } ?? false
    }
  }

  /// Whether there is no group but such as let everything in, so that no name need be looked at.
  package var areAll: Bool { relevant.allSatisfy(isOpen) }

  /// Whether no group lets anything in.
  package var areNone: Bool { !relevant.contains(where: isOpen) }

  /// Whether versions of a package may come from outside, as far as package groups decide.
  package func contain(_ package: PackageCoordinates) -> Bool {
    let rules = OriginRules(for: package, in: groups)
    return doors.contains { door in
      rules.allowsIngestion(into: door, nil)
        && (door == start || rules.allowsRetention(in: start, nil))
    }
  }

  /// What the answers depend on: changes when one of them may.
  package var stamp: String {
    relevant.map { group in
      "\(group.pattern.text) \(isOpen(group))"
    }.joined(separator: "\n")
  }

  /// The groups that packages of the format may belong to: none above one that takes them all.
  private var relevant: [PackageGroupRecord] {
    let some = groups.groups.filter { $0.pattern.format == nil || $0.pattern.format == format }
    let whole = some.first { $0.pattern.text == "/\(format.rawValue)/*" }
    guard let whole else { return some }
    return some.filter { $0 == whole || !$0.pattern.covers(whole.pattern) }
  }

  private func isOpen(_ group: PackageGroupRecord) -> Bool {
    let external = groups.effective(.externalUpstream, of: group)
    let retained = groups.effective(.internalUpstream, of: group)
    return doors.contains { door in
      external.allows(door) && (door == start || retained.allows(start))
    }
  }
}

extension Depot {
  /// Returns which names of a format may be known from outside in `path`'s repository.
  package func outsideNames(
    _ format: PackageFormat,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> OutsideNames {
    OutsideNames(
      format,
      from: try await content.start(at: path),
      limit: options.quotas.searchedRepositories
    )
  }
}

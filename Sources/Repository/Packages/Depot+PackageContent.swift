package import Catalog
package import FormatRules

extension Depot {
  /// Shows a package of any format but PyPI as `path`'s repository has it: merged with what it
  /// reaches.
  ///
  /// - Returns: nil when no place that the repository reaches knows the package.
  /// - Throws: `notFound` when the repository does not exist, `upstreamUnavailable` when nothing is
  ///   known of the package and a registry could not be asked.
  package func package(
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> MergedPackage? {
    let resolution = try await content.resolve(coordinates, from: content.start(at: path))
    return try resolution.merged
  }

  /// Begins to ask registries for the packages that a client is likely to want after one that came
  /// from outside, as far as nothing is known of them; returns at once.
  ///
  /// - Parameters:
  ///   - package: what the client was told of; one that is only held here leads nowhere, since its
  ///     dependencies may be nobody else's to know.
  ///   - path: the repository that the client talks to.
  ///   - next: what a listing leads to.
  package func lookAhead(
    after package: MergedPackage,
    in path: RepositoryPath,
    next: @escaping @Sendable (PackageListing) -> [PackageCoordinates]
  ) {
    let depth = content.options.aheadDepth
    guard depth > 0, package.documents?.isEmpty == false else { return }
    content.errands.run { [content] in
      guard let start = try? await content.start(at: path) else { return }
      content.lookAhead(after: package.listing, from: start, depth: depth, next)
    }
  }

  /// Shows a package as ``package(_:in:)`` does, asking registries once more when it is not as
  /// `isWanted`: for requests that are about one version.
  ///
  /// - Throws: as ``package(_:in:)``, and `upstreamUnavailable` when the package is not as wanted
  ///   and a registry of which nothing is known could not be asked.
  package func package(
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath,
    until isWanted: @Sendable (PackageListing) -> Bool
  ) async throws(RepositoryError) -> MergedPackage? {
    let start = try await content.start(at: path)
    let resolution = try await content.resolve(coordinates, from: start, until: isWanted)
    if let failure = resolution.failure, !isWanted(resolution.package.listing) {
      throw RepositoryError(failure)
    }
    return try resolution.merged
  }

  /// Shows a package as far as it is known without asking any registry: for searches, and for what
  /// has to be known before a name is published that may be private.
  ///
  /// - Returns: nil when nothing is known of the package.
  /// - Throws: `notFound` when the repository does not exist.
  package func keptPackage(
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> MergedPackage? {
    let start = try await content.start(at: path)
    let resolution = try await content.resolve(coordinates, from: start, asking: .nobody)
    return resolution.package.isKnown ? try resolution.merged : nil
  }

  /// Finds a file by its version and name and, when it is only promised by a registry, begins or
  /// joins its fetch; what is found in an upstream is retained in `path`'s repository.
  ///
  /// - Returns: nil when there is no such file.
  /// - Throws: as ``package(_:in:)``.
  package func packageFile(
    _ name: String,
    of coordinates: PackageCoordinates,
    version: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> FoundFile? {
    try await content.file(name, of: coordinates, version: version, at: path)
  }

  /// Publishes a version with its files, whose format's own rules were checked by the caller:
  /// visible everywhere, or not at all.
  ///
  /// - Throws: `accessDenied` where the package's `publish` control is BLOCK, `conflict` where the
  ///   version can be reached through an upstream, is closed, is there and must be new, or has a
  ///   file of the same name with other bytes.
  package func publish(
    _ publication: VersionPublication
  ) async throws(RepositoryError) -> VersionRecord {
    try await content.publish(publication)
  }

  /// Changes status and metadata of a version that the repository itself holds.
  ///
  /// - Returns: nil when it holds no such version.
  package func amendVersion(
    _ version: String,
    of coordinates: PackageCoordinates,
    in path: RepositoryPath,
    _ change: @escaping @Sendable (inout VersionAmendment) -> Void
  ) async throws(RepositoryError) -> VersionRecord? {
    let (repository, now) = (try await content.start(at: path).repository, clock.now())
    return try await write { transaction in
      guard let package = try transaction.package(coordinates, in: repository),
        let record = try transaction.version(version, of: package.id)
      else { return nil }
      var amendment = VersionAmendment(status: record.status, metadata: .stored(record.metadata))
      change(&amendment)
      return try transaction.amend(
        record.id,
        status: amendment.status,
        metadata: amendment.metadata.storedText,
        at: now
      )
    }
  }

  /// Changes what the repository itself keeps of a package as a whole, and returns it.
  ///
  /// - Returns: nil when it does not hold the package.
  package func amendPackage(
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath,
    _ change: @escaping @Sendable (JSONValue) -> JSONValue
  ) async throws(RepositoryError) -> JSONValue? {
    let (repository, now) = (try await content.start(at: path).repository, clock.now())
    return try await write { transaction in
      guard let package = try transaction.package(coordinates, in: repository) else { return nil }
      let changed = change(.stored(package.attributes))
      try transaction.amend(package.id, attributes: changed.storedText, at: now)
      return changed
    }
  }

  /// Removes a version with its assets from the repository itself.
  ///
  /// - Returns: false when it holds no such version.
  package func removeVersion(
    _ version: String,
    of coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Bool {
    let (repository, now) = (try await content.start(at: path).repository, clock.now())
    return try await write { transaction in
      guard let package = try transaction.package(coordinates, in: repository),
        let record = try transaction.version(version, of: package.id)
      else { return false }
      return try transaction.remove(record.id, at: now)
    }
  }

  /// Lists packages that the repository and its upstream repositories hold, in order of name, each
  /// once; nothing outside is asked.
  ///
  /// With a `namespace`, those in it alone.
  package func packageNames(
    _ format: PackageFormat,
    in path: RepositoryPath,
    namespace: String? = nil,
    prefix: String,
    limit: Int
  ) async throws(RepositoryError) -> [PackageCoordinates] {
    let start = try await content.start(at: path)
    let (graph, first) = (start.map.graph, start.repository)
    let searchLimit = options.quotas.searchedRepositories
    let filter = PackageFilter(
      format: format,
      namespacePrefix: namespace,
      namePrefix: prefix.isEmpty ? nil : prefix
    )
    return try await read { rows in
      var found: Set<PackageCoordinates> = []
      for repository in graph.searchOrder(of: first, limit: searchLimit) {
        let page = try rows.packages(in: repository, filter, limit: limit)
        let names = page.items.lazy.map(\.coordinates)
        found.formUnion(names.filter { namespace == nil || $0.namespace == namespace })
      }
      return Array(found.sorted { $0.description < $1.description }.prefix(limit))
    }
  }
}

extension Depot {
  /// What is known here of a name, without asking anybody.
  package enum NameStanding: Hashable, Sendable {
    /// No repository on the way holds a version of it.
    case unheld
    /// A repository on the way does, and registries may be asked about it.
    case held
    /// Nobody outside is to hear of it.
    case `private`
  }

  /// Returns what is known here of a package's name.
  ///
  /// - Throws: `notFound` when the repository does not exist.
  /// - Complexity: a lookup in memory, where nothing of the package has changed since the last one.
  package func standing(
    of coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> NameStanding {
    let sources = try await content.sources(of: coordinates, from: content.start(at: path))
    if sources.isPrivate { return .private }
    return sources.releases.isEmpty ? .unheld : .held
  }
}

extension ContentState.PackageResolution {
  /// What clients see; nil when nobody knows the package.
  fileprivate var merged: MergedPackage? {
    get throws(RepositoryError) {
      guard package.isKnown else {
        if let failure { throw RepositoryError(failure) }
        return nil
      }
      return MergedPackage(
        listing: package.listing,
        stamp: package.stamp,
        staleness: staleness,
        reachesNoRegistry: package.sources.reaches.isEmpty,
        heldBack: Set(package.held.values.map(\.version)),
        documents: package.documents
      )
    }
  }
}

/// What of a version can change after it was published.
package struct VersionAmendment: Sendable {
  package var status: VersionStatus
  /// What the format says of the version (``ListedVersion/metadata``).
  package var metadata: JSONValue
}

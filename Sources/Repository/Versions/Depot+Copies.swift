internal import Catalog
internal import FormatRules

extension Depot {
  /// Copies versions between repositories of a domain, by reference: no bytes move.
  ///
  /// Origin, status and publishing time go along. The destination's origin controls do not matter:
  /// a copy is how a version gets into a repository that takes none by other ways (CodeArtifact
  /// user guide, "Copy packages between repositories"). A version that the destination has already
  /// with the same content is a success and in neither list of the result.
  ///
  /// - Throws: `notFound` for a repository or, unless upstreams are searched, a package that is not
  ///   there; `upstreamUnavailable` when assets have to come from outside and cannot.
  package func copyVersions(
    _ copying: VersionCopying
  ) async throws(RepositoryError) -> VersionBatch.Result {
    let reached =
      copying.includesUpstreams ? try await versionsReached(by: copying) : Reached()
    let now = clock.now()
    return try await write { transaction in
      let (source, _) = try transaction.requireRepository(copying.source)
      let (destination, _) = try transaction.requireRepository(copying.destination)
      let package = try transaction.package(copying.package, in: source.id)
      if package == nil, !reached.isKnown {
        _ = try transaction.requirePackage(copying.package, in: copying.source)
      }
      let target = CopyTarget(
        copying: copying,
        destination: destination,
        package: try transaction.package(copying.package, in: destination.id)
      )
      let rules = OriginRules(
        for: copying.package,
        in: try transaction.packageGroups(in: destination.domainID)
      )
      var copied: Set<String> = []
      let result = try copying.batch.apply { version in
        if let id = reached.versions[version] { return try transaction.version(id) }
        return try package.flatMap { try transaction.version(version, of: $0.id) }
      } obstacle: { record in
        try target.obstacle(to: record, in: transaction)
      } change: { record in
        guard try !target.holds(record, in: transaction) else { return nil }
        let copy = try transaction.copy(
          record.id,
          into: destination,
          restrictionsWhenNew: rules.restrictionsWhenNew(.copied(record.origin)),
          at: now
        )
        if copy != nil { copied.insert(record.version) }
        return copy.map { VersionBatch.Result.Success($0) }
      }
      let attributes = reached.attributes ?? .stored(package?.attributes ?? "{}")
      try target.takeAttributes(attributes, with: copied, in: transaction, at: now)
      return result
    }
  }

  /// What a search through the source and its upstreams came to.
  private struct Reached: Sendable {
    /// The rows to copy, for versions whose row in the source itself is not the one.
    var versions: [String: VersionID] = [:]
    /// Whether any place knows the package.
    var isKnown = false
    /// What is kept of the package as a whole, merged over all places.
    var attributes: JSONValue?
  }

  private func versionsReached(
    by copying: VersionCopying
  ) async throws(RepositoryError) -> Reached {
    let start = try await content.start(at: copying.source)
    _ = try await content.start(at: copying.destination)
    guard copying.package.format != .generic else { return Reached() }
    let held = try await read { [source = start.repository] rows in
      guard let package = try rows.package(copying.package, in: source) else {
        return [String: VersionRecord]()
      }
      var held: [String: VersionRecord] = [:]
      for version in copying.batch.versions {
        held[version] = try rows.version(version, of: package.id)
      }
      return held
    }
    var reached = Reached()
    let known = try await content.knowledge(of: copying.package, from: start)
    (reached.isKnown, reached.attributes) = (known.isKnown, known.attributes)
    // What was published here, or is hidden here, is what it is here.
    let sought = copying.batch.versions.filter { version in
      guard let record = held[version] else { return true }
      return record.origin.type == .external
        && (record.status == .published || record.status == .unlisted)
    }
    for version in sought {
      reached.versions[version] = try await content.materialize(
        version,
        of: copying.package,
        from: start
      )
    }
    return reached
  }
}

/// The repository that versions are copied into.
private struct CopyTarget {
  let copying: VersionCopying
  let destination: RepositoryRecord
  let package: PackageRecord?

  /// The version as the destination has it.
  private func held(
    _ version: String,
    in rows: some CatalogReading
  ) throws -> VersionRecord? {
    try package.flatMap { try rows.version(version, of: $0.id) }
  }

  /// Whether the destination has the version with the same content already.
  func holds(_ record: VersionRecord, in rows: some CatalogReading) throws -> Bool {
    guard let held = try held(record.version, in: rows) else { return false }
    return held.revision == record.revision && held.status != .disposed
  }

  func obstacle(
    to record: VersionRecord,
    in rows: some CatalogReading
  ) throws -> VersionFailure? {
    if record.status == .disposed || record.status == .unfinished {
      return VersionFailure(
        .notAllowed,
        "Version \(record.version) is \(record.status.rawValue) and cannot be copied"
      )
    }
    guard let held = try held(record.version, in: rows), try !holds(record, in: rows) else {
      return nil
    }
    guard copying.allowsOverwriting else {
      return VersionFailure(
        .alreadyExists,
        "Version \(record.version) is in repository \(destination.name) already, with other assets "
          + "or metadata"
      )
    }
    guard held.status == .disposed else { return nil }
    return VersionFailure(
      .notAllowed,
      "Version \(record.version) was disposed of in repository \(destination.name); it can only be "
        + "deleted"
    )
  }

  /// Moves the tags that point to copied versions; a package that is new takes what else the source
  /// keeps of it.
  func takeAttributes(
    _ attributes: JSONValue,
    with copied: Set<String>,
    in transaction: CatalogTransaction,
    at time: Timestamp
  ) throws {
    guard !copied.isEmpty,
      let now = try transaction.package(copying.package, in: destination.id)
    else { return }
    let kept: JSONValue = package == nil ? attributes : .stored(now.attributes)
    let former = package == nil ? DistTags(.object([])) : DistTags(now)
    let tags = former.moved(by: DistTags(attributes).among(copied))
    let changed = tags.written(into: kept)
    guard changed != .stored(now.attributes) else { return }
    try transaction.amend(now.id, attributes: changed.storedText, at: time)
  }
}

internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// How many assets that are the same bytes are looked at.
  private static let holderLimit = 64

  /// Has a domain's blob anew, once for all who want it, unless that failed a moment ago; returns
  /// whether it is there again.
  func restored(_ key: SHA256Digest, in domain: DomainID) async -> Bool {
    let isThere = await restorations.restored(key, in: domain) {
      () async throws(RepositoryError) in try await self.restore(key, in: domain)
    }
    options.noteRestoration(key, isThere)
    return isThere
  }

  /// Reads of a blob in a domain's scope, or among what is nobody's; nil where there is none.
  ///
  /// What is damaged or gone is had anew, if it can be, and read once more.
  func read<Value>(
    _ key: SHA256Digest,
    in domain: DomainID?,
    for read: (BlobScope) async throws(EngineError) -> Value?
  ) async throws(RepositoryError) -> Value? {
    let blobs = try await scopes.scope(of: domain)
    let damage: EngineError?
    do {
      if let value = try await read(blobs) { return value }
      damage = nil
    } catch {
      guard case .damaged = error else { throw RepositoryError(reading: key, failed: error) }
      damage = error
    }
    if let domain, await restored(key, in: domain) {
      do { return try await read(blobs) } catch {
        throw RepositoryError(reading: key, failed: error)
      }
    }
    if let damage { throw RepositoryError(reading: key, failed: damage) }
    return nil
  }

  /// Fetches a blob of a domain once more from where it came, and stores it in the place of what is
  /// damaged or gone.
  ///
  /// Only bytes with the digest of the asset's row are taken, so whoever has them will do: the
  /// registry of any of the assets that are these bytes, or that they were cut out of.
  ///
  /// - Returns: whether it is there again; false for what was published here and came from nowhere.
  /// - Throws: what kept the last registry that was asked from giving it.
  func restore(
    _ key: SHA256Digest,
    in domain: DomainID
  ) async throws(RepositoryError) -> Bool {
    let (owner, holders) = try await reading { rows throws(CatalogError) in
      (
        try rows.domain(domain),
        try rows.holders(of: key, in: domain, limit: Self.holderLimit)
      )
    }
    guard let owner else { return false }
    var failure: RepositoryError?
    for holder in holders {
      do throws(RepositoryError) {
        guard let plan = try await plan(for: holder, in: owner) else { continue }
        _ = try await flights.join(plan).landing()
        return true
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return false
  }

  /// How to fetch an asset once more; nil when its registry does not list it any more, or when it
  /// never came from one.
  private func plan(
    for holder: BlobHolder,
    in domain: DomainRecord
  ) async throws(RepositoryError) -> FlightPlan? {
    guard case .ingested(let name) = holder.version.origin else { return nil }
    let path = RepositoryPath(
      owner: domain.owner,
      domain: domain.name,
      repository: holder.repository.name
    )
    let start = try await start(at: path)
    let promise =
      holder.package.coordinates.format == .pypi
      ? try await projectFile(of: holder, from: start)
      : try await packageFile(of: holder, on: name, from: start)
    guard let promise, promise.connection.rawValue == name else { return nil }
    return promise.holding(holder.asset.digests.sha256)
  }

  private func projectFile(
    of holder: BlobHolder,
    from start: Start
  ) async throws(RepositoryError) -> FlightPlan? {
    let resolution = try await resolve(holder.package.coordinates.name, from: start)
    guard let external = resolution.merged.files[holder.asset.name]?.external else {
      if let failure = resolution.failure { throw RepositoryError(failure) }
      return nil
    }
    try requireAsking(external.connection, resolution.merged.sources)
    return FlightPlan(external, for: start.map.id)
  }

  private func packageFile(
    of holder: BlobHolder,
    on connection: String,
    from start: Start
  ) async throws(RepositoryError) -> FlightPlan? {
    let sources = try await sources(of: holder.package.coordinates, from: start)
    guard let reach = sources.reaches.first(where: { $0.connection.rawValue == connection }) else {
      return nil
    }
    try requireAsking(reach.connection, sources)
    let finding = await listings.finding(holder.package.coordinates, on: reach, notBefore: nil)
    let listing = finding.listing?.listing
    guard let version = listing?.versions.first(where: { $0.version == holder.version.version })
    else {
      if let failure = finding.failure { throw RepositoryError(failure) }
      return nil
    }
    let wanted = WantedFile(
      name: holder.asset.name,
      package: holder.package.coordinates,
      version: version.version,
      start: start
    )
    let external = PackageMerge.Places.External(
      connection: reach.connection,
      repository: start.repository,
      version: version
    )
    let context = FetchContext(sources, named: holder.package.displayName, .freely)
    guard let file = try await promised(wanted, by: external, context) else { return nil }
    return FlightPlan(file, on: reach.connection, for: start.map.id)
  }
}

extension FlightPlan {
  /// The same, for bytes with this digest and no others.
  fileprivate func holding(_ digest: SHA256Digest) -> FlightPlan {
    FlightPlan(
      domain: domain,
      connection: connection,
      address: address,
      fileName: fileName,
      hashes: hashes.merging(["sha256": digest.hexadecimal]) { $1 },
      byteCount: byteCount
    )
  }
}

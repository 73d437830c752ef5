internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// A package as it is to be shown now, and what could not be asked on the way.
  struct PackageResolution: Sendable {
    let package: ResolvedPackage
    let staleness: Duration?
    /// Why a registry of which nothing is known could not be asked.
    let failure: ExternalFailure?
  }

  /// Resolves a package from `start`.
  ///
  /// With `notBefore`, documents of registries checked before that moment are asked for again.
  func resolve(
    _ package: PackageCoordinates,
    from start: Start,
    notBefore: Timestamp? = nil
  ) async throws(RepositoryError) -> PackageResolution {
    let sources = try await sources(of: package, from: start)
    let findings = await findings(package, on: sources.connections, notBefore: notBefore)
    return PackageResolution(
      package: await resolved(package, sources, findings, from: start),
      staleness: findings.values.compactMap(\.staleness).max(),
      failure: findings.values.first { $0.listing == nil }?.failure
    )
  }

  private func findings(
    _ package: PackageCoordinates,
    on connections: [ExternalConnection],
    notBefore: Timestamp?
  ) async -> [ExternalConnection: ExternalListings.Finding] {
    await withTaskGroup(of: (ExternalConnection, ExternalListings.Finding).self) { group in
      for connection in connections {
        group.addTask { [listings] in
          (connection, await listings.finding(package, on: connection, notBefore: notBefore))
        }
      }
      var findings: [ExternalConnection: ExternalListings.Finding] = [:]
      for await (connection, finding) in group { findings[connection] = finding }
      return findings
    }
  }

  private func resolved(
    _ package: PackageCoordinates,
    _ sources: ProjectSources,
    _ findings: [ExternalConnection: ExternalListings.Finding],
    from start: Start
  ) async -> ResolvedPackage {
    let key = ResolvedPackages.Key(repository: start.repository, package: package)
    let externals = sources.connections.map { findings[$0]?.listing }
    if let known = packages[key], known.isMade(from: sources, externals, at: clock) {
      return known
    }
    let filter = await filter(
      package,
      sources,
      findings.compactMapValues { $0.listing.flatMap(RegistryList.init) },
      from: start,
      kept: { [$0.record.version] }
    )
    let made = ResolvedPackage(named: package.name, from: sources, findings, filter)
    packages.keep(made, as: key)
    return made
  }
}

extension ContentState.RegistryList {
  /// What a registry lists of a package: its versions; nil when it does not know it.
  fileprivate init?(_ listing: ExternalListing) {
    guard let versions = listing.listing?.versions else { return nil }
    listed = versions.map { version in
      Sightings.Listed(
        name: version.version,
        publishedAt: version.publishedAt.map(Timestamp.init)
      )
    }
    changedAt = listing.changedAt
  }
}

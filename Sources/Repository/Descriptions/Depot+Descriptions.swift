package import Catalog
package import FormatRules

/// A page of dependencies, with the version that has them.
package struct DependencyListing: Sendable {
  package let dependencies: Listing<PackageDependency>
  package let version: VersionRecord
}

/// What versions say of themselves, for the control API: like all of it, about what the named
/// repository itself holds.
///
/// Rows say it where they can; what they lack is read from the files that are held, so that a
/// version shows the same whether it was published here or came through a registry.
extension Depot {
  /// How many dependencies a page has: more than any package should, because the operation has no
  /// page size and the SDKs have no paginator for it.
  private static let dependenciesPerPage = 1000

  /// How many assets of a version are looked at, far beyond the quota.
  private static let mostAssets = 1000

  /// Finds a version with what describes it.
  package func describedVersion(
    _ version: String,
    of coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> DescribedVersion {
    try await read { snapshot in
      let record = try snapshot.requireVersion(version, of: coordinates, in: path)
      let assets = try snapshot.assets(of: record.id, limit: Self.mostAssets).items
      let domain = try snapshot.requireDomain(owner: path.owner, name: path.domain)
      return DescribedVersion(
        record: record,
        coordinates: coordinates,
        assets: assets,
        domain: domain.id
      )
    }
  }

  /// Tells what a version says of itself, its dependencies and its readme left out.
  package func description(
    of version: DescribedVersion
  ) async throws(RepositoryError) -> VersionDescription {
    guard !version.isDescribedInRow else { return version.inRow }
    return try await facts(of: version).completed(by: version.inRow)
  }

  /// Lists what a version needs of other packages, in the order of its own manifest.
  ///
  /// - Throws: `notFound`, `validation` for a token of another listing; a version that changed
  ///   since the first page is another.
  package func listPackageVersionDependencies(
    of version: String,
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath,
    token: String? = nil
  ) async throws(RepositoryError) -> DependencyListing {
    let found = try await describedVersion(version, of: coordinates, in: path)
    let scope = listingScope(
      "dependencies",
      of: path,
      [
        coordinates.format.rawValue, coordinates.namespace, coordinates.name, version,
        found.record.revision,
      ]
    )
    let start = try token.map { token throws(RepositoryError) in
      Int(try scope.position(token, count: 1)[0]) ?? 0
    }
    let all = try await dependencies(of: found).dropFirst(start ?? 0)
    let items = Array(all.prefix(Self.dependenciesPerPage))
    let next = all.count > items.count ? scope.token(for: ["\((start ?? 0) + items.count)"]) : nil
    return DependencyListing(
      dependencies: Listing(items: items, nextToken: next),
      version: found.record
    )
  }

  private func dependencies(
    of version: DescribedVersion
  ) async throws(RepositoryError) -> [PackageDependency] {
    guard !version.hasDependenciesInRow else { return version.inRow.dependencies }
    return try await facts(of: version).completed(by: version.inRow).dependencies
  }

  /// Finds the readme of a version.
  ///
  /// - Throws: `notFound` where there is no such version, or it has no readme; formats whose
  ///   packages have none never do.
  package func packageVersionReadme(
    of version: String,
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> (readme: String, version: VersionRecord) {
    let found = try await describedVersion(version, of: coordinates, in: path)
    if let readme = found.inRow.readme { return (readme, found.record) }
    guard let asset = found.descriptiveAsset, coordinates.format != .maven,
      let readme = try await content.archives.description(
        in: asset,
        of: coordinates.format,
        .readme,
        in: found.domain
      ).readme
    else {
      throw RepositoryError(
        .notFound,
        "Readme not found. Package version \(coordinates)/\(version) has none.",
        resourceID: "\(coordinates)/\(version)",
        resourceType: .packageVersion
      )
    }
    return (readme, found.record)
  }

  private func facts(
    of version: DescribedVersion
  ) async throws(RepositoryError) -> VersionDescription {
    guard let asset = version.descriptiveAsset else { return VersionDescription() }
    return try await content.archives.description(
      in: asset,
      of: version.coordinates.format,
      .facts,
      in: version.domain
    )
  }
}

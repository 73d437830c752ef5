package import Catalog
internal import FormatRules

/// A page of versions, with what a listing says about their package.
package struct VersionListing: Sendable {
  package let versions: Listing<VersionRecord>
  /// The published version that a client gets when it names none; nil when there is none.
  package let defaultDisplayVersion: String?
}

/// A page of assets, with the version that has them.
package struct AssetListing: Sendable {
  package let assets: Listing<AssetRecord>
  package let version: VersionRecord
}

/// Control calls look only at what the named repository itself holds, never at its upstreams.
extension Depot {
  /// Lists packages of a repository.
  ///
  /// - Throws: ``RepositoryError``: `validation` for a namespace without a format, `notFound`.
  package func listPackages(
    in path: RepositoryPath,
    _ filter: PackageFilter = PackageFilter(),
    limit: Int = 100,
    token: String? = nil
  ) async throws(RepositoryError) -> Listing<PackageRecord> {
    guard filter.namespacePrefix == nil || filter.format != nil else {
      throw RepositoryError(
        .validation,
        "A namespace means something within a format only; name the format too.",
        reason: .fieldValidationFailed
      )
    }
    let scope = listingScope(
      "packages",
      of: path,
      [
        filter.format?.rawValue, filter.namespacePrefix, filter.namePrefix,
        filter.publish?.rawValue, filter.upstream?.rawValue,
      ]
    )
    let start = try token.map { token throws(RepositoryError) in
      try Self.coordinates(scope.position(token, count: 3))
    }
    let page = try await read { snapshot in
      let (repository, _) = try snapshot.requireRepository(path)
      return try snapshot.packages(in: repository.id, filter, after: start, limit: limit)
    }
    let next = page.next.map { position in
      scope.token(for: [position.format.rawValue, position.namespace ?? "", position.name])
    }
    return Listing(items: page.items, nextToken: next)
  }

  package func describePackage(
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> PackageRecord {
    try await read { snapshot in try snapshot.requirePackage(coordinates, in: path) }
  }

  /// Lists versions of a package.
  package func listPackageVersions(
    of coordinates: PackageCoordinates,
    in path: RepositoryPath,
    _ filter: VersionFilter = VersionFilter(),
    order: VersionOrder = .name,
    limit: Int = 50,
    token: String? = nil
  ) async throws(RepositoryError) -> VersionListing {
    let scope = listingScope(
      "versions",
      of: path,
      [
        coordinates.format.rawValue, coordinates.namespace, coordinates.name,
        filter.status?.rawValue, filter.origin?.rawValue, String(describing: order),
      ]
    )
    let start = try token.map { token throws(RepositoryError) in
      let fields = try scope.position(token, count: 2)
      return VersionPosition(
        publishedAt: Timestamp(microseconds: Int64(fields[0]) ?? 0),
        version: fields[1]
      )
    }
    let (page, shown) = try await read { snapshot in
      let package = try snapshot.requirePackage(coordinates, in: path)
      let page = try snapshot.versions(
        of: package.id,
        filter,
        order: order,
        after: start,
        limit: limit
      )
      return (page, try snapshot.displayed(of: package))
    }
    let next = page.next.map { position in
      scope.token(for: [String(position.publishedAt.microseconds), position.version])
    }
    return VersionListing(
      versions: Listing(items: page.items, nextToken: next),
      defaultDisplayVersion: shown?.version
    )
  }

  package func describePackageVersion(
    _ version: String,
    of coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> VersionRecord {
    try await read { snapshot in
      try snapshot.requireVersion(version, of: coordinates, in: path)
    }
  }

  /// Lists assets of a version, in order of name.
  package func listPackageVersionAssets(
    of version: String,
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath,
    limit: Int = 100,
    token: String? = nil
  ) async throws(RepositoryError) -> AssetListing {
    let scope = listingScope(
      "assets",
      of: path,
      [coordinates.format.rawValue, coordinates.namespace, coordinates.name, version]
    )
    let start = try token.map { token throws(RepositoryError) in
      try scope.position(token, count: 1)[0]
    }
    let (record, page) = try await read { snapshot in
      let record = try snapshot.requireVersion(version, of: coordinates, in: path)
      return (record, try snapshot.assets(of: record.id, after: start, limit: limit))
    }
    let listing = Listing(items: page.items, nextToken: page.next.map { scope.token(for: [$0]) })
    return AssetListing(assets: listing, version: record)
  }

  /// Finds an asset by its exact name.
  ///
  /// - Parameters:
  ///   - name: the asset's.
  ///   - version: the version's text.
  ///   - coordinates: the package.
  ///   - path: the repository.
  ///   - revision: what the version's revision must be; nil takes any.
  /// - Returns: the asset and its version.
  /// - Throws: ``RepositoryError``: `notFound`, or `conflict` when the revision is another.
  package func packageVersionAsset(
    _ name: String,
    of version: String,
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath,
    revision: String? = nil
  ) async throws(RepositoryError) -> (asset: AssetRecord, version: VersionRecord, domain: DomainID)
  {
    try await read { snapshot in
      let record = try snapshot.requireVersion(version, of: coordinates, in: path)
      let place = "\(coordinates)/\(version)"
      guard revision == nil || revision == record.revision else {
        throw RepositoryError(
          .conflict,
          "Package version \(place) has revision \(record.revision), not \(revision ?? "").",
          resourceID: place,
          resourceType: .packageVersion
        )
      }
      guard let asset = try snapshot.asset(name, of: record.id) else {
        throw RepositoryError(
          .notFound,
          "Asset not found. Asset name: \(name), package version: \(place).",
          resourceID: "\(place)/\(name)",
          resourceType: .asset
        )
      }
      let domain = try snapshot.requireDomain(owner: path.owner, name: path.domain)
      return (asset, record, domain.id)
    }
  }

  func listingScope(
    _ listing: String,
    of path: RepositoryPath,
    _ parameters: [String?]
  ) -> ListingScope {
    ListingScope(
      [listing, path.owner, path.domain, path.repository] + parameters,
      key: keys.paging
    )
  }

  static func coordinates(
    _ fields: [String]
  ) throws(RepositoryError) -> PackageCoordinates {
    guard let format = PackageFormat(rawValue: fields[0]) else {
      throw RepositoryError(
        .validation,
        "The next token is of another version of this server; ask without one.",
        reason: .fieldValidationFailed
      )
    }
    return PackageCoordinates(
      format: format,
      namespace: fields[1].isEmpty ? nil : fields[1],
      name: fields[2]
    )
  }
}

extension CatalogReading {
  /// The version that a listing shows first: npm's under the tag `latest`, else the newest
  /// (CodeArtifact API 2018-09-22, `ListPackageVersions`).
  fileprivate func displayed(of package: PackageRecord) throws -> VersionRecord? {
    let tags = JSONValue.stored(package.attributes)["dist-tags"]
    if package.coordinates.format == .npm, let latest = tags?["latest"]?.string,
      let version = try version(latest, of: package.id), version.status == .published
    {
      return version
    }
    return try newestPublished(of: package.id)
  }
}

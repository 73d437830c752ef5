import Catalog
import FormatRules
import Repository

/// Packages of a repository in the terms of NuGet.
struct NuGetPackages: Sendable {
  /// How many packages a search looks at.
  private static let mostPackages = 10_000

  private let depot: Depot
  let collections = NuGetCollections()

  init(depot: Depot) {
    self.depot = depot
  }

  /// The package as the repository shows it, by any spelling of its identifier; nil when it is
  /// unknown.
  ///
  /// With a version that it does not have, registries are asked once more.
  func merged(
    _ id: String,
    with version: NuGetVersion? = nil,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> MergedPackage? {
    guard let identifier = NuGetIdentifier(id) else { return nil }
    guard let version else { return try await depot.package(identifier.coordinates, in: path) }
    return try await depot.package(identifier.coordinates, in: path) { listing in
      listing.versions.contains { $0.version == version.key }
    }
  }

  /// Every package that the repository or its upstream repositories hold; no registry is asked.
  ///
  /// Versions that older clients cannot read are left out unless `semVer2` is true.
  func all(
    semVer2: Bool,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [NuGetPackage] {
    let key = NuGetCollections.Key(path: path, semVer2: semVer2)
    let (state, now) = (try await depot.heldState(.nuget, in: path), depot.clock.now())
    if let known = collections.packages(key, in: state, at: now) { return known }
    let held = try await depot.heldPackages(.nuget, in: path)
    let names = held.prefix(Self.mostPackages).map(\.coordinates)
    let packages = try await depot.keptPackages(names, in: path).compactMap { package in
      package.map { NuGetPackage($0.listing, semVer2: semVer2) }
    }
    collections.keep(packages, as: key, in: state, at: now)
    return packages
  }
}

extension NuGetIdentifier {
  /// The package as the catalog has it.
  var coordinates: PackageCoordinates { PackageCoordinates(format: .nuget, name: key) }
}

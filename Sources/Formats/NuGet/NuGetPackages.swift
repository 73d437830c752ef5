import Catalog
import FormatRules
import Repository

/// Packages of a repository in the terms of NuGet.
struct NuGetPackages: Sendable {
  /// How many packages a search looks at.
  private static let mostPackages = 10_000

  private let depot: Depot

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
  func all(in path: RepositoryPath) async throws(RepositoryError) -> [MergedPackage] {
    let names = try await depot.packageNames(
      .nuget,
      in: path,
      prefix: "",
      limit: Self.mostPackages
    )
    var packages: [MergedPackage] = []
    for coordinates in names {
      guard let package = try await depot.keptPackage(coordinates, in: path) else { continue }
      packages.append(package)
    }
    return packages
  }
}

extension NuGetIdentifier {
  /// The package as the catalog has it.
  var coordinates: PackageCoordinates { PackageCoordinates(format: .nuget, name: key) }
}

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
  func merged(
    _ id: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> MergedPackage? {
    guard let identifier = NuGetIdentifier(id) else { return nil }
    return try await depot.package(identifier.coordinates, in: path)
  }

  /// Every package that the repository or its upstream repositories hold.
  func all(in path: RepositoryPath) async throws(RepositoryError) -> [MergedPackage] {
    let names = try await depot.packageNames(
      .nuget,
      in: path,
      prefix: "",
      limit: Self.mostPackages
    )
    var packages: [MergedPackage] = []
    for coordinates in names {
      if let package = try await depot.package(coordinates, in: path) { packages.append(package) }
    }
    return packages
  }
}

extension NuGetIdentifier {
  /// The package as the catalog has it.
  var coordinates: PackageCoordinates { PackageCoordinates(format: .nuget, name: key) }
}

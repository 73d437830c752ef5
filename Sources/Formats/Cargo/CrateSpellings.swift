import Catalog
import FormatRules
import Repository

/// Keeps `foo-bar` and `foo_bar` one crate: only the spelling that came first exists.
///
/// Crates are kept under their names in lower case, separators as they are, because that is how an
/// index is asked. What remains is to see that a repository has one spelling of each.
struct CrateSpellings: Sendable {
  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  static func coordinates(_ name: CrateName) -> PackageCoordinates {
    PackageCoordinates(format: .cargo, name: name.lowercased)
  }

  /// The other spelling under which the repository, or an upstream of it, holds the crate; nil when
  /// it holds it as spelt, or not at all.
  ///
  /// Asks nothing outside, so that a private crate's name never leaves by a slip of the pen.
  func otherSpelling(
    of name: CrateName,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> String? {
    let others = name.otherSpellings
    guard !others.isEmpty, try await held([name.lowercased], in: path).isEmpty else { return nil }
    return try await held(others, in: path).first
  }

  /// The crate as it is to be shown; nil when there is none by this spelling.
  func package(
    _ name: CrateName,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> MergedPackage? {
    guard try await otherSpelling(of: name, in: path) == nil else { return nil }
    return try await depot.package(Self.coordinates(name), in: path)
  }

  /// Those of some names that are held, in their order.
  private func held(
    _ names: [String],
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [String] {
    let packages = names.map { PackageCoordinates(format: .cargo, name: $0) }
    let held = try await depot.held(among: packages, in: path)
    return packages.filter(held.contains).map(\.name)
  }
}

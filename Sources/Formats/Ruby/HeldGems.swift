import Bytes
import Catalog
import Codec
import FormatRules
import Repository

/// The gems of a repository that its lists of all gems show, and what decides whether such a list
/// is still right.
struct HeldGems: Sendable {
  let depot: Depot

  /// What a list is made of.
  struct Sources: Sendable {
    let packages: [HeldPackage]
    /// Which gems the registry's list may tell of.
    let outside: OutsideNames
    /// The same list of the public registry, where one is reached.
    let registry: KeptDocument?
    /// Changes whenever the list may.
    let stamp: SHA256Digest
  }

  /// Finds the sources of a list, without reading any of them; `list` is its address at a registry.
  func sources(
    of list: String?,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Sources {
    let packages = try await depot.heldPackages(.ruby, in: path)
    let outside = try await depot.outsideNames(.ruby, in: path)
    let documents =
      if let list, !outside.areNone {
        try await depot.registryDocuments(list, of: .ruby, in: path)
      } else {
        [KeptDocument]()
      }
    var hash = SHA256Stream()
    for package in packages {
      let text = "\(package.coordinates.name) \(package.isInternal) \(package.serials)\n"
      hash.update(Array(text.utf8).span)
    }
    hash.update(Array(outside.stamp.utf8).span)
    if let key = documents.first?.key { hash.update(Array(key.hexadecimal.utf8).span) }
    return Sources(
      packages: packages,
      outside: outside,
      registry: documents.first,
      stamp: hash.digest()
    )
  }

  /// The listings of packages, in their order.
  func listings(
    of packages: [HeldPackage],
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [PackageListing] {
    var listings: [PackageListing] = []
    for package in packages {
      if let found = try await depot.package(package.coordinates, in: path) {
        listings.append(found.listing)
      }
    }
    return listings
  }
}

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
  ///
  /// A registry of which nothing is known and that cannot be asked is passed over where gems are
  /// held: those can be had without it. The list is another one as soon as the registry answers.
  func sources(
    of list: String?,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Sources {
    let packages = try await depot.heldPackages(.ruby, in: path)
    let outside = try await depot.outsideNames(.ruby, in: path)
    let documents =
      if let list, !outside.areNone {
        try await registryLists(list, in: path, isNeeded: packages.isEmpty)
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

  private func registryLists(
    _ list: String,
    in path: RepositoryPath,
    isNeeded: Bool
  ) async throws(RepositoryError) -> [KeptDocument] {
    do { return try await depot.registryDocuments(list, of: .ruby, in: path) } catch {
      guard error.code == .upstreamUnavailable, !isNeeded else { throw error }
      return []
    }
  }

  /// The gems of a registry of which something is held and of which cool-downs do not show
  /// everything now.
  func cooled(
    _ sources: Sources,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [MergedPackage] {
    guard sources.registry != nil, try await depot.mayHoldBack(in: path) else { return [] }
    let packages = sources.packages.filter { !$0.isInternal }.map(\.coordinates)
    return try await depot.keptPackages(packages, in: path).compactMap(\.self)
      .filter { !$0.heldBack.isEmpty }
  }

  /// Changes whenever the list may that is made of `sources` and takes back what `cooled` lack.
  static func stamp(of sources: Sources, _ cooled: [MergedPackage]) -> SHA256Digest {
    guard !cooled.isEmpty else { return sources.stamp }
    var hash = SHA256Stream()
    hash.update(sources.stamp.bytes.span)
    for package in cooled {
      hash.update(package.stamp.bytes.span)
      hash.update(Array(package.heldBack.sorted().joined(separator: " ").utf8).span)
    }
    return hash.digest()
  }

  /// The listings of packages, in their order, as far as they are known: a list of thousands is no
  /// reason to ask registries for each of them.
  func listings(
    of packages: [HeldPackage],
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [PackageListing] {
    try await depot.keptPackages(packages.map(\.coordinates), in: path)
      .compactMap { $0?.listing }
  }
}

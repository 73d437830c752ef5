internal import Bytes
internal import Catalog
internal import FormatRules
internal import Synchronization

/// A merged package with where its files are: made once for each state of what it was made from.
final class ResolvedPackage: Sendable {
  let listing: PackageListing
  let stamp: SHA256Digest
  /// What registries said of it; nil when it was not made from that alone and what places hold.
  let documents: [SourceDocument]?
  let places: [String: PackageMerge.Places]
  let isKnown: Bool
  let sources: ProjectSources
  /// What cool-downs left out and why; nil when none applies.
  let filter: CoolDownFilter?
  fileprivate let externals: [ExternalListing?]

  init(
    named name: String,
    as key: String,
    from sources: ProjectSources,
    _ findings: [ExternalConnection: ExternalListings.Finding],
    _ filter: CoolDownFilter?
  ) {
    var filter = filter
    var merge = PackageMerge()
    for place in sources.attributes {
      merge.add(attributes: .stored(place.json), depth: place.depth)
    }
    for source in sources.sources {
      switch source {
      case .stored(let releases):
        merge.add(filter?.shown(releases) ?? releases)
      case .external(let connection, let place):
        guard let listing = findings[connection]?.listing?.listing else { continue }
        let shown = filter?.shown(listing, of: connection, at: place) ?? listing
        merge.add(shown, of: connection, at: place)
      }
    }
    let shown = sources.displayName ?? merge.registryName ?? name
    (listing, places) = merge.result(named: shown)
    let read = sources.connections.compactMap { findings[$0]?.listing }
    let documents = read.flatMap(\.documents)
    stamp =
      filter == nil
      ? PackageStamp.stamp(of: key, from: sources, documents) : PackageStamp.stamp(of: listing)
    self.documents = filter == nil && read.count == sources.connections.count ? documents : nil
    isKnown = merge.isKnown
    self.filter = filter
    self.sources = sources
    externals = sources.connections.map { findings[$0]?.listing }
  }

  /// What cool-downs leave out, by version.
  var held: [String: HeldBack] { filter?.held ?? [:] }

  /// Whether it was made from exactly these, and nothing has opened since.
  func isMade(
    from sources: ProjectSources,
    _ externals: [ExternalListing?],
    at clock: any DepotClock
  ) -> Bool {
    if let expiry = filter?.nextOpening, expiry <= clock.now() { return false }
    return self.sources === sources
      && zip(self.externals, externals).allSatisfy { $0 === $1 }
  }
}

extension CoolDownFilter {
  /// Those of a repository's releases that are shown.
  fileprivate mutating func shown(_ releases: [StoredRelease]) -> [StoredRelease] {
    releases.filter { shows($0.record.version, of: $0) }
  }

  /// A registry's listing without what is not shown.
  fileprivate mutating func shown(
    _ listing: PackageListing,
    of connection: ExternalConnection,
    at place: RepositoryID
  ) -> PackageListing {
    var listing = listing
    listing.versions.removeAll { version in
      !shows(version.version, of: version.version, from: connection, at: place)
    }
    return listing
  }
}

/// The memory of merges, bounded by the number of versions in them.
final class ResolvedPackages: Sendable {
  struct Key: Hashable {
    let repository: RepositoryID
    let package: PackageCoordinates
  }

  /// One merge: a crowd that wants the same shares it.
  struct Making: Hashable {
    private let key: Key
    private let sources: ObjectIdentifier
    private let externals: [ObjectIdentifier?]

    /// Names the merge of these, for as long as somebody holds them.
    init(_ key: Key, from sources: ProjectSources, _ externals: [ExternalListing?]) {
      self.key = key
      self.sources = ObjectIdentifier(sources)
      self.externals = externals.map { $0.map(ObjectIdentifier.init) }
    }
  }

  private let merges: Mutex<TwoGenerationCache<Key, ResolvedPackage>>

  init(budget: Int) {
    merges = Mutex(TwoGenerationCache(budget: budget))
  }

  subscript(key: Key) -> ResolvedPackage? { merges.withLock { $0.value(for: key) } }

  func forget(_ key: Key) { merges.withLock { $0.remove(key) } }

  func keep(_ merged: ResolvedPackage, as key: Key) {
    merges.withLock { $0.insert(merged, for: key, cost: 1 + merged.listing.versions.count) }
  }
}

internal import Catalog
internal import FormatRules
internal import Synchronization

/// A registry's word on one package, read once for each state of the documents it came from.
final class ExternalListing: Sendable {
  /// Nil when the registry does not know the package.
  let listing: PackageListing?
  fileprivate let reads: [(read: RegistryReads.Read, record: ExternalDocumentRecord)]

  fileprivate init(_ listing: PackageListing?, from reads: RegistryReads) {
    self.listing = listing
    self.reads = reads.seen
  }

  /// When the registry last changed any of the documents; nil when it does not say so of all.
  var changedAt: UploadTime? {
    let times = reads.map { $0.record.lastModified.flatMap { UploadTime(httpDate: $0) } }
    return times.contains(nil) ? nil : times.compactMap(\.self).max()
  }
}

/// What registries say of packages, in memory: documents are read and understood once.
final class ExternalListings: Sendable {
  /// What is known at the moment of asking.
  struct Finding: Sendable {
    var listing: ExternalListing?
    var staleness: Duration?
    var failure: ExternalFailure?
  }

  private struct Key: Hashable {
    let connection: ExternalConnection
    let package: PackageCoordinates
  }

  let shelf: ExternalShelf
  private let formats: [PackageFormat: any ExternalFormat]
  private let listings: Mutex<TwoGenerationCache<Key, ExternalListing>>
  private let readings = Joined<Key, Finding>()

  init(shelf: ExternalShelf, formats: [any ExternalFormat], budget: Int) {
    self.shelf = shelf
    self.formats = Dictionary(formats.map { ($0.format, $0) }) { first, _ in first }
    self.listings = Mutex(TwoGenerationCache(budget: budget))
  }

  /// Returns what `connection` says of `package`.
  func finding(
    _ package: PackageCoordinates,
    on connection: ExternalConnection,
    notBefore: Timestamp?
  ) async -> Finding {
    guard let format = formats[package.format], let address = shelf.address(of: connection) else {
      return Finding(
        failure: ExternalFailure(
          .unusable,
          "No address is known for \(connection.rawValue); give one with --external"
        )
      )
    }
    let key = Key(connection: connection, package: package)
    let known = listings.withLock { $0.value(for: key) }
    if let known, let finding = await current(known, notBefore: notBefore) { return finding }
    let registry = ExternalRegistry(
      connection: connection,
      address: address,
      shelf: shelf,
      notBefore: notBefore
    )
    let reading = try? await readings.value(for: key) { () async throws(RepositoryError) in
      await self.read(key, known, by: format, from: registry)
    }
    return reading ?? Finding()
  }

  /// Whether registries of a format may have files of versions that they do not list.
  func findsUnlistedVersions(of format: PackageFormat) -> Bool {
    formats[format]?.findsUnlistedVersions ?? false
  }

  /// Finds a file that a listing does not name.
  func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    on connection: ExternalConnection
  ) async throws(ExternalFailure) -> ListedFile? {
    guard let format = formats[package.format], let address = shelf.address(of: connection) else {
      return nil
    }
    let registry = ExternalRegistry(
      connection: connection,
      address: address,
      shelf: shelf,
      notBefore: nil
    )
    return try await format.file(name, of: package, version: version, from: registry)
  }

  /// The listing at hand, when all documents it came from are still the same.
  private func current(_ known: ExternalListing, notBefore: Timestamp?) async -> Finding? {
    var finding = Finding(listing: known)
    for (read, record) in known.reads {
      let now = await shelf.finding(read, notBefore: notBefore)
      guard let current = now.record else {
        finding.failure = now.failure
        continue
      }
      guard current.status == record.status, current.blob == record.blob else { return nil }
      finding.failure = finding.failure ?? now.failure
      if let staleness = now.staleness {
        finding.staleness = max(finding.staleness ?? .zero, staleness)
      }
    }
    return finding
  }

  private func read(
    _ key: Key,
    _ known: ExternalListing?,
    by format: any ExternalFormat,
    from registry: ExternalRegistry
  ) async -> Finding {
    do {
      let listing = try await format.listing(of: key.package, from: registry)
      let made = ExternalListing(listing, from: registry.reads)
      let cost = 1 + (listing?.versions.count ?? 0)
      listings.withLock { $0.insert(made, for: key, cost: cost) }
      return Finding(listing: made, staleness: registry.reads.staleness)
    } catch {
      return Finding(listing: known?.listing == nil ? nil : known, failure: error)
    }
  }
}

internal import Bytes
internal import Catalog
internal import FormatRules
internal import Synchronization

/// A registry's word on one package, read once for each state of the documents it came from.
final class ExternalListing: Sendable {
  /// Nil when the registry does not know the package.
  let listing: PackageListing?
  fileprivate let reads: [(read: ExternalRead, record: ExternalDocumentRecord)]

  fileprivate init(_ listing: PackageListing?, from reads: RegistryReads) {
    self.listing = listing
    self.reads = reads.seen
  }

  /// The documents that it was read from.
  var documents: [SourceDocument] { reads.map { SourceDocument($0.read, $0.record) } }

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
    let reach: ExternalReach
    let package: PackageCoordinates
    /// Whether documents of a certain moment are wanted: an easier request's reading will not do.
    let isForced: Bool
  }

  private struct Place: Hashable {
    let connection: ExternalConnection
    let package: PackageCoordinates
  }

  let shelf: ExternalShelf
  private let formats: [PackageFormat: any ExternalFormat]
  private let listings: Mutex<TwoGenerationCache<Place, ExternalListing>>
  private let readings = Joined<Key, Finding>()
  /// Documents about no single package that were looked at and may be what they should.
  private let sound = Mutex(TwoGenerationCache<SHA256Digest, Bool>(budget: 100))

  init(shelf: ExternalShelf, formats: [any ExternalFormat], budget: Int) {
    self.shelf = shelf
    self.formats = Dictionary(formats.map { ($0.format, $0) }) { first, _ in first }
    self.listings = Mutex(TwoGenerationCache(budget: budget))
  }

  /// Returns what a connection says of `package`.
  func finding(
    _ package: PackageCoordinates,
    on reach: ExternalReach,
    notBefore: Timestamp?
  ) async -> Finding {
    guard isName(package) else {
      return Finding(listing: ExternalListing(nil, from: RegistryReads()))
    }
    let inquiry = await shelf.inquiry(package, on: reach, notBefore: notBefore)
    let place = Place(connection: reach.connection, package: package)
    let known = listings.withLock { $0.value(for: place) }
    if let known, let finding = await current(known, inquiry) { return finding }
    let key = Key(reach: reach, package: package, isForced: inquiry.notBefore != nil)
    let reading = try? await readings.value(for: key) { () async throws(RepositoryError) in
      await self.read(place, known, inquiry)
    }
    return reading ?? Finding()
  }

  /// What was read that a connection says of `package`, however old.
  func atHand(
    _ package: PackageCoordinates,
    on connection: ExternalConnection
  ) -> ExternalListing? {
    listings.withLock { $0.value(for: Place(connection: connection, package: package)) }
  }

  /// Where a registry most likely has a file.
  func likelySource(
    of name: String,
    _ package: PackageCoordinates,
    version: String,
    on connection: ExternalConnection
  ) -> HeadStart.Source? {
    guard isName(package), let format = formats[package.format],
      let base = shelf.address(of: connection),
      let address = format.likelyAddress(
        of: name,
        package,
        version: version,
        at: base.hasSuffix("/") ? base : base + "/"
      )
    else { return nil }
    return HeadStart.Source(connection: connection, address: address)
  }

  /// Whether registries may be asked for what is called so: nothing else gets into an address.
  private func isName(_ package: PackageCoordinates) -> Bool {
    formats[package.format]?.canBeCalled(package) ?? true
  }

  /// Whether registries of a format may have files of versions that they do not list.
  func findsUnlistedVersions(of format: PackageFormat) -> Bool {
    formats[format]?.findsUnlistedVersions ?? false
  }

  /// The files that a version of a format usually has, where listings do not name any.
  func usualFiles(of package: PackageCoordinates, version: String) -> [String] {
    formats[package.format]?.usualFiles(of: package, version: version) ?? []
  }

  /// Finds a file that a listing does not name.
  ///
  /// `isAbsent` waits for what is known of the file itself, where it is being asked for already.
  func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    on reach: ExternalReach,
    notBefore: Timestamp?,
    isAbsent: @escaping @Sendable () async -> Bool = { false }
  ) async throws(ExternalFailure) -> ListedFile? {
    guard isName(package), let format = formats[package.format] else { return nil }
    var inquiry = await shelf.inquiry(package, on: reach, notBefore: notBefore)
    inquiry.trustsOldAbsence = true
    var registry = try registry(reach.connection, inquiry)
    registry.isKnownAbsent = isAbsent
    do throws(ExternalFailure) {
      return try await format.file(name, of: package, version: version, from: registry)
    } catch {
      if error.document != nil, await registry.takeBack(error) { shelf.external.report(error) }
      throw error
    }
  }

  /// How registries of a format are read; nil where there are none.
  func rules(of format: PackageFormat) -> (any ExternalFormat)? { formats[format] }

  func isSound(_ document: SHA256Digest) -> Bool {
    sound.withLock { $0.value(for: document) } != nil
  }

  func noteSound(_ document: SHA256Digest) {
    sound.withLock { $0.insert(true, for: document, cost: 1) }
  }

  /// A registry as a format reads it.
  func registry(
    _ connection: ExternalConnection,
    _ inquiry: ExternalInquiry
  ) throws(ExternalFailure) -> ExternalRegistry {
    guard let address = shelf.address(of: connection) else {
      throw ExternalFailure(unknown: connection)
    }
    return ExternalRegistry(connection: connection, address: address, shelf: shelf, inquiry)
  }

  /// The listing at hand, when all documents it came from are still the same.
  private func current(_ known: ExternalListing, _ inquiry: ExternalInquiry) async -> Finding? {
    var finding = Finding(listing: known)
    for (read, record) in known.reads {
      let now = await shelf.finding(read, inquiry)
      guard let current = now.record else {
        finding.failure = now.failure
        // That a registry did not know the package long ago is no knowledge.
        if known.listing == nil { return Finding(failure: now.failure) }
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

  /// Reads what the registry says.
  ///
  /// A document that the format can make nothing of is taken back, and what stood before it is read
  /// instead.
  private func read(
    _ place: Place,
    _ known: ExternalListing?,
    _ inquiry: ExternalInquiry
  ) async -> Finding {
    guard let format = formats[place.package.format] else {
      return Finding(failure: ExternalFailure(unknown: place.connection))
    }
    var failure = ExternalFailure(unknown: place.connection)
    for _ in 0..<2 {
      let registry: ExternalRegistry
      do throws(ExternalFailure) {
        registry = try self.registry(place.connection, inquiry)
      } catch { return Finding(failure: error) }
      do throws(ExternalFailure) {
        let listing = try await format.listing(of: place.package, from: registry)
        let made = ExternalListing(listing?.composed, from: registry.reads)
        return keep(made, place, registry.reads)
      } catch { failure = error }
      guard failure.kind == .unusable, registry.reads.isComplete else { break }
      if await registry.takeBack(failure) { shelf.external.report(failure) }
    }
    return former(known, failure)
  }

  private func keep(_ made: ExternalListing, _ place: Place, _ reads: RegistryReads) -> Finding {
    let cost = 1 + (made.listing?.versions.count ?? 0)
    listings.withLock { $0.insert(made, for: place, cost: cost) }
    return Finding(listing: made, staleness: reads.staleness, failure: reads.failure)
  }

  /// What was known before, when what has come since cannot be read: as old as its oldest document.
  private func former(_ known: ExternalListing?, _ failure: ExternalFailure) -> Finding {
    guard let known, known.listing != nil else { return Finding(failure: failure) }
    let checked = known.reads.map(\.record.checkedAt).min()
    return Finding(
      listing: known,
      staleness: checked.map { shelf.clock.now() - $0 },
      failure: failure
    )
  }
}

extension ExternalFailure {
  /// Nobody has said where a connection leads: of the ten, Python's alone has no built-in address.
  init(unknown connection: ExternalConnection) {
    self.init(
      .unusable,
      "No address is known for \(connection.rawValue), since no pip answered when the server "
        + "started; give one with --external"
    )
  }
}

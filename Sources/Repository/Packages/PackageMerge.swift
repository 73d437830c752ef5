internal import Bytes
internal import Catalog
internal import FormatRules

/// The merge of everything that the search for a package found.
///
/// For each version the first place that has it decides. What an external registry says later about
/// a version that came from outside completes it: files not fetched yet, and what may change
/// without bytes changing (yanked, deprecated). A version published into the domain is its
/// publisher's alone, and one that is archived or disposed of gains nothing more.
struct PackageMerge {
  /// Where a version's files are.
  struct Places: Sendable {
    var stored: [StoredRelease] = []
    var external: External?

    struct External: Sendable {
      let connection: ExternalConnection
      /// The repository that has the connection.
      let repository: RepositoryID
      let version: ListedVersion
    }

    /// Whether files of a registry may be added: files of two public sources are never mixed
    /// (CodeArtifact user guide, "Maven package behavior with upstream repositories").
    func mayGain(from external: External) -> Bool {
      stored.allSatisfy { release in
        guard case .ingested(let connection) = release.record.origin else { return false }
        return connection == external.connection.rawValue
      }
    }
  }

  private struct Entry {
    var version: ListedVersion
    var places = Places()
    var isVisible: Bool
    /// Whether later places may add to it.
    var isOpen: Bool
  }

  private var entries: [Entry] = []
  /// Where each version stands in ``entries``.
  private var places: [String: Int] = [:]
  private var attributes: JSONValue = .object([])
  private var tags: [(depth: Int, value: JSONValue)] = []
  private var name: String?
  /// Whether any place knows the package, with versions or without.
  private(set) var isKnown = false

  /// Takes in what one repository holds.
  mutating func add(_ releases: [StoredRelease]) {
    isKnown = isKnown || !releases.isEmpty
    for release in releases { add(release) }
  }

  /// Takes in what a registry offers through the connection of one repository.
  mutating func add(
    _ listing: PackageListing,
    of connection: ExternalConnection,
    at repository: RepositoryID
  ) {
    isKnown = true
    name = name ?? listing.name
    add(attributes: listing.attributes, depth: .max)
    if entries.isEmpty {
      entries.reserveCapacity(listing.versions.count)
      places.reserveCapacity(listing.versions.count)
    }
    for version in listing.versions {
      add(Places.External(connection: connection, repository: repository, version: version))
    }
  }

  /// Takes in what a place keeps of the package as a whole: members that are not there yet, and
  /// inside those that are objects, members that they lack.
  ///
  /// - Parameters:
  ///   - added: what the place keeps.
  ///   - depth: how far upstream the place lies; a registry lies behind everything.
  mutating func add(attributes added: JSONValue, depth: Int) {
    if let value = added[Self.tagsMember] { tags.append((depth, value)) }
    attributes = attributes.completed(by: added.setting(Self.tagsMember, nil), depth: 2)
  }

  private static let tagsMember = "dist-tags"

  /// The tags of all places: of one that several have, what lies furthest upstream decides, and
  /// among equals what comes first (CodeArtifact user guide, "npm package behavior with upstream
  /// repositories").
  private var mergedTags: JSONValue? {
    let deepestFirst = tags.enumerated().sorted {
      ($1.element.depth, $0.offset) < ($0.element.depth, $1.offset)
    }
    guard let first = deepestFirst.first?.element.value else { return nil }
    return deepestFirst.dropFirst().reduce(first) { merged, next in
      merged.completed(by: next.element.value, depth: 1)
    }
  }

  private mutating func add(_ release: StoredRelease) {
    guard let index = places[release.record.version] else {
      append(
        Entry(
          version: ListedVersion(release),
          places: Places(stored: [release]),
          isVisible: release.isOpen,
          isOpen: release.isOpen && !release.isInternal
        )
      )
      return
    }
    guard entries[index].isOpen else { return }
    entries[index].isOpen = release.isOpen && !release.isInternal
    guard entries[index].isOpen else { return }
    entries[index].places.stored.append(release)
    entries[index].version.complete(with: ListedVersion(release).files)
  }

  private mutating func append(_ entry: Entry) {
    places[entry.version.version] = entries.count
    entries.append(entry)
  }

  private mutating func add(_ external: Places.External) {
    guard let index = places[external.version.version] else {
      var version = external.version
      for index in version.files.indices { version.files[index].address = nil }
      append(
        Entry(
          version: version,
          places: Places(external: external),
          isVisible: true,
          isOpen: true
        )
      )
      return
    }
    let entry = entries[index]
    guard entry.isOpen, entry.places.external == nil, entry.places.mayGain(from: external) else {
      return
    }
    entries[index].places.external = external
    entries[index].version.complete(with: external.version)
  }

  /// What is shown, and where each version's files are.
  func result(
    named name: String
  ) -> (listing: PackageListing, places: [String: Places]) {
    let shown = entries.filter(\.isVisible)
    let listing = PackageListing(
      name: name,
      versions: shown.map(\.version),
      attributes: attributes.setting(Self.tagsMember, mergedTags)
    )
    let places = Dictionary(shown.map { ($0.version.version, $0.places) }) { first, _ in first }
    return (listing, places)
  }

  /// The spelling that a registry has for the name.
  var registryName: String? { name }
}

extension ListedVersion {
  /// A stored version as it is listed.
  init(_ release: StoredRelease) {
    let record = release.record
    self.init(
      version: record.version,
      publishedAt: UploadTime(microseconds: record.publishedAt.microseconds),
      metadata: .stored(record.metadata),
      isListed: record.status == .published,
      files: release.assets.map { asset in
        ListedFile(
          name: asset.name,
          hashes: [
            "md5": Hexadecimal.encode(asset.digests.md5),
            "sha1": Hexadecimal.encode(asset.digests.sha1),
            "sha256": asset.digests.sha256.hexadecimal,
            "sha512": Hexadecimal.encode(asset.digests.sha512),
          ],
          byteCount: UInt64(asset.byteCount)
        )
      }
    )
  }

  /// Takes over what a registry says later: whether it is yanked, and files not fetched yet.
  fileprivate mutating func complete(with later: ListedVersion) {
    isListed = isListed && later.isListed
    publishedAt = later.publishedAt ?? publishedAt
    if later.metadata != .object([]) { metadata = later.metadata }
    complete(with: later.files)
  }

  /// Adds the files that are not there yet.
  fileprivate mutating func complete(with others: [ListedFile]) {
    let names = Set(files.map(\.name))
    for var file in others where !names.contains(file.name) {
      file.address = nil
      files.append(file)
    }
  }
}

extension JSONValue {
  /// Reads what a row keeps; what cannot be read is an empty object.
  static func stored(_ text: String) -> JSONValue {
    (try? JSONReader.read(Array(text.utf8))) ?? .object([])
  }

  /// The value as rows keep it.
  var storedText: String {
    var writer = JSONWriter()
    writer.value(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  fileprivate func completed(by other: JSONValue, depth: Int) -> JSONValue {
    guard depth > 0, case .object(var members) = self, case .object(let added) = other else {
      return self
    }
    var indexes: [String: Int] = [:]
    for (index, member) in members.enumerated() { indexes[member.name] = index }
    for member in added {
      guard let index = indexes[member.name] else {
        members.append(member)
        continue
      }
      members[index] = Member(
        member.name,
        members[index].value.completed(by: member.value, depth: depth - 1)
      )
    }
    return .object(members)
  }
}

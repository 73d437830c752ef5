/// Finds the `PKG-INFO` of a source distribution (PyPA specification "Source distribution format":
/// `{name}-{version}/PKG-INFO` in a gzipped tar archive), fed in pieces.
///
/// Where nothing but the metadata is wanted, feeding may stop as soon as ``found`` is set. Where
/// the archive is to be published, it is looked through to its end for what pip would refuse to
/// unpack (PEP 721: paths and links that lead out, devices). Memory is constant: 64 KiB of
/// inflated bytes at a time, the metadata itself, and the links.
package struct SourceDistributionMetadata {
  /// How much of the inflated archive is searched before it is called a bomb.
  package static let maximumInflatedByteCount: UInt64 = 8 << 30

  private static let chunkByteCount = 64 << 10
  private static let mostMembers = 200_000

  private var gzip = GzipReader()
  private var tar = TarReader()
  var limit = InflationLimit(
    of: subject,
    atMost: maximumInflatedByteCount
  )
  private var collected: [UInt8]?
  private let inspectsMembers: Bool
  private var memberCount = 0
  private var links = ArchiveLinks(of: subject)

  /// The exact bytes of `PKG-INFO` once they have come.
  package private(set) var found: [UInt8]?

  /// - Parameter inspectsMembers: whether all members are looked at, for an archive that is to be
  ///   published.
  package init(inspectsMembers: Bool = false) {
    self.inspectsMembers = inspectsMembers
  }

  private static let subject = "source distribution"

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput(subject, reason)
  }

  private var isOver: Bool { !inspectsMembers && (found != nil || tar.isFinished) }

  /// Takes more of the archive.
  ///
  /// - Throws: what is wrong when it is no gzipped tar archive, the metadata is too long, or a
  ///   member that is looked at would be unpacked elsewhere.
  package mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) {
    gzip.feed(bytes)
    limit.take(compressed: bytes.count)
    while !isOver {
      let chunk = try gzip.produce(upTo: Self.chunkByteCount)
      guard !chunk.isEmpty else { return }
      try limit.take(inflated: chunk.count)
      for event in try tar.feed(chunk) where inspectsMembers || found == nil { try take(event) }
    }
  }

  /// Returns the metadata at the archive's end.
  ///
  /// - Throws: that there is none, that the archive was cut, or that a link leads out of it.
  package consuming func finish() throws(MalformedInput) -> [UInt8] {
    if inspectsMembers {
      guard gzip.isFinished else { throw Self.failure("the archive was cut") }
      try links.checkAll()
    }
    if let found { return found }
    guard tar.isFinished || gzip.isFinished else { throw Self.failure("the archive was cut") }
    throw Self.failure("there is no PKG-INFO in the archive's top folder")
  }

  private mutating func take(_ event: TarReader.Event) throws(MalformedInput) {
    switch event {
    case .member(let member):
      if inspectsMembers { try check(member) }
      if member.isFile, Self.isMetadata(member.path) { try beginMetadata(member) }
    case .content(let bytes): collected?.append(contentsOf: bytes)
    case .endOfMember:
      guard let collected else { return }
      found = collected
      self.collected = nil
    }
  }

  private mutating func beginMetadata(_ member: TarReader.Member) throws(MalformedInput) {
    guard found == nil else { throw Self.failure("it has two PKG-INFO in its top folder") }
    guard member.byteCount <= UInt64(WheelMetadata.maximumByteCount) else {
      throw Self.failure(
        "its PKG-INFO is longer than \(WheelMetadata.maximumByteCount) bytes"
      )
    }
    collected = []
  }

  private mutating func check(_ member: TarReader.Member) throws(MalformedInput) {
    memberCount += 1
    guard memberCount <= Self.mostMembers else {
      throw Self.failure("it has more than \(Self.mostMembers) members")
    }
    guard ArchivePath.staysInside(member.path) else {
      throw Self.failure("`\(member.path.prefix(200))` points out of it")
    }
    guard !member.isDevice else {
      throw Self.failure("`\(member.path.prefix(200))` is a device or a pipe")
    }
    try links.check(member: member.path)
    if let target = member.linkTarget { try links.add(member.path, to: target) }
    guard let target = member.hardLinkTarget else { return }
    guard ArchivePath.staysInside(target) else {
      throw Self.failure("`\(member.path.prefix(200))` is a link that leads out of it")
    }
    try links.check(member: target, includesLast: true)
  }

  /// Whether a path is `{folder}/PKG-INFO`; `./` in front is how some tools write it.
  static func isMetadata(_ path: String) -> Bool {
    let path = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    return segments.count == 2 && !segments[0].isEmpty && segments[1] == "PKG-INFO"
  }

  /// Returns the `PKG-INFO` of a source distribution that is a ZIP archive.
  ///
  /// All members are looked at where `inspectsMembers` says so, as for what is to be published.
  /// - Throws: ``MalformedInput`` when there is not exactly one or the archive is damaged, and
  ///   what the source throws.
  package static func cutOut(
    ofZip source: ByteSource,
    inspectsMembers: Bool = false
  ) async throws -> [UInt8] {
    let directory = try await ZipDirectory(of: source)
    if inspectsMembers { try directory.checkMembers(bytes: maximumInflatedByteCount) }
    let found = directory.entries.filter { isMetadata($0.name) }
    guard let entry = found.first, found.count == 1 else {
      throw failure("it has \(found.count) PKG-INFO members in its top folder, not one")
    }
    return try await entry.extract(from: source, upTo: WheelMetadata.maximumByteCount)
  }
}

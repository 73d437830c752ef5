/// Looks through a `.crate` as it comes: a gzipped tar archive whose files all lie in
/// `{name}-{version}/` and are ordinary files (the rules of crates.io, which cargo relies on when
/// it unpacks).
///
/// Memory is constant: 64 KiB of inflated bytes at a time, the manifest, and the files' names.
package struct CrateArchive {
  /// How many bytes the files may have together, inflated.
  package static let maximumInflatedByteCount: UInt64 = 1 << 30
  /// How many files there may be.
  package static let mostMembers = 50_000

  static let maximumManifestByteCount: UInt64 = 4 << 20
  private static let chunkByteCount = 64 << 10

  private let folder: String
  private var gzip = GzipReader()
  private var tar = TarReader()
  var limit: InflationLimit
  private var paths: Set<String> = []
  private var collected: [UInt8]?
  private var manifest: [UInt8]?

  package init(name: String, version: String) {
    self.folder = "\(name)-\(version)"
    self.limit = InflationLimit(of: "\(folder).crate", atMost: Self.maximumInflatedByteCount)
  }

  /// Takes more of the archive.
  package mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) {
    gzip.feed(bytes)
    limit.take(compressed: bytes.count)
    while true {
      let chunk = try gzip.produce(upTo: Self.chunkByteCount)
      guard !chunk.isEmpty else { return }
      try limit.take(inflated: chunk.count)
      for event in try tar.feed(chunk) { try take(event) }
    }
  }

  /// Returns the manifest at the archive's end.
  ///
  /// - Throws: that there is none, or that the archive was cut.
  package consuming func finish() throws(MalformedInput) -> CrateManifest {
    guard gzip.isFinished else { throw failure("the archive was cut") }
    guard let manifest else { throw failure("it has no \(folder)/Cargo.toml") }
    return try CrateManifest(reading: manifest)
  }

  private func failure(_ reason: String) -> MalformedInput {
    MalformedInput("\(folder).crate", reason)
  }

  private mutating func take(_ event: TarReader.Event) throws(MalformedInput) {
    switch event {
    case .member(let member): try begin(member)
    case .content(let bytes): collected?.append(contentsOf: bytes)
    case .endOfMember:
      if let collected { manifest = collected }
      collected = nil
    }
  }

  private mutating func begin(_ member: TarReader.Member) throws(MalformedInput) {
    let path = member.path
    guard member.isFile || path.hasSuffix("/") else {
      throw failure("\(path) is a link or a device; a crate has files only")
    }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    let names = member.isFile ? segments[...] : segments.dropLast()
    guard names.first == folder[...], !names.contains(where: { ["", ".", ".."].contains($0) })
    else { throw failure("\(path) does not lie in \(folder)/") }
    guard member.isFile else { return }
    guard paths.insert(path.lowercased()).inserted else {
      throw failure("\(path) is there twice, or differs from another file in case only")
    }
    guard paths.count <= Self.mostMembers else {
      throw failure("it has more than \(Self.mostMembers) files")
    }
    guard names.count == 2, names[names.startIndex + 1] == "Cargo.toml" else { return }
    guard member.byteCount <= Self.maximumManifestByteCount else {
      throw failure("its Cargo.toml is longer than \(Self.maximumManifestByteCount) bytes")
    }
    collected = []
  }
}

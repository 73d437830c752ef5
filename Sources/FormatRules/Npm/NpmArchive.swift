/// Looks through a package's archive, a gzipped tar archive, fed in pieces: for its `package.json`
/// and for what the manifest of the registry says of the whole.
///
/// Memory is constant: 64 KiB of inflated bytes at a time, and the manifest itself. A hostile
/// archive is refused at a bound, not followed to its end.
package struct NpmArchive {
  /// What an archive has shown.
  package struct Contents: Hashable, Sendable {
    /// The `package.json` in its top folder.
    package var manifest: JSONValue
    package var fileCount = 0
    package var unpackedByteCount: UInt64 = 0
    package var hasBindingGyp = false
    package var hasShrinkwrap = false
    /// The readme in its top folder.
    package var readme: String?
  }

  /// How many inflated bytes are looked at before the archive is called a bomb.
  package static let maximumInflatedByteCount: UInt64 = 4 << 30
  /// How many members an archive may have.
  package static let maximumFileCount = 200_000
  /// How long a `package.json` may be, in bytes.
  package static let longestManifest = 4 << 20
  /// How many JSON values a `package.json` may have; those of 4 MB that people write have 100,000.
  static let mostManifestValues = 500_000
  /// How long a readme may be to be looked at, in bytes.
  private static let longestReadme: UInt64 = 1 << 20

  private static let chunkByteCount = 64 << 10

  private var gzip = GzipReader()
  private var tar = TarReader()
  private var contents = Contents(manifest: .null)
  var limit = InflationLimit(of: "package archive", atMost: maximumInflatedByteCount)
  private var target = Target.none
  private var collected: [UInt8] = []
  private var manifest: [UInt8]?

  /// What the content that comes next is kept as.
  private enum Target {
    case none, manifest, readme
  }

  package init() {}

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

  /// Returns what was found, at the archive's end.
  package consuming func finish() throws(MalformedInput) -> Contents {
    guard gzip.isFinished else { throw Self.failure("it was cut") }
    guard let manifest else { throw Self.failure("there is no package.json in its top folder") }
    contents.manifest = try JSONReader.read(
      manifest,
      mostValues: Self.mostManifestValues
    )
    guard case .object = contents.manifest else {
      throw Self.failure("its package.json is no object")
    }
    return contents
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("package archive", reason)
  }

  private mutating func take(_ event: TarReader.Event) throws(MalformedInput) {
    switch event {
    case .member(let member): try begin(member)
    case .content(let bytes): if target != .none { collected += bytes }
    case .endOfMember: endMember()
    }
  }

  /// Of several files with one name the last one is what unpacking leaves.
  private mutating func endMember() {
    switch target {
    case .none: return
    case .manifest: manifest = collected
    case .readme:
      contents.readme = String(validating: collected, as: UTF8.self)
        .flatMap(NpmManifest.keptReadme)
    }
    target = .none
    collected = []
  }

  private mutating func begin(_ member: TarReader.Member) throws(MalformedInput) {
    let segments = member.path.split(separator: "/", omittingEmptySubsequences: false)
    guard !member.path.hasPrefix("/"), !segments.contains("..") else {
      throw Self.failure("`\(member.path.prefix(200))` points out of it")
    }
    guard member.isFile else { return }
    contents.fileCount += 1
    contents.unpackedByteCount += member.byteCount
    guard contents.fileCount <= Self.maximumFileCount else {
      throw Self.failure("it has more than \(Self.maximumFileCount) files")
    }
    // Clients drop the first folder, whatever its name.
    let inside = segments.filter { $0 != "." && !$0.isEmpty }
    guard inside.count == 2 else { return }
    switch inside[1] {
    case "package.json": try beginManifest(member)
    case "binding.gyp": contents.hasBindingGyp = true
    case "npm-shrinkwrap.json": contents.hasShrinkwrap = true
    default:
      let isReadme = ["readme", "readme.md", "readme.markdown"].contains(inside[1].lowercased())
      if isReadme, member.byteCount <= Self.longestReadme { target = .readme }
    }
  }

  private mutating func beginManifest(_ member: TarReader.Member) throws(MalformedInput) {
    guard member.byteCount <= UInt64(Self.longestManifest) else {
      throw Self.failure("its package.json is longer than \(Self.longestManifest) bytes")
    }
    target = .manifest
  }
}

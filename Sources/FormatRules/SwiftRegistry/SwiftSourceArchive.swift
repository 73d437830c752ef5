/// A release's source archive, looked through before it is accepted (SE-0292, "Download source
/// archive").
///
/// SwiftPM unpacks it and drops its one outermost folder, whatever that is called. What could
/// escape on the way, or cannot be unpacked the same way everywhere, is refused here.
package struct SwiftSourceArchive: Sendable {
  /// A manifest and its exact bytes.
  package struct ManifestFile: Sendable {
    package let manifest: SwiftManifest
    package let bytes: [UInt8]
  }

  /// The main manifest first.
  package let manifests: [ManifestFile]

  private static let mostManifests = 50
  private static let longestManifest = 1 << 20
  private static let longestLink = 4096
  /// How long all members may be together once unpacked.
  private static let mostBytes: UInt64 = 8 << 30

  /// - Throws: ``MalformedInput`` with what the publisher has to change, and what the source
  ///   throws.
  package init(of source: ByteSource) async throws {
    let directory = try await ZipDirectory(of: source)
    try directory.checkMembers(bytes: Self.mostBytes)
    let root = try Self.root(of: directory.entries)
    try await Self.checkLinks(of: directory.entries, below: root, source)
    manifests = try await Self.manifests(in: directory.entries, root, source)
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("source archive", reason)
  }

  private static func root(of entries: [ZipEntry]) throws(MalformedInput) -> String {
    guard let first = entries.first else { throw failure("it is empty") }
    let root = String(first.name.prefix { $0 != "/" })
    for entry in entries where !entry.name.hasPrefix(root + "/") {
      throw failure(
        "it must have one outermost folder, and has \(entry.name) beside \(root)/"
      )
    }
    return root
  }

  /// A link may lead to any place in the package and to none outside, and no member may lie behind
  /// one.
  private static func checkLinks(
    of entries: [ZipEntry],
    below root: String,
    _ source: ByteSource
  ) async throws {
    var links = ArchiveLinks(of: "source archive")
    for entry in entries where entry.isSymbolicLink {
      let target = try await target(of: entry, source)
      try links.add(String(entry.name.dropFirst(root.count + 1)), to: target)
    }
    for entry in entries {
      try links.check(member: String(entry.name.dropFirst(root.count + 1)))
    }
    try links.checkAll()
  }

  private static func target(of link: ZipEntry, _ source: ByteSource) async throws -> String {
    let bytes = try await link.extract(from: source, upTo: longestLink)
    guard let target = String(validating: bytes, as: UTF8.self), !target.isEmpty else {
      throw failure("its member \(link.name) is a link to no place in the package")
    }
    return target
  }

  private static func manifests(
    in entries: [ZipEntry],
    _ root: String,
    _ source: ByteSource
  ) async throws -> [ManifestFile] {
    var found: [ManifestFile] = []
    for entry in entries {
      guard let name = SwiftManifestName(String(entry.name.dropFirst(root.count + 1))) else {
        continue
      }
      guard found.count < mostManifests else {
        throw failure("it has more than \(mostManifests) manifests")
      }
      found.append(try await manifest(name, entry, source))
    }
    guard found.contains(where: \.manifest.name.isMain) else {
      throw failure("it has no \(SwiftManifestName.main) in its outermost folder")
    }
    return found.sorted { SwiftManifest.isBefore($0.manifest, $1.manifest) }
  }

  private static func manifest(
    _ name: SwiftManifestName,
    _ entry: ZipEntry,
    _ source: ByteSource
  ) async throws -> ManifestFile {
    guard !entry.isSymbolicLink else { throw failure("its \(name.text) is a link, not a file") }
    let bytes = try await entry.extract(from: source, upTo: longestManifest)
    do throws(MalformedInput) {
      let manifest = SwiftManifest(name: name, toolsVersion: try .init(ofManifest: bytes))
      return ManifestFile(manifest: manifest, bytes: bytes)
    } catch {
      throw failure("the first line of its \(name.text) names no tools version such as 5.9")
    }
  }
}

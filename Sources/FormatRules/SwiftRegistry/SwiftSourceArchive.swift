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

  private static let mostMembers = 200_000
  private static let mostManifests = 50
  private static let longestManifest = 1 << 20
  private static let longestLink = 4096
  /// How long all members may be together once unpacked.
  private static let mostBytes: UInt64 = 8 << 30

  /// - Throws: ``MalformedInput`` with what the publisher has to change, and what the source
  ///   throws.
  package init(of source: ByteSource) async throws {
    let directory = try await ZipDirectory(of: source)
    try directory.checkMembers(atMost: Self.mostMembers, bytes: Self.mostBytes)
    let root = try Self.root(of: directory.entries)
    for entry in directory.entries where entry.isSymbolicLink {
      try await Self.checkLink(entry, below: root, source)
    }
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

  /// A link may lead to any place in the package and to none outside.
  private static func checkLink(
    _ entry: ZipEntry,
    below root: String,
    _ source: ByteSource
  ) async throws {
    let bytes = try await entry.extract(from: source, upTo: longestLink)
    guard let target = String(validating: bytes, as: UTF8.self), !target.isEmpty,
      !target.hasPrefix("/"), !target.utf8.contains(0)
    else { throw failure("its member \(entry.name) is a link to no place in the package") }
    var depth = entry.name.split(separator: "/").count - 2
    for part in target.split(separator: "/") where part != "." {
      depth += part == ".." ? -1 : 1
      guard depth >= 0 else {
        throw failure("its member \(entry.name) is a link that leads out of the package")
      }
    }
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

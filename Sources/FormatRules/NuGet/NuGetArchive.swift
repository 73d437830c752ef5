/// A `.nupkg`: a zip archive with one nuspec at its top (NuGet, "Create a package").
package struct NuGetArchive: Sendable {
  /// The exact bytes of the nuspec.
  package let nuspec: [UInt8]
  package let description: NuGetDescription

  private static let mostBytes: UInt64 = 16 << 30
  /// Files that are shown by themselves, such as an icon, are no longer than this.
  private static let longestExtra = 8 << 20

  /// - Throws: ``MalformedInput`` with what the publisher has to change, and what the source
  ///   throws.
  package init(of source: ByteSource) async throws {
    let directory = try await ZipDirectory(of: source)
    try directory.checkMembers(bytes: Self.mostBytes)
    nuspec = try await Self.cutNuspec(directory, source)
    description = try NuGetDescription(nuspec: nuspec)
  }

  /// Returns the exact bytes of a published package's nuspec.
  package static func nuspec(of source: ByteSource) async throws -> [UInt8] {
    try await cutNuspec(try await ZipDirectory(of: source), source)
  }

  /// Returns a file inside a published package, by the path that its nuspec gives; nil when it has
  /// none.
  package static func file(
    _ path: String,
    of source: ByteSource
  ) async throws -> [UInt8]? {
    let wanted = normalize(path)
    let directory = try await ZipDirectory(of: source)
    guard let entry = directory.entries.first(where: { normalize($0.name) == wanted }) else {
      return nil
    }
    return try await entry.extract(from: source, upTo: longestExtra)
  }

  /// Returns the readme of a published package, which its nuspec names; nil where there is none.
  package static func readme(of source: ByteSource) async throws -> String? {
    let description = try NuGetDescription(nuspec: try await nuspec(of: source))
    guard let path = description[.readmeFile] else { return nil }
    return ReadmeName.text(try await file(path, of: source))
  }

  /// Nuspecs written on Windows have backslashes, and neither side minds case.
  private static func normalize(_ path: String) -> String {
    let slashes = path.replacing("\\", with: "/")
    return (slashes.hasPrefix("./") ? String(slashes.dropFirst(2)) : slashes).lowercased()
  }

  private static func cutNuspec(
    _ directory: ZipDirectory,
    _ source: ByteSource
  ) async throws -> [UInt8] {
    let found = directory.entries.filter { entry in
      !entry.name.contains("/") && entry.name.lowercased().hasSuffix(".nuspec")
    }
    guard let entry = found.first, found.count == 1 else {
      throw MalformedInput("nupkg", "it must have one .nuspec at its top, and has \(found.count)")
    }
    return try await entry.extract(from: source, upTo: NuGetDescription.longestNuspec)
  }
}

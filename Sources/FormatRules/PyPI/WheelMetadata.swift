/// The core metadata inside a wheel (PyPA specification "Binary distribution format", "The
/// .dist-info directory").
package enum WheelMetadata {
  /// Longer metadata is refused.
  ///
  /// The longest on the public index are around a megabyte.
  package static let maximumByteCount = 8 << 20

  /// Returns the exact bytes of the wheel's `METADATA`: what PEP 658 serves beside the wheel.
  ///
  /// There must be exactly one `*.dist-info/METADATA` at the top, and its folder must be named for
  /// the project and version of the file's name, as pip demands.
  /// - Throws: ``MalformedInput`` saying which of this is not so, and what the source throws.
  package static func cutOut(
    of source: ByteSource,
    named fileName: DistributionFileName
  ) async throws -> [UInt8] {
    let directory = try await ZipDirectory(of: source)
    let found = directory.entries.filter { folder(ofMetadata: $0.name) != nil }
    guard let entry = found.first, let folder = folder(ofMetadata: entry.name) else {
      throw failure(fileName, "it has no .dist-info/METADATA")
    }
    guard found.count == 1 else {
      throw failure(fileName, "it has \(found.count) .dist-info/METADATA members")
    }
    guard matches(folder, fileName) else {
      throw failure(fileName, "its metadata folder \(folder).dist-info is of another distribution")
    }
    return try await entry.extract(from: source, upTo: maximumByteCount)
  }

  /// Checks a wheel on its way in for what pip would refuse to unpack, or unpack as something else
  /// than another reader (PyPA, "Binary distribution format"; the public index checks the same).
  ///
  /// - Throws: ``MalformedInput`` that names the member, and what the source throws.
  package static func check(
    _ source: ByteSource,
    named fileName: DistributionFileName
  ) async throws {
    do {
      try await ZipDirectory(of: source).checkMembers(bytes: mostBytes)
    } catch let error as MalformedInput {
      throw failure(fileName, error.reason)
    }
  }

  /// How long all members may be together once unpacked.
  private static let mostBytes: UInt64 = 64 << 30

  private static func failure(_ fileName: DistributionFileName, _ reason: String) -> MalformedInput
  {
    MalformedInput("wheel \(fileName.fileName)", reason)
  }

  /// The folder's name without `.dist-info`, for a path such as `a-1.dist-info/METADATA`.
  private static func folder(ofMetadata path: String) -> Substring? {
    let ending = ".dist-info/METADATA"
    guard path.hasSuffix(ending) else { return nil }
    let folder = path.dropLast(ending.count)
    return folder.isEmpty || folder.contains("/") ? nil : folder
  }

  /// Both sides may be escaped or not: `a.b-1.0+local` and `a_b-1.0_local` are the same.
  private static func matches(_ folder: Substring, _ fileName: DistributionFileName) -> Bool {
    folder.indices.contains { index in
      guard folder[index] == "-",
        ProjectName.normalize(folder[..<index]) == fileName.project.normalized
      else { return false }
      let version = folder[folder.index(after: index)...]
      return PythonVersion(version) == fileName.version
        || version.map { $0 == "_" ? "-" : $0 }
          == fileName.version.spelling.map {
            $0 == "_" ? "-" : $0
          }
    }
  }
}

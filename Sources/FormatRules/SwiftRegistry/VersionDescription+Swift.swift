extension VersionDescription {
  /// What a release's row says (``SwiftRelease/row``).
  package init(swift row: JSONValue) {
    self.init(row: row)
    dependencies = (row["dependencies"]?.array ?? []).compactMap { PackageDependency(swift: $0) }
  }
}

extension PackageDependency {
  /// A dependency by an address in version control goes by the name that SwiftPM makes of it: the
  /// last part, in lower case, without `.git`; the address then stands in front of what is required
  /// (SE-0292, "Package identity").
  fileprivate init?(swift value: JSONValue) {
    guard let target = value["package"]?.string, target.contains("/") else {
      self.init(value)
      return
    }
    let last = target.split(separator: "/").last?.lowercased() ?? ""
    self.init(
      package: last.hasSuffix(".git") ? String(last.dropLast(4)) : last,
      requirement: "\(target), \(value["versionRequirement"]?.string ?? "")"
    )
  }
}

extension SwiftSourceArchive {
  /// Returns the readme in a published archive's outermost folder; nil where there is none.
  ///
  /// - Throws: ``MalformedInput`` when it is no zip archive, and what the source throws.
  package static func readme(of source: ByteSource) async throws -> String? {
    let entries = try await ZipDirectory(of: source).entries
    let ranked = entries.compactMap { entry -> (rank: Int, entry: ZipEntry)? in
      let segments = entry.name.split(separator: "/", omittingEmptySubsequences: false)
      guard segments.count == 2, !entry.isSymbolicLink,
        entry.byteCount <= UInt64(VersionDescription.itemByteLimit)
      else { return nil }
      return ReadmeName.rank(segments[1]).map { ($0, entry) }
    }
    guard let best = ranked.min(by: { $0.rank < $1.rank })?.entry else { return nil }
    return ReadmeName.text(
      try await best.extract(from: source, upTo: VersionDescription.itemByteLimit)
    )
  }
}

extension VersionDescription {
  /// What a version's row says: its index line, and for a crate published here what describes it
  /// (``CrateDescription/metadata(checksum:)``).
  package init(crate row: JSONValue) {
    self.init()
    dependencies = (row["deps"]?.array ?? []).compactMap { PackageDependency(crate: $0) }
    guard let about = row[CrateIndexFile.aboutMember] else { return }
    describe { about[$0]?.string }
  }

  /// What a crate's own manifest says; dependencies are in its index line.
  package init(crate manifest: CrateManifest) {
    self.init()
    describe { manifest[$0] }
  }

  /// Whether a version's row has what describes it, which index lines of other registries lack.
  package static func isDescribed(crate row: JSONValue) -> Bool {
    row[CrateIndexFile.aboutMember] != nil
  }

  private mutating func describe(by text: (String) -> String?) {
    summary = Self.item(text("description"))
    homePage = Self.item(text("homepage"))
    sourceCodeRepository = Self.item(text("repository"))
    licenses = [License(name: text("license"))].compactMap(\.self)
  }
}

extension PackageDependency {
  /// A dependency of an index line: a renamed one has its own name in `package` (the Cargo Book,
  /// "Registry Index", "JSON schema").
  fileprivate init?(crate line: JSONValue) {
    guard let name = line["package"]?.string ?? line["name"]?.string else { return nil }
    self.init(
      package: name,
      type: line["kind"]?.string ?? "normal",
      requirement: line["req"]?.string
    )
  }
}

extension CrateArchive {
  /// Looks for the manifest in a published crate.
  package static func manifestSearch() -> TarballSearch {
    TarballSearch(upTo: Int(maximumManifestByteCount)) { path in
      path.split(separator: "/").dropFirst() == ["Cargo.toml"] ? 0 : nil
    }
  }

  /// Looks for the readme that a crate's manifest names; without a name, for the one that cargo
  /// would take (the Cargo Book, "The readme field").
  package static func readmeSearch(_ manifest: CrateManifest) -> TarballSearch {
    guard let stated = manifest["readme"] else { return .readme(below: 1) }
    let wanted = stated.split(separator: "/").filter { $0 != "." }
    return TarballSearch { path in
      Array(path.split(separator: "/").dropFirst()) == wanted ? 0 : nil
    }
  }
}

/// What the name of a distribution's file says (PyPA specifications "Binary distribution format"
/// and "Source distribution format", and the older habits that the index still holds).
package struct DistributionFileName: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `{name}-{version}(-{build})?-{python}-{abi}-{platform}.whl`.
    case wheel(build: String?, python: String, abi: String, platform: String)
    /// `{name}-{version}.{archive}`.
    case sourceDistribution(archive: Archive)
    /// `{name}-{version}(-py{python}(-{platform})?)?.egg`.
    case egg(python: String?, platform: String?)
  }

  /// The archive forms that source distributions have come in.
  package enum Archive: String, Hashable, Sendable, CaseIterable {
    case tarGzip = ".tar.gz"
    case zip = ".zip"
    case tarBzip2 = ".tar.bz2"
    case gzippedTar = ".tgz"
    case tarXz = ".tar.xz"
    case tarCompress = ".tar.Z"
    case tar = ".tar"
  }

  package let fileName: String
  package let kind: Kind
  package let project: ProjectName
  package let version: PythonVersion

  /// Reads a file's name.
  ///
  /// Give `project` when it is known: in names such as `a-b-1.0.tar.gz` only that tells where the
  /// project ends, and a name that does not begin with the project's is refused. Without it the
  /// version begins at the last dash before a digit. Returns nil for what is no distribution's
  /// name, and for anything that could leave a folder or a line: `/`, `\`, control characters.
  package init?(_ fileName: String, project: ProjectName? = nil) {
    guard fileName.utf8.allSatisfy({ 0x21..<0x7F ~= $0 && $0 != 0x2F && $0 != 0x5C }) else {
      return nil
    }
    guard let parts = Parts(fileName, project: project), let name = ProjectName(parts.project),
      project == nil || name == project, parts.version.utf8.first != nil
    else { return nil }
    self.fileName = fileName
    self.kind = parts.kind
    self.project = name
    self.version = PythonVersion(parts.version)
  }

  /// Whether the file is a wheel, and so has core metadata to cut out.
  package var isWheel: Bool {
    if case .wheel = kind { true } else { false }
  }

  /// The word that uploads use for this kind (`filetype`) and the index's JSON (`packagetype`).
  package var uploadType: String {
    switch kind {
    case .wheel: "bdist_wheel"
    case .sourceDistribution: "sdist"
    case .egg: "bdist_egg"
    }
  }

  private struct Parts {
    var project: Substring
    var version: Substring
    var kind: Kind

    init?(_ fileName: String, project: ProjectName?) {
      if let stem = Self.stem(of: fileName, without: ".whl") {
        self.init(wheel: stem)
      } else if let stem = Self.stem(of: fileName, without: ".egg") {
        self.init(egg: stem)
      } else {
        self.init(sourceDistribution: fileName, project: project)
      }
    }

    static func stem(of fileName: String, without ending: String) -> Substring? {
      fileName.hasSuffix(ending) ? fileName.dropLast(ending.count) : nil
    }

    init?(wheel stem: Substring) {
      let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
      guard 5...6 ~= parts.count, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
      let build = parts.count == 6 ? String(parts[2]) : nil
      // A build tag begins with a digit; it is how six parts are told from a stray dash.
      guard build == nil || build?.utf8.first?.isDigit == true else { return nil }
      project = parts[0]
      version = parts[1]
      kind = .wheel(
        build: build,
        python: String(parts[parts.count - 3]),
        abi: String(parts[parts.count - 2]),
        platform: String(parts[parts.count - 1])
      )
    }

    init?(egg stem: Substring) {
      let parts = stem.split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
      project = parts[0]
      version = parts[1]
      kind = .egg(
        python: parts.count > 2 ? String(parts[2]) : nil,
        platform: parts.count > 3 ? String(parts[3]) : nil
      )
    }

    init?(sourceDistribution fileName: String, project known: ProjectName?) {
      for archive in Archive.allCases {
        guard let stem = Self.stem(of: fileName, without: archive.rawValue) else { continue }
        guard let cut = Self.cut(stem, project: known) else { return nil }
        (project, version) = cut
        kind = .sourceDistribution(archive: archive)
        return
      }
      return nil
    }

    /// Where the project ends.
    ///
    /// Every dash is tried when the project is known, the first match first; otherwise the last
    /// dash that a digit follows, and failing that the last one.
    static func cut(_ stem: Substring, project: ProjectName?) -> (Substring, Substring)? {
      let dashes = stem.indices.filter { stem[$0] == "-" }
      let index =
        if let project {
          dashes.first { ProjectName.normalize(stem[..<$0]) == project.normalized }
        } else {
          dashes.last { stem[stem.index(after: $0)...].utf8.first?.isDigit == true } ?? dashes.last
        }
      guard let index else { return nil }
      return (stem[..<index], stem[stem.index(after: index)...])
    }
  }
}

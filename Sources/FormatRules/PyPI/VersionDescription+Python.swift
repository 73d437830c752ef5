extension VersionDescription {
  /// What a distribution's core metadata says (PyPA specification "Core metadata").
  package init(python metadata: CoreMetadata) {
    summary = Self.known(metadata.summary)
    homePage =
      Self.known(metadata["Home-page"]) ?? Self.address(labelled: ["homepage"], in: metadata)
    sourceCodeRepository = Self.address(
      labelled: ["source", "sourcecode", "repository", "github"],
      in: metadata
    )
    // The expression of PEP 639 where there is one, else the old free text.
    let license = Self.known(metadata["License-Expression"]) ?? Self.known(metadata["License"])
    licenses = [License(name: license)].compactMap(\.self)
    dependencies = metadata.all("Requires-Dist").compactMap { PackageDependency(requiresDist: $0) }
    readme = Self.known(metadata.description)
  }

  /// A field's text; distutils wrote `UNKNOWN` where there was none.
  private static func known(_ text: String?) -> String? {
    text.map { Array($0.utf8).trimmed } == Array("UNKNOWN".utf8)[...] ? nil : item(text)
  }

  /// The first project address under one of these labels, compared as the specification of
  /// well-known labels has it: letters and digits only, in lower case.
  private static func address(
    labelled labels: Set<String>,
    in metadata: CoreMetadata
  ) -> String? {
    for value in metadata.all("Project-URL") {
      let parts = value.split(separator: ",", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let label = parts[0].lowercased().filter { $0.isLetter || $0.isNumber }
      guard labels.contains(label) else { continue }
      return item(String(parts[1].drop { $0 == " " }))
    }
    return nil
  }
}

extension PackageDependency {
  /// A dependency specifier (PyPA specification "Dependency specifiers"): the project in its normal
  /// form, and after it, as written, extras, versions and the marker that says when it is needed.
  ///
  /// Metadata before 2.1 has the versions in parentheses, which are taken off.
  package init?(requiresDist text: String) {
    let bytes = Array(text.utf8).trimmed
    let name = bytes.prefix { byte in
      byte.isLetter || byte.isDigit || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
    guard let project = ProjectName(String(decoding: name, as: UTF8.self)) else { return nil }
    let rest = Array(bytes.dropFirst(name.count)).trimmed
    self.init(
      package: project.normalized,
      type: "Requires-Dist",
      requirement: rest.isEmpty ? nil : Self.withoutParentheses(rest)
    )
  }

  private static func withoutParentheses(_ rest: ArraySlice<UInt8>) -> String {
    let text = String(decoding: rest, as: UTF8.self)
    guard let open = text.firstIndex(of: "("), let close = text.firstIndex(of: ")"), open < close,
      text.firstIndex(of: ";").map({ close < $0 }) ?? true
    else { return text }
    let before = String(decoding: Array(text[..<open].utf8).trimmed, as: UTF8.self)
    return before + text[text.index(after: open)..<close] + text[text.index(after: close)...]
  }
}

import Catalog
import FormatRules

extension PackageCoordinates {
  /// Reads a package as its users write it: `npm/@types/node`, `maven/org.slf4j/slf4j-api`,
  /// `pypi/requests`; the names come out as the format stores them.
  ///
  /// Nil for a format that there is not, and where a namespace is missing or too much.
  init?(spelling text: Substring) {
    var parts = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
    guard 2...3 ~= parts.count, let format = PackageFormat(rawValue: parts.removeFirst()),
      let name = parts.popLast(), !name.isEmpty
    else { return nil }
    var namespace = parts.last
    if format == .npm, let scope = namespace {
      guard scope.hasPrefix("@") else { return nil }
      namespace = String(scope.dropFirst())
    }
    switch PackageRules.namespaceUse(in: format) {
    case .required where namespace == nil: return nil
    case .absent where namespace != nil: return nil
    default: break
    }
    guard namespace?.isEmpty != true else { return nil }
    let isPython = format == .pypi
    self.init(
      format: format,
      namespace: namespace.map { PackageRules.normalized($0, in: format) },
      name: isPython
        ? ProjectName(name)?.normalized ?? name : PackageRules.normalized(name, in: format)
    )
  }
}

extension VersionCoordinates {
  /// Reads a version as its users write it: the package, an `@` and the version.
  init?(spelling text: String) {
    let isPlain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    guard isPlain, let mark = text.lastIndex(of: "@"),
      let package = PackageCoordinates(spelling: text[..<mark])
    else { return nil }
    let version = String(text[text.index(after: mark)...])
    guard !version.isEmpty, !version.contains("/") else { return nil }
    let isPython = package.format == .pypi
    self.init(
      package,
      isPython
        ? PythonVersion(version).normalized
        : PackageRules.normalizedVersion(version, in: package.format)
    )
  }
}

import Catalog

/// How the service reads package names that callers pass, format by format.
///
/// Source: the CodeArtifact user guide, "Package name normalization" of NuGet and Swift, and its
/// table of namespaces. PyPI names are left as they are: API callers must pass the normalised form.
enum PackageRules {
  /// Whether packages of a format have a namespace.
  enum NamespaceUse: Sendable {
    case required, optional, absent
  }

  static func namespaceUse(in format: PackageFormat) -> NamespaceUse {
    switch format {
    case .generic, .maven, .swift: .required
    case .npm: .optional
    case .cargo, .nuget, .pypi, .ruby: .absent
    }
  }

  /// Returns a name or a namespace as the format stores it.
  static func normalized(_ name: String, in format: PackageFormat) -> String {
    switch format {
    case .nuget, .swift: name.lowercased()
    case .cargo, .generic, .maven, .npm, .pypi, .ruby: name
    }
  }

  /// Returns a version as the format stores it.
  static func normalizedVersion(_ version: String, in format: PackageFormat) -> String {
    format == .nuget ? nugetVersion(version) : version
  }

  /// NuGet's rules: no zeros in front of a number, no fourth part that is zero, no build metadata.
  private static func nugetVersion(_ version: String) -> String {
    let release = version.prefix { $0 != "+" }
    let split = release.firstIndex(of: "-") ?? release.endIndex
    var parts = release[..<split].split(separator: ".", omittingEmptySubsequences: false)
      .map(trimmingZeros)
    if parts.count == 4, parts[3] == "0" { parts.removeLast() }
    return parts.joined(separator: ".") + release[split...]
  }

  private static func trimmingZeros(_ number: Substring) -> String {
    let digits = number.drop { $0 == "0" }
    return digits.isEmpty && !number.isEmpty ? "0" : String(digits)
  }
}

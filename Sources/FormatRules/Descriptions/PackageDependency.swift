/// What a version needs of another package, in the words of the control API
/// (CodeArtifact API 2018-09-22, `PackageDependency`).
package struct PackageDependency: Hashable, Sendable {
  package let namespace: String?
  package let package: String
  /// A word of the package's format, such as `dev`; nil where formats have none.
  package let dependencyType: String?
  /// As the package states it, in the syntax of its format; nil where it states nothing.
  package let versionRequirement: String?

  /// Returns nil where no package can have these names: the API could not say them either.
  package init?(
    namespace: String? = nil,
    package: String,
    type: String? = nil,
    requirement: String?
  ) {
    guard Self.isName(package), namespace.map(Self.isName) ?? true else { return nil }
    self.namespace = namespace
    self.package = package
    self.dependencyType = type
    self.versionRequirement = requirement
  }

  /// The model's `PackageName` and `PackageNamespace`: `[^#/\s]+`, 255 characters at most.
  private static func isName(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    return 1...255 ~= scalars.count
      && !scalars.contains { $0 == "#" || $0 == "/" || $0.properties.isWhitespace }
  }
}

extension PackageDependency {
  /// Reads the form in which rows keep it, under the API's own names.
  package init?(_ value: JSONValue) {
    guard let package = value["package"]?.string else { return nil }
    self.init(
      namespace: value["namespace"]?.string,
      package: package,
      type: value["dependencyType"]?.string,
      requirement: value["versionRequirement"]?.string
    )
  }

  /// The form in which rows keep it.
  package var json: JSONValue {
    let members = [
      ("namespace", namespace), ("package", package), ("dependencyType", dependencyType),
      ("versionRequirement", versionRequirement),
    ]
    return .object(
      members.compactMap { name, text in text.map { JSONValue.Member(name, .string($0)) } }
    )
  }
}

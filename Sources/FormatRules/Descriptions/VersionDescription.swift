/// What a version says of itself, as far as the control API shows it (`DescribePackageVersion`,
/// `ListPackageVersionDependencies`, `GetPackageVersionReadme`).
///
/// Made from what a row keeps, or from the file itself where the row knows less: a version that
/// came from a registry is kept with what that registry's lists say, which may be little.
package struct VersionDescription: Hashable, Sendable {
  package struct License: Hashable, Sendable {
    package var name: String?
    package var url: String?

    /// Returns nil where both are missing.
    package init?(name: String?, url: String? = nil) {
      self.name = VersionDescription.item(name)
      self.url = VersionDescription.item(url)
      guard self.name != nil || self.url != nil else { return nil }
    }
  }

  /// Items longer than this, in bytes, are dropped rather than fail the version (CodeArtifact drops
  /// those of more than about 400 KB).
  package static let itemByteLimit = 400_000

  package var displayName: String?
  package var summary: String?
  package var homePage: String?
  package var sourceCodeRepository: String?
  package var licenses: [License] = []
  /// In the order of the package's own manifest.
  package var dependencies: [PackageDependency] = []
  package var readme: String?

  /// Nothing is known.
  package init() {}

  /// A text that is worth showing: neither empty nor too long.
  package static func item(_ text: String?) -> String? {
    guard let text, !text.isEmpty, text.utf8.count <= itemByteLimit else { return nil }
    return text
  }

  /// The description with what another knows and this one does not.
  package func completed(by other: VersionDescription) -> VersionDescription {
    var result = self
    result.displayName = displayName ?? other.displayName
    result.summary = summary ?? other.summary
    result.homePage = homePage ?? other.homePage
    result.sourceCodeRepository = sourceCodeRepository ?? other.sourceCodeRepository
    if licenses.isEmpty { result.licenses = other.licenses }
    if dependencies.isEmpty { result.dependencies = other.dependencies }
    result.readme = readme ?? other.readme
    return result
  }
}

extension VersionDescription {
  /// Reads what most formats write into a version's row, under the API's own names: a member that
  /// is missing, or of another type, is left out.
  package init(row: JSONValue) {
    displayName = Self.item(row["displayName"]?.string)
    summary = Self.item(row["summary"]?.string)
    homePage = Self.item(row["homePage"]?.string)
    sourceCodeRepository = Self.item(row["sourceCodeRepository"]?.string)
    licenses = (row["licenses"]?.array ?? []).compactMap {
      License(name: $0["name"]?.string, url: $0["url"]?.string)
    }
    dependencies = (row["dependencies"]?.array ?? []).compactMap { PackageDependency($0) }
    readme = Self.item(row["readme"]?.string)
  }

  /// The form in which rows keep it, under the API's own names.
  package var row: JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ text: String?) {
      if let text { members.append(JSONValue.Member(name, .string(text))) }
    }
    add("displayName", displayName)
    add("summary", summary)
    add("homePage", homePage)
    add("sourceCodeRepository", sourceCodeRepository)
    if !licenses.isEmpty {
      members.append(JSONValue.Member("licenses", .array(licenses.map(\.json))))
    }
    if !dependencies.isEmpty {
      members.append(JSONValue.Member("dependencies", .array(dependencies.map(\.json))))
    }
    add("readme", readme)
    return .object(members)
  }
}

extension VersionDescription.License {
  package var json: JSONValue {
    .object(
      [("name", name), ("url", url)].compactMap { member, text in
        text.map { JSONValue.Member(member, .string($0)) }
      }
    )
  }
}

/// What a package says of itself: from its nuspec, from a registration document, or from a row.
package struct NuGetDescription: Sendable {
  /// The members that are plain texts, under their names in registration documents.
  package enum Text: String, CaseIterable, Sendable {
    case authors, copyright, description, iconFile, iconUrl, language, licenseExpression
    case licenseFile, licenseUrl, minClientVersion, owners, projectUrl, readmeFile, releaseNotes
    case repositoryUrl, summary, title
  }

  package struct PackageType: Hashable, Sendable {
    package let name: String
    package let version: String?

    package init(name: String, version: String?) {
      self.name = name
      self.version = version
    }
  }

  /// As spelt.
  package var id: String
  /// As spelt, with what follows `+`.
  package var version: String
  private var texts: [Text: String] = [:]
  package var tags: [String] = []
  package var requiresLicenseAcceptance = false
  package var isDevelopmentDependency = false
  package var dependencyGroups: [NuGetDependencyGroup] = []
  package var packageTypes: [PackageType] = []
  /// What a registry said about using the version, handed on as it is.
  package var deprecation: JSONValue?
  package var vulnerabilities: JSONValue?

  /// Longer texts are dropped, as the control API does it.
  private static let longestText = 400_000

  package init(id: String, version: String) {
    self.id = id
    self.version = version
  }

  /// A text; nil where there is none, and never empty.
  package subscript(text: Text) -> String? {
    get { texts[text] }
    set {
      let isUsable = newValue.map { !$0.isEmpty && $0.utf8.count <= Self.longestText } ?? false
      texts[text] = isUsable ? newValue : nil
    }
  }
}

extension NuGetDescription {
  /// Reads a `catalogEntry` (NuGet V3, "Package metadata"), or what ``json`` wrote; nil when it has
  /// no identifier or no version.
  package init?(_ value: JSONValue) {
    guard let id = value["id"]?.string, let version = value["version"]?.string else { return nil }
    self.init(id: id, version: version)
    for text in Text.allCases { self[text] = Self.text(value[text.rawValue]) }
    tags = Self.words(value["tags"])
    requiresLicenseAcceptance = value["requireLicenseAcceptance"]?.bool ?? false
    isDevelopmentDependency = value["developmentDependency"]?.bool ?? false
    dependencyGroups = NuGetDependencyGroup.read(value["dependencyGroups"])
    packageTypes = (value["packageTypes"]?.array ?? []).compactMap { type in
      type["name"]?.string.map { PackageType(name: $0, version: type["version"]?.string) }
    }
    deprecation = value["deprecation"].flatMap { $0.members == nil ? nil : $0 }
    vulnerabilities = value["vulnerabilities"].flatMap { $0.array == nil ? nil : $0 }
  }

  /// Some registries write lists where the public one writes a text.
  private static func text(_ value: JSONValue?) -> String? {
    value?.string ?? value?.array.map { $0.compactMap(\.string).joined(separator: ", ") }
  }

  private static func words(_ value: JSONValue?) -> [String] {
    if let text = value?.string { return words(text) }
    return (value?.array ?? []).compactMap(\.string).filter { !$0.isEmpty }
  }

  /// Tags are separated by white space, and often by commas or semicolons too.
  static func words(_ text: String) -> [String] {
    text.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
  }

  /// The description as rows keep it.
  package var json: JSONValue {
    var members = [
      JSONValue.Member("id", .string(id)), JSONValue.Member("version", .string(version)),
    ]
    for text in Text.allCases {
      if let value = self[text] { members.append(JSONValue.Member(text.rawValue, .string(value))) }
    }
    func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(name, value)) }
    }
    add("tags", tags.isEmpty ? nil : .array(tags.map(JSONValue.string)))
    add("requireLicenseAcceptance", requiresLicenseAcceptance ? .bool(true) : nil)
    add("developmentDependency", isDevelopmentDependency ? .bool(true) : nil)
    add("dependencyGroups", dependencyGroups.isEmpty ? nil : groups)
    add("packageTypes", packageTypes.isEmpty ? nil : types)
    add("deprecation", deprecation)
    add("vulnerabilities", vulnerabilities)
    return .object(members)
  }

  package var groups: JSONValue { .array(dependencyGroups.map(\.json)) }

  package var types: JSONValue {
    .array(
      packageTypes.map { type in
        let version = type.version.map { [JSONValue.Member("version", .string($0))] } ?? []
        return .object([JSONValue.Member("name", .string(type.name))] + version)
      }
    )
  }
}

extension NuGetDescription {
  private static let member = "nuget"

  /// Reads what ``row`` wrote.
  package init?(row: JSONValue) {
    guard let kept = row[Self.member] else { return nil }
    self.init(kept)
  }

  /// The members that the control API shows of every format, and the description itself.
  package var row: JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ text: String?) {
      if let text { members.append(JSONValue.Member(name, .string(text))) }
    }
    add("summary", self[.summary] ?? self[.description])
    add("homePage", self[.projectUrl])
    add("sourceCodeRepository", self[.repositoryUrl])
    if let licenses { members.append(JSONValue.Member("licenses", licenses)) }
    if !dependencyGroups.isEmpty { members.append(JSONValue.Member("dependencies", dependencies)) }
    return .object(members + [JSONValue.Member(Self.member, json)])
  }

  private var licenses: JSONValue? {
    var members: [JSONValue.Member] = []
    if let name = self[.licenseExpression] {
      members.append(JSONValue.Member("name", .string(name)))
    }
    if let url = self[.licenseUrl] { members.append(JSONValue.Member("url", .string(url))) }
    return members.isEmpty ? nil : .array([.object(members)])
  }

  /// Each once, whatever the frameworks it is for; NuGet's dependencies have no type.
  private var dependencies: JSONValue {
    var seen: Set<NuGetDependencyGroup.Dependency> = []
    let all = dependencyGroups.flatMap(\.dependencies).filter { seen.insert($0).inserted }
    return .array(
      all.map { dependency in
        .object([
          JSONValue.Member("package", .string(dependency.id)),
          JSONValue.Member("versionRequirement", .string(dependency.range.text)),
        ])
      }
    )
  }
}

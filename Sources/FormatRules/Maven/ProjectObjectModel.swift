/// A project object model, the `.pom` beside every artifact, as far as it describes one
/// (Maven 4.0.0 model).
///
/// Read from this file alone: parents are not asked, as the service does not ask them. Properties
/// of the project itself are put in where they are used.
package struct ProjectObjectModel: Sendable {
  package struct License: Hashable, Sendable {
    package let name: String?
    package let url: String?
  }

  package struct Dependency: Hashable, Sendable {
    package let group: String?
    package let artifact: String
    package let version: String?
    /// A word of the control API: `compile`, `runtime`, `test`, `system`, `provided`, `import`,
    /// `optional` or `parent`.
    package let type: String
  }

  /// A project file longer than this is served and not read; real ones stay below 200 KB.
  package static let maximumByteCount = 2 << 20
  /// How many dependencies a project may name, and how many it may manage: boms of whole platforms
  /// manage some 2,000.
  private static let mostDependencies = 20_000

  package let name: String?
  package let description: String?
  package let homePage: String?
  package let sourceCodeRepository: String?
  package let licenses: [License]
  /// The parent first, then what the project itself names, in order.
  package let dependencies: [Dependency]

  /// Properties are filled in up to a megabyte for the whole document; what is left after that
  /// stays as it is written, as what is not known does: the project still has its name and its
  /// dependencies.
  /// - Throws: where it is no XML, is too long, its root is another element, or it has more
  ///   dependencies than a project has.
  package init(reading bytes: [UInt8]) throws(MalformedInput) {
    guard bytes.count <= Self.maximumByteCount else {
      throw MalformedInput("POM", "it is longer than \(Self.maximumByteCount) bytes")
    }
    let root = try XMLReader.read(bytes)
    guard root.name == "project" else {
      throw MalformedInput("POM", "its root element is \(root.name)")
    }
    var properties = ProjectProperties(root)
    func text(_ name: String, in element: XMLElement? = root) -> String? {
      properties.text(of: name, in: element)
    }
    name = text("name")
    description = text("description").map(Self.unwrapped)
    homePage = text("url")
    sourceCodeRepository = text("url", in: root["scm"]) ?? text("connection", in: root["scm"])
    licenses = (root["licenses"]?.all("license") ?? [])
      .map { License(name: text("name", in: $0), url: text("url", in: $0)) }
      .filter { $0.name != nil || $0.url != nil }
    let parent = root["parent"].flatMap { Self.dependency($0, &properties, type: "parent") }
    let managed = try Self.managed(in: root, &properties)
    let own = try Self.dependencies(in: root).compactMap {
      Self.dependency($0, &properties, type: nil, managed: managed)
    }
    dependencies = [parent].compactMap(\.self) + own
  }

  /// What the project says in one place of dependencies that it names in another.
  private struct Managed {
    var version: String?
    var scope: String?
  }

  /// The project's own `dependencyManagement`, by group and artifact; what it imports from others
  /// is not asked for.
  private static func managed(
    in root: XMLElement,
    _ properties: inout ProjectProperties
  ) throws(MalformedInput) -> [String: Managed] {
    var managed: [String: Managed] = [:]
    for element in try dependencies(in: root["dependencyManagement"]) {
      let key = key(of: element, &properties)
      guard managed[key] == nil else { continue }
      managed[key] = Managed(
        version: properties.text(of: "version", in: element),
        scope: properties.text(of: "scope", in: element)
      )
    }
    return managed
  }

  private static func dependencies(
    in element: XMLElement?
  ) throws(MalformedInput) -> [XMLElement] {
    let elements = element?["dependencies"]?.all("dependency") ?? []
    guard elements.count <= mostDependencies else {
      throw MalformedInput("POM", "it has more than \(mostDependencies) dependencies")
    }
    return elements
  }

  private static func key(
    of element: XMLElement,
    _ properties: inout ProjectProperties
  ) -> String {
    ["groupId", "artifactId", "type", "classifier"]
      .map { properties.text(of: $0, in: element) ?? ($0 == "type" ? "jar" : "") }
      .joined(separator: ":")
  }

  private static func dependency(
    _ element: XMLElement,
    _ properties: inout ProjectProperties,
    type: String?,
    managed: [String: Managed] = [:]
  ) -> Dependency? {
    guard let artifact = element.text(of: "artifactId") else { return nil }
    let isOptional = properties.text(of: "optional", in: element) == "true"
    let managed = managed[key(of: element, &properties)]
    let scope = properties.text(of: "scope", in: element) ?? properties.share(managed?.scope)
    return Dependency(
      group: properties.text(of: "groupId", in: element),
      artifact: properties.fill(artifact),
      version: properties.text(of: "version", in: element)
        ?? properties.share(managed?.version),
      type: type ?? (isOptional ? "optional" : scope ?? "compile")
    )
  }

  /// Lines broken and indented for the file's sake become one.
  private static func unwrapped(_ text: String) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }
}

extension ProjectObjectModel {
  /// The JSON object that a version's row keeps: what `DescribePackageVersion` and
  /// `ListPackageVersionDependencies` tell.
  package var metadata: JSONValue { VersionDescription(project: self).row }
}

/// What `${…}` stands for in a project file, as far as the file itself says.
private struct ProjectProperties {
  private var values: [String: String] = [:]

  init(_ root: XMLElement) {
    for property in root["properties"]?.children ?? [] {
      values[property.name] = property.text ?? ""
    }
    let parent = root["parent"]
    for name in ["groupId", "artifactId", "version"] {
      guard let value = root.text(of: name) ?? parent?.text(of: name) else { continue }
      for prefix in ["project.", "pom.", ""] where values[prefix + name] == nil {
        values[prefix + name] = value
      }
    }
    for child in parent?.children ?? [] { values["project.parent.\(child.name)"] = child.text }
    for name in ["name", "description", "url"] {
      guard let value = root.text(of: name) else { continue }
      values["project.\(name)"] = value
    }
  }

  /// How many values are put into one text: it ends circles, and values that name each other twice
  /// would double at every step.
  private static let maximumCount = 100
  /// How long a value may be to be put in, in bytes.
  private static let maximumByteCount = 1 << 12
  /// How many bytes of values may still be put in, for the whole document: 20,000 dependencies at
  /// 50 each.
  private var remainingByteCount = 1 << 20

  /// Puts values in; what is not known, or is too much, stays as it is written.
  mutating func fill(_ text: String) -> String {
    var budget = Self.maximumCount
    return fill(text, &budget)
  }

  /// The text of an element's child, filled in; nil when it has none.
  mutating func text(of name: String, in element: XMLElement?) -> String? {
    guard let text = element?.text(of: name) else { return nil }
    return fill(text)
  }

  /// A text that is said in one place and meant in another; nil where it is too much.
  mutating func share(_ text: String?) -> String? {
    guard let text, text.utf8.count <= remainingByteCount else { return nil }
    remainingByteCount -= text.utf8.count
    return text
  }

  private mutating func fill(_ text: String, _ budget: inout Int) -> String {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "${"),
      let end = rest[start.upperBound...].firstIndex(of: "}")
    {
      result += rest[..<start.lowerBound]
      let name = String(rest[start.upperBound..<end])
      if budget > 0, let value = values[name], value.utf8.count <= Self.maximumByteCount,
        value.utf8.count <= remainingByteCount
      {
        budget -= 1
        remainingByteCount -= value.utf8.count
        result += fill(value, &budget)
      } else {
        result += rest[start.lowerBound...end]
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}

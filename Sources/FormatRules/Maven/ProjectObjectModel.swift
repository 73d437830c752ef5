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

  package let name: String?
  package let description: String?
  package let homePage: String?
  package let sourceCodeRepository: String?
  package let licenses: [License]
  /// The parent first, then what the project itself names, in order.
  package let dependencies: [Dependency]

  /// - Throws: where it is no XML, is too long, or its root is another element.
  package init(reading bytes: [UInt8]) throws(MalformedInput) {
    guard bytes.count <= Self.maximumByteCount else {
      throw MalformedInput("POM", "it is longer than \(Self.maximumByteCount) bytes")
    }
    let root = try XMLReader.read(bytes)
    guard root.name == "project" else {
      throw MalformedInput("POM", "its root element is \(root.name)")
    }
    let properties = ProjectProperties(root)
    func text(_ name: String, in element: XMLElement? = root) -> String? {
      element?.text(of: name).map(properties.fill)
    }
    name = text("name")
    description = text("description").map(Self.unwrapped)
    homePage = text("url")
    sourceCodeRepository = text("url", in: root["scm"]) ?? text("connection", in: root["scm"])
    licenses = (root["licenses"]?.all("license") ?? [])
      .map { License(name: text("name", in: $0), url: text("url", in: $0)) }
      .filter { $0.name != nil || $0.url != nil }
    let parent = root["parent"].flatMap { Self.dependency($0, properties, type: "parent") }
    let managed = Self.managed(in: root, properties)
    let own = (root["dependencies"]?.all("dependency") ?? []).compactMap {
      Self.dependency($0, properties, type: nil, managed: managed)
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
    _ properties: ProjectProperties
  ) -> [String: Managed] {
    let elements = root["dependencyManagement"]?["dependencies"]?.all("dependency") ?? []
    return Dictionary(
      elements.map { element in
        let managed = Managed(
          version: element.text(of: "version").map(properties.fill),
          scope: element.text(of: "scope").map(properties.fill)
        )
        return (key(of: element, properties), managed)
      }
    ) { first, _ in first }
  }

  private static func key(of element: XMLElement, _ properties: ProjectProperties) -> String {
    ["groupId", "artifactId", "type", "classifier"]
      .map { element.text(of: $0).map(properties.fill) ?? ($0 == "type" ? "jar" : "") }
      .joined(separator: ":")
  }

  private static func dependency(
    _ element: XMLElement,
    _ properties: ProjectProperties,
    type: String?,
    managed: [String: Managed] = [:]
  ) -> Dependency? {
    guard let artifact = element.text(of: "artifactId") else { return nil }
    let isOptional = element.text(of: "optional").map(properties.fill) == "true"
    let managed = managed[key(of: element, properties)]
    let scope = element.text(of: "scope").map(properties.fill) ?? managed?.scope
    return Dependency(
      group: element.text(of: "groupId").map(properties.fill),
      artifact: properties.fill(artifact),
      version: element.text(of: "version").map(properties.fill) ?? managed?.version,
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

  /// Puts values in; what is not known stays as it is written.
  func fill(_ text: String) -> String {
    var budget = Self.maximumCount
    return fill(text, &budget)
  }

  private func fill(_ text: String, _ budget: inout Int) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "${"),
      let end = rest[start.upperBound...].firstIndex(of: "}")
    {
      result += rest[..<start.lowerBound]
      let name = String(rest[start.upperBound..<end])
      if budget > 0, let value = values[name], value.utf8.count <= Self.maximumByteCount {
        budget -= 1
        result += fill(value, &budget)
      } else {
        result += rest[start.lowerBound...end]
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}

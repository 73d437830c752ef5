/// What a publish request says of a crate's version, checked, and turned into the index's line (the
/// Cargo Book, "Web API", "Publish", and "Registry Index", "JSON schema").
package struct CrateDescription: Sendable {
  package let name: CrateName
  package let version: CrateVersion
  private let dependencies: [JSONValue]
  private let plainFeatures: [JSONValue.Member]
  /// Features in the syntax that came with cargo 1.60: older ones must not see them.
  private let newFeatures: [JSONValue.Member]
  private let links: JSONValue
  private let rustVersion: JSONValue?
  private let about: [JSONValue.Member]

  /// How many JSON values a description may have: a crate with 500 dependencies and 1,000 features
  /// has 20,000.
  static let mostValues = 200_000

  /// - Parameters:
  ///   - bytes: the JSON text of the request.
  ///   - ownIndex: the address of the index that is published to, without `sparse+`; a dependency
  ///     on it is one on the same registry.
  /// - Throws: what is wrong with it, for its sender.
  package init(reading bytes: [UInt8], ownIndex: String) throws(MalformedInput) {
    let value = try JSONReader.read(bytes, mostValues: Self.mostValues)
    guard let spelling = value["name"]?.string else { throw Self.failure("it has no `name`") }
    guard let name = CrateName(spelling) else {
      throw Self.failure(
        "`\(spelling.prefix(80))` is no crate name: it takes ASCII letters, digits, `-` and `_`, "
          + "begins with a letter and has at most \(CrateName.longest) characters"
      )
    }
    guard let text = value["vers"]?.string, let version = CrateVersion(text) else {
      throw Self.failure("`vers` is no version (semver.org 2.0.0)")
    }
    self.name = name
    self.version = version
    var dependencies: [JSONValue] = []
    for dependency in try Self.array(value["deps"], "deps") {
      dependencies.append(try Self.line(of: dependency, ownIndex: ownIndex))
    }
    self.dependencies = dependencies
    var plain: [JSONValue.Member] = []
    var new: [JSONValue.Member] = []
    for feature in try Self.features(value["features"]) {
      let isNew = (feature.value.array ?? []).contains { Self.isNewSyntax($0.string ?? "") }
      if isNew { new.append(feature) } else { plain.append(feature) }
    }
    self.plainFeatures = plain
    self.newFeatures = new
    self.links = value["links"]?.string.map(JSONValue.string) ?? .null
    self.rustVersion = value["rust_version"]?.string.map(JSONValue.string)
    self.about = Self.about(value)
  }

  /// What is kept of the version: its index line, and what describes it.
  package func metadata(checksum: String) -> JSONValue {
    var line: [JSONValue.Member] = [
      .init("name", .string(name.spelling)), .init("vers", .string(version.spelling)),
      .init("deps", .array(dependencies)), .init("cksum", .string(checksum)),
      .init("features", .object(plainFeatures)), .init("links", links),
    ]
    if let rustVersion { line.append(.init("rust_version", rustVersion)) }
    if !newFeatures.isEmpty {
      line += [.init("features2", .object(newFeatures)), .init("v", .number("2"))]
    }
    if !about.isEmpty { line.append(.init(CrateIndexFile.aboutMember, .object(about))) }
    return .object(line)
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("the crate's description", reason)
  }

  private static func array(
    _ value: JSONValue?,
    _ name: String
  ) throws(MalformedInput) -> [JSONValue] {
    switch value {
    case nil, .null: return []
    case .array(let values): return values
    default: throw failure("`\(name)` is no array")
    }
  }

  private static func features(
    _ value: JSONValue?
  ) throws(MalformedInput) -> [JSONValue.Member] {
    guard let value, value != .null else { return [] }
    guard case .object(let members) = value,
      members.allSatisfy({ member in
        !member.name.isEmpty && member.value.array?.allSatisfy { $0.string != nil } == true
      }), Set(members.map(\.name)).count == members.count
    else { throw failure("`features` does not map names to arrays of names") }
    return members
  }

  private static func isNewSyntax(_ value: String) -> Bool {
    value.hasPrefix("dep:") || value.contains("?/")
  }

  /// The line's form of a dependency: a renamed one goes by its alias, with `package` for the name.
  private static func line(
    of dependency: JSONValue,
    ownIndex: String
  ) throws(MalformedInput) -> JSONValue {
    guard let spelling = dependency["name"]?.string, let name = CrateName(spelling) else {
      throw failure("a dependency has no usable `name`")
    }
    guard let requirement = dependency["version_req"]?.string, !requirement.isEmpty else {
      throw failure("the dependency \(name.spelling) has no `version_req`")
    }
    let kind = dependency["kind"]?.string ?? "normal"
    guard ["normal", "build", "dev"].contains(kind) else {
      throw failure("the dependency \(name.spelling) is of the unknown kind `\(kind)`")
    }
    let alias = dependency["explicit_name_in_toml"]?.string
    let features = try array(dependency["features"], "features")
    guard features.allSatisfy({ $0.string != nil }) else {
      throw failure("the dependency \(name.spelling) has features that are no names")
    }
    var members: [JSONValue.Member] = [
      .init("name", .string(alias ?? name.spelling)), .init("req", .string(requirement)),
      .init("features", .array(features)),
      .init("optional", .bool(dependency["optional"]?.bool ?? false)),
      .init("default_features", .bool(dependency["default_features"]?.bool ?? true)),
      .init("target", dependency["target"]?.string.map(JSONValue.string) ?? .null),
      .init("kind", .string(kind)), .init("registry", registry(of: dependency, ownIndex)),
    ]
    if alias != nil { members.append(.init("package", .string(name.spelling))) }
    return .object(members)
  }

  private static func registry(of dependency: JSONValue, _ ownIndex: String) -> JSONValue {
    guard let text = dependency["registry"]?.string else { return .null }
    let address = text.hasPrefix("sparse+") ? text.dropFirst(7) : text[...]
    let isOwn = plain(address) == plain(ownIndex[...])
    return isOwn ? .null : .string(text)
  }

  private static func plain(_ address: Substring) -> Substring {
    address.hasSuffix("/") ? address.dropLast() : address
  }

  /// What people want to know; the README stays in the archive, where it is anyway.
  private static func about(_ value: JSONValue) -> [JSONValue.Member] {
    let texts = [
      "description", "license", "license_file", "homepage", "documentation", "repository",
      "readme_file",
    ]
    let lists = ["authors", "keywords", "categories"]
    return texts.compactMap { name in
      value[name]?.string.map { JSONValue.Member(name, .string($0)) }
    }
      + lists.compactMap { name in
        guard let values = value[name]?.array, !values.isEmpty,
          values.allSatisfy({ $0.string != nil })
        else { return nil }
        return JSONValue.Member(name, .array(values))
      }
  }
}

/// What a package needs in a project of one target framework.
package struct NuGetDependencyGroup: Hashable, Sendable {
  package struct Dependency: Hashable, Sendable {
    /// As its publisher spells it.
    package let id: String
    package let range: NuGetVersionRange

    package init(id: String, range: NuGetVersionRange) {
      self.id = id
      self.range = range
    }
  }

  /// Nil for a group that is for every framework.
  package let targetFramework: String?
  package let dependencies: [Dependency]

  package init(targetFramework: String?, dependencies: [Dependency]) {
    self.targetFramework = targetFramework
    self.dependencies = dependencies
  }
}

extension NuGetDependencyGroup {
  /// Reads the groups of a registration document, or of a row.
  static func read(_ value: JSONValue?) -> [NuGetDependencyGroup] {
    (value?.array ?? []).map { group in
      NuGetDependencyGroup(
        targetFramework: group["targetFramework"]?.string.flatMap { $0.isEmpty ? nil : $0 },
        dependencies: (group["dependencies"]?.array ?? []).compactMap(dependency)
      )
    }
  }

  private static func dependency(_ value: JSONValue) -> Dependency? {
    guard let id = value["id"]?.string else { return nil }
    return Dependency(id: id, range: NuGetVersionRange(value["range"]?.string ?? "") ?? .all)
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = []
    if let targetFramework {
      members.append(JSONValue.Member("targetFramework", .string(targetFramework)))
    }
    if !dependencies.isEmpty {
      let values = dependencies.map { dependency in
        JSONValue.object([
          JSONValue.Member("id", .string(dependency.id)),
          JSONValue.Member("range", .string(dependency.range.text)),
        ])
      }
      members.append(JSONValue.Member("dependencies", .array(values)))
    }
    return .object(members)
  }
}

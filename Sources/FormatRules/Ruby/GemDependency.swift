/// Another gem that a gem needs.
package struct GemDependency: Hashable, Sendable {
  package let name: String
  package let requirement: GemRequirement

  package init(name: String, requirement: GemRequirement) {
    self.name = name
    self.requirement = requirement
  }

  /// The form in which metadata keeps it: `{"name":"rack","requirement":["~> 2.0"]}`.
  var json: JSONValue {
    .object([
      .init("name", .string(name)),
      .init("requirement", .array(requirement.texts.map(JSONValue.string))),
    ])
  }

  init?(_ value: JSONValue) {
    guard let name = value["name"]?.string,
      let requirement = GemRequirement(
        (value["requirement"]?.array ?? []).compactMap(\.string)
      )
    else { return nil }
    self.init(name: name, requirement: requirement)
  }
}

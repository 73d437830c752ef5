/// The form in which a version's row keeps a specification (``ListedVersion/metadata``).
///
/// `dependencies`, `ruby` and `rubygems` are what the compact index shows, and are there for gems
/// of other registries too; `about` has the rest of what a gem published here says of itself.
extension GemSpecification {
  static let aboutMember = "about"

  package var metadata: JSONValue {
    var members: [JSONValue.Member] = [
      .init("dependencies", .array(dependencies.map(\.json))),
      .init("ruby", .array(ruby.texts.map(JSONValue.string))),
      .init("rubygems", .array(rubygems.texts.map(JSONValue.string))),
    ]
    var about: [JSONValue.Member] = [
      .init("summary", .string(summary)), .init("description", .string(description)),
      .init("homepage", .string(homepage)), .init("authors", Self.array(authors)),
      .init("emails", Self.array(emails)), .init("licenses", Self.array(licenses)),
      .init("links", .object(links.sorted { $0.key < $1.key }.map { .init($0, .string($1)) })),
      .init("writer", .string(writer)),
      .init("development", .array(developmentDependencies.map(\.json))),
    ]
    if let day { about.append(.init("day", .string(day))) }
    members.append(.init(Self.aboutMember, .object(about)))
    return .object(members)
  }

  /// Reads what ``metadata`` wrote; nil for a gem of another registry, of which less is known.
  init?(_ identity: GemIdentity, _ metadata: JSONValue) {
    guard let about = metadata[Self.aboutMember] else { return nil }
    let texts: (String) -> [String] = { (about[$0]?.array ?? []).compactMap(\.string) }
    self.init(
      identity: identity,
      dependencies: (metadata["dependencies"]?.array ?? []).compactMap { GemDependency($0) },
      developmentDependencies: (about["development"]?.array ?? []).compactMap { GemDependency($0) },
      ruby: GemRequirement((metadata["ruby"]?.array ?? []).compactMap(\.string)) ?? .anything,
      rubygems: GemRequirement((metadata["rubygems"]?.array ?? []).compactMap(\.string))
        ?? .anything,
      summary: about["summary"]?.string ?? "",
      description: about["description"]?.string ?? "",
      homepage: about["homepage"]?.string ?? "",
      authors: texts("authors"),
      emails: texts("emails"),
      licenses: texts("licenses"),
      links: Dictionary(
        (about["links"]?.members ?? []).compactMap { member in
          member.value.string.map { (member.name, $0) }
        },
        uniquingKeysWith: { $1 }
      ),
      writer: about["writer"]?.string ?? "0",
      day: about["day"]?.string
    )
  }

  private static func array(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}

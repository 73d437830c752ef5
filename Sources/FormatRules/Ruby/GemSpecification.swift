/// What a gem says of itself in its `metadata.gz` (RubyGems guides, "Specification Reference").
package struct GemSpecification: Hashable, Sendable {
  package let identity: GemIdentity
  package private(set) var dependencies: [GemDependency] = []
  package private(set) var developmentDependencies: [GemDependency] = []
  package private(set) var ruby = GemRequirement.anything
  package private(set) var rubygems = GemRequirement.anything
  package private(set) var summary = ""
  package private(set) var description = ""
  package private(set) var homepage = ""
  package private(set) var authors: [String] = []
  package private(set) var emails: [String] = []
  package private(set) var licenses: [String] = []
  /// Links and the like, as the gem names them.
  package private(set) var links: [String: String] = [:]
  /// The version of RubyGems that wrote it.
  package private(set) var writer = "0"
  /// The day of its making, `YYYY-MM-DD`.
  package private(set) var day: String?

  /// Texts longer than this are cut: they are for people, and are kept with every version.
  private static let longestText = 8 << 10
  private static let mostDependencies = 2000
  /// How many conditions all dependencies may have together: most have one, hardly any has three.
  ///
  /// In YAML one long list can be named by each dependency, at the cost of a few bytes.
  private static let mostConditions = 10_000

  /// Reads the YAML of `metadata.gz`.
  package init(reading bytes: [UInt8]) throws(MalformedInput) {
    let value = try YAMLReader.read(bytes)
    identity = try Self.identity(value)
    try add(dependencies: value["dependencies"]?.items ?? [])
    guard let ruby = GemRequirement(value["required_ruby_version"]),
      let rubygems = GemRequirement(value["required_rubygems_version"])
    else { throw Self.failure("the Ruby or RubyGems version that it requires is not understood") }
    (self.ruby, self.rubygems) = (ruby, rubygems)
    summary = Self.text(value["summary"])
    description = Self.text(value["description"])
    homepage = Self.text(value["homepage"])
    authors = Self.texts(value["authors"] ?? value["author"])
    emails = Self.texts(value["email"])
    licenses = Self.texts(value["licenses"] ?? value["license"])
    for entry in (value["metadata"]?.entries ?? []).prefix(50) {
      if let text = entry.value.text { links[Self.cut(entry.key, 1024)] = Self.cut(text, 1024) }
    }
    writer = Self.cut(value["rubygems_version"]?.text ?? "0", GemVersion.longest)
    day = value["date"]?.text.map { Self.cut($0, 10) }
  }

  init(
    identity: GemIdentity,
    dependencies: [GemDependency],
    developmentDependencies: [GemDependency],
    ruby: GemRequirement,
    rubygems: GemRequirement,
    summary: String,
    description: String,
    homepage: String,
    authors: [String],
    emails: [String],
    licenses: [String],
    links: [String: String],
    writer: String,
    day: String?
  ) {
    self.identity = identity
    self.dependencies = dependencies
    self.developmentDependencies = developmentDependencies
    self.ruby = ruby
    self.rubygems = rubygems
    self.summary = summary
    self.description = description
    self.homepage = homepage
    self.authors = authors
    self.emails = emails
    self.licenses = licenses
    self.links = links
    self.writer = writer
    self.day = day
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("the gem's specification", reason)
  }

  private static func identity(_ value: YAMLValue) throws(MalformedInput) -> GemIdentity {
    guard let name = value["name"]?.text else { throw failure("it has no name") }
    guard GemName.isValid(name) else {
      throw failure(
        "`\(name.prefix(80))` is no gem name: it takes ASCII letters, digits, `.`, `-` and `_`, "
          + "has a letter, begins with a letter or digit, and has at most "
          + "\(GemName.longest) characters"
      )
    }
    guard let version = value["version"].flatMap({ $0["version"] ?? $0 })?.text else {
      throw failure("it has no version")
    }
    guard GemVersion(version) != nil else {
      throw failure("`\(version.prefix(80))` is no version (Gem::Version)")
    }
    let platform = try platform(value["platform"])
    return GemIdentity(name: name, number: version, platform: platform)
  }

  /// A text, or the parts of a `Gem::Platform`.
  private static func platform(_ value: YAMLValue?) throws(MalformedInput) -> String {
    guard let value, !value.isNull else { return GemIdentity.anywhere }
    let text =
      value.text
      ?? ["cpu", "os", "version"].compactMap { value[$0]?.text }.joined(separator: "-")
    guard GemName.isPlatform(text) else {
      throw failure("`\(text.prefix(80))` is no platform")
    }
    return text
  }

  private mutating func add(dependencies items: [YAMLValue]) throws(MalformedInput) {
    guard items.count <= Self.mostDependencies else {
      throw Self.failure("it has more than \(Self.mostDependencies) dependencies")
    }
    var conditionCount = 0
    for item in items {
      conditionCount += try add(dependency: item)
      guard conditionCount <= Self.mostConditions else {
        throw Self.failure("its dependencies have more than \(Self.mostConditions) conditions")
      }
    }
  }

  /// Adds a dependency and returns how many conditions it has.
  private mutating func add(dependency value: YAMLValue) throws(MalformedInput) -> Int {
    guard let name = value["name"]?.text, GemName.isValid(name) else {
      throw Self.failure("a dependency has no usable name")
    }
    let asked =
      value["requirement"] ?? value["version_requirements"] ?? value["version_requirement"]
    guard let requirement = GemRequirement(asked) else {
      throw Self.failure("what it requires of \(name) is not understood")
    }
    let dependency = GemDependency(name: name, requirement: requirement)
    if value["type"]?.text == ":development" {
      developmentDependencies.append(dependency)
    } else {
      dependencies.append(dependency)
    }
    return requirement.conditions.count
  }

  private static func text(_ value: YAMLValue?) -> String {
    cut(value?.text ?? "", longestText)
  }

  private static func texts(_ value: YAMLValue?) -> [String] {
    let items = value?.items ?? value.map { [$0] } ?? []
    return items.lazy.compactMap(\.text).prefix(100).map { cut($0, 1024) }
  }

  /// Cuts behind `count` scalars: one character can be made of millions.
  private static func cut(_ text: String, _ count: Int) -> String {
    String(text.unicodeScalars.prefix(count))
  }
}

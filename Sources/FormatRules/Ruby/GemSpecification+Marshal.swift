extension GemSpecification {
  /// The specification as `Gem::Specification#_dump` writes it (RubyGems,
  /// `lib/rubygems/specification.rb`).
  var marshalled: [UInt8] {
    var writer = MarshalWriter()
    writer.dumped("Gem::Specification", fields)
    return writer.bytes
  }

  private var fields: [UInt8] {
    var out = MarshalWriter()
    out.beginArray(19)
    out.string(writer)
    out.integer(4)
    out.string(identity.name)
    out.version(identity.number)
    writeDay(to: &out)
    out.string(summary)
    out.requirement(ruby)
    out.requirement(rubygems)
    out.string(identity.platform)
    out.beginArray(dependencies.count + developmentDependencies.count)
    for dependency in dependencies { out.dependency(dependency, type: "runtime") }
    for dependency in developmentDependencies { out.dependency(dependency, type: "development") }
    out.string("")
    out.array(emails) { $0.string($1) }
    out.array(authors) { $0.string($1) }
    out.string(description)
    out.string(homepage)
    out.bool(true)
    out.string(identity.platform)
    out.array(licenses) { $0.string($1) }
    out.beginHash(links.count)
    for (name, value) in links.sorted(by: { $0.key < $1.key }) {
      out.string(name)
      out.string(value)
    }
    return out.bytes
  }

  private func writeDay(to out: inout MarshalWriter) {
    let parts = (day ?? "").split(separator: "-").compactMap { Int($0) }
    let isDay =
      parts.count == 3 && 1970...2200 ~= parts[0] && 1...12 ~= parts[1] && 1...31 ~= parts[2]
    let (year, month, day) = isDay ? (parts[0], parts[1], parts[2]) : (1980, 1, 2)
    out.day(year: year, month: month, day: day)
  }
}

extension MarshalWriter {
  mutating func version(_ number: String) {
    beginUserObject("Gem::Version")
    array([number]) { $0.string($1) }
  }

  mutating func requirement(_ requirement: GemRequirement) {
    beginUserObject("Gem::Requirement")
    beginArray(1)
    array(requirement.conditions) { out, condition in
      out.beginArray(2)
      out.string(condition.comparison)
      out.version(condition.version)
    }
  }

  mutating func dependency(_ dependency: GemDependency, type: String) {
    beginObject("Gem::Dependency", 5)
    symbol("@name")
    string(dependency.name)
    symbol("@requirement")
    requirement(dependency.requirement)
    symbol("@type")
    symbol(type)
    symbol("@prerelease")
    bool(false)
    symbol("@version_requirements")
    requirement(dependency.requirement)
  }
}

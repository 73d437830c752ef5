/// A line of a gem's compact index file (RubyGems guides, "Compact Index API"):
/// `VERSION[-PLATFORM] dep:req&req,dep:req|checksum:SHA256,ruby:>= 2.5,rubygems:>= 0`.
struct GemInfoLine {
  let identity: GemIdentity
  let dependencies: [GemDependency]
  let checksum: String
  /// What follows the checksum, in order: `ruby`, `rubygems`, and what is not known yet.
  let requirements: [(name: String, value: String)]

  /// Reads a line of another registry; nil when it is none.
  init?(_ text: String, of gem: String) {
    let halves = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let words = halves[0].split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard let identity = GemIdentity(name: gem, version: String(words[0])) else { return nil }
    var dependencies: [GemDependency] = []
    for item in (words.count > 1 ? words[1] : "").split(separator: ",") {
      let sides = item.split(separator: ":", maxSplits: 1)
      guard sides.count == 2,
        let requirement = GemRequirement(sides[1].split(separator: "&").map(String.init))
      else { return nil }
      dependencies.append(GemDependency(name: String(sides[0]), requirement: requirement))
    }
    let requirements = halves[1].split(separator: ",").map { item in
      let sides = item.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (name: String(sides[0]), value: sides.count > 1 ? String(sides[1]) : "")
    }
    guard let checksum = requirements.first(where: { $0.name == "checksum" })?.value.lowercased(),
      checksum.utf8.count == 64, checksum.utf8.allSatisfy({ $0.isDigit || $0.isLetter })
    else { return nil }
    self.identity = identity
    self.dependencies = dependencies
    self.checksum = checksum
    self.requirements = requirements.filter { $0.name != "checksum" }
  }

  /// What a requirement such as `ruby` asks for.
  subscript(name: String) -> [String] {
    let value = requirements.first { $0.name == name }?.value ?? ""
    return value.split(separator: "&").map(String.init)
  }

  /// Writes the line of a version.
  static func text(of version: ListedVersion) -> String {
    if let line = version.metadata[GemListing.lineMember]?.string { return line }
    let dependencies = (version.metadata["dependencies"]?.array ?? []).compactMap {
      GemDependency($0)
    }
    let needs = dependencies.map { dependency in
      "\(dependency.name):\(dependency.requirement.texts.joined(separator: "&"))"
    }
    let archive = version.files.first { $0.name.hasSuffix(".gem") }
    var text = "\(version.version) \(needs.joined(separator: ","))"
    text += "|checksum:\(archive?.hashes["sha256"] ?? "")"
    for name in ["ruby", "rubygems"] {
      let asked = (version.metadata[name]?.array ?? []).compactMap(\.string)
      if !asked.isEmpty, asked != GemRequirement.anything.texts {
        text += ",\(name):\(asked.joined(separator: "&"))"
      }
    }
    return text
  }
}

import Testing

@testable import Catalog

@Suite("The tree of package groups")
struct PackageGroupTreeTests {
  private func tree(
    _ patterns: [String],
    _ modes: [String: GroupRestrictionMode] = [:]
  ) throws -> PackageGroupTree {
    PackageGroupTree(
      try (["/*"] + patterns).enumerated().map { index, text in
        let mode = modes[text] ?? (text == "/*" ? .allow : .inherit)
        return PackageGroupRecord(
          id: PackageGroupID(Int64(index + 1)),
          pattern: try PackageGroupPattern(reading: text),
          createdAt: Timestamp(microseconds: 0),
          restrictions: Dictionary(
            uniqueKeysWithValues: GroupRestriction.allCases.map {
              ($0, .init(mode: mode, repositories: [RepositoryID(7)]))
            }
          )
        )
      }
    )
  }

  @Test(arguments: [
    ("/npm//react", "/*", "STRONG"), ("/npm/space/x", "/npm/space/*", "STRONG"),
    ("/npm/space/foo-bar", "/npm/space/foo~", "STRONG"),
    ("/npm/space/foo", "/npm/space/foo$", "STRONG"),
    ("/npm/space/FOO", "/npm/space/foo$", "WEAK"),
    ("/npm/space/FOO-bar", "/npm/space/foo~", "WEAK"),
    ("/npm/Space/x", "/npm/space/*", "WEAK"),
    // A group of one's own makes a spelling strong.
    ("/npm/space/F00-x", "/npm/space/F00-x$", "STRONG"),
    ("/npm/space/food", "/npm/space/*", "STRONG"),
    // Two patterns that fold alike: each has its own spelling, others go to the narrower.
    ("/npm/a-b/x", "/npm/a-b/*", "STRONG"), ("/npm/a.b/x", "/npm/a.b/*", "STRONG"),
    ("/npm/a_b/x", "/npm/a-b/*", "WEAK"),
  ]) func `a package belongs to the narrowest group`(
    path: String,
    group: String,
    type: String
  ) throws {
    let tree = try tree([
      "/npm/space/*", "/npm/space/foo~", "/npm/space/foo$", "/npm/space/F00-x$", "/npm/a-b/*",
      "/npm/a.b/*",
    ])
    let found = try #require(
      tree.association(of: try PackageGroupPatternTests.package(path))
    )
    #expect(found.group.pattern.text == group)
    #expect(found.type.rawValue == type)
  }

  /// `|` is no part of a word, but is taken for an `l`; the Arabic zero is the other way round.
  @Test(arguments: [
    ("/npm//a|b", "/npm//a|*", "STRONG"), ("/npm//a|", "/npm//a|*", "STRONG"),
    ("/npm//b|c", "/npm//b~", "STRONG"), ("/npm//B|c", "/npm//b~", "WEAK"),
    ("/npm//c\u{660}", "/npm//c\u{660}~", "STRONG"),
    ("/npm//c\u{660}-d", "/npm//c\u{660}~", "STRONG"),
    ("/npm//c\u{660}d", "/*", "STRONG"),
  ]) func `a word ends where it does as it is spelled, whatever it is taken for`(
    path: String,
    group: String,
    type: String
  ) throws {
    let tree = try tree(["/npm//a|*", "/npm//b~", "/npm//c\u{660}~"])
    let found = try #require(
      tree.association(of: try PackageGroupPatternTests.package(path))
    )
    #expect(found.group.pattern.text == group)
    #expect(found.type.rawValue == type)
  }

  @Test func `parents are the narrowest that cover`() throws {
    let tree = try tree([
      "/npm/*", "/npm/space~", "/npm/space/*", "/npm/space/foo~", "/npm/space/foo$",
      "/npm/space/food$", "/npm/space/foo-*", "/npm/space/foo-bar$", "/maven/com.*",
    ])
    func parent(_ text: String) throws -> String? {
      let group = try #require(tree[PackageGroupPattern(reading: text)])
      return tree.parent(of: group)?.pattern.text
    }
    #expect(try parent("/*") == nil)
    #expect(try parent("/npm/*") == "/*")
    #expect(try parent("/npm/space~") == "/npm/*")
    #expect(try parent("/npm/space/*") == "/npm/space~")
    #expect(try parent("/npm/space/foo~") == "/npm/space/*")
    #expect(try parent("/npm/space/foo$") == "/npm/space/foo~")
    #expect(try parent("/npm/space/food$") == "/npm/space/*")
    #expect(try parent("/npm/space/foo-*") == "/npm/space/foo~")
    #expect(try parent("/npm/space/foo-bar$") == "/npm/space/foo-*")
    #expect(try parent("/maven/com.*") == "/*")
    let root = try #require(tree[.root])
    #expect(tree.children(of: root).map(\.pattern.text) == ["/maven/com.*", "/npm/*"])
  }

  @Test func `modes are inherited from the first above that has one`() throws {
    let tree = try tree(
      ["/npm/*", "/npm/a/*", "/npm/a/b$"],
      ["/npm/*": .allowSpecificRepositories]
    )
    let leaf = try #require(tree[PackageGroupPattern(reading: "/npm/a/b$")])
    let effective = tree.effective(.publish, of: leaf)
    #expect(effective.restriction.mode == .allowSpecificRepositories)
    #expect(effective.inheritedFrom?.pattern.text == "/npm/*")
    #expect(effective.allows(RepositoryID(7)))
    #expect(!effective.allows(RepositoryID(8)))
    let root = try #require(tree[.root])
    #expect(tree.effective(.publish, of: root).inheritedFrom == nil)
    #expect(tree.effective(.publish, of: root).allows(RepositoryID(8)))
  }

  @Test func `association is what comparing with every group says`() throws {
    var generator = SeededGenerator.make()
    for _ in 0..<20 { try compare(&generator) }
  }

  /// A pattern that need not be one that anybody may write.
  private func pattern(_ text: String) -> PackageGroupPattern {
    let ending = text.last.flatMap(PackageGroupPattern.Ending.init(rawValue:)) ?? .exact
    return PackageGroupPattern(stem: Array(text.unicodeScalars.dropLast()), ending: ending)
  }

  private func compare(_ generator: inout SeededGenerator) throws {
    let words = ["a", "A", "b", "foo", "f00", "bar"]
    let joints = ["-", ".", "_", "--", ""]
    func name() -> String {
      (0...Int.random(in: 0...2, using: &generator)).reduce("") { text, index in
        let joint = index == 0 ? "" : joints.randomElement(using: &generator) ?? ""
        return text + joint + (words.randomElement(using: &generator) ?? "")
      }
    }
    let patterns = Set(
      (0..<30).map { _ in
        let ending = ["$", "~", "-*"].randomElement(using: &generator) ?? "~"
        let isShort = Bool.random(using: &generator) && ending != "$"
        return isShort
          ? "/npm/\(name())\(ending)" : "/npm/\(name())/\(name())\(ending)"
      }
    )
    let tree = try tree(patterns.sorted())
    for _ in 0..<50 {
      let package = PackageCoordinates(format: .npm, namespace: name(), name: name())
      let strong = tree.groups.filter { $0.pattern.matches(package) }
        .max { $1.pattern.isNarrower(than: $0.pattern) }
      let found = try #require(tree.association(of: package))
      if found.type == .strong {
        #expect(found.group == strong, "\(package)")
      } else {
        #expect(!found.group.pattern.matches(package), "\(package)")
        let path = "/npm/\(package.namespace ?? "")/\(package.name)"
        #expect(
          pattern(found.group.pattern.folded).covers(pattern(NameFolding.fold(path) + "$")),
          "\(package)"
        )
      }
    }
  }
}

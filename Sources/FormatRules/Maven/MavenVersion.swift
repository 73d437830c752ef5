/// A Maven version, ordered as Maven 3 orders it (`ComparableVersion`; POM reference, "Version
/// Order Specification").
///
/// Any text is a version. It is cut at `.`, `-` and between digits and letters; `-` and each such
/// change open a list of their own. Equality is Maven's too: `1`, `1.0` and `1-ga` are equal.
package struct MavenVersion: Sendable {
  /// The version as it was given.
  package let spelling: String
  let items: VersionItem

  package init(_ text: some StringProtocol) {
    self.spelling = String(text)
    self.items = MavenVersionParser.parse(text)
  }

  /// Whether the version is a snapshot: `…-SNAPSHOT`, or one build of it.
  package var isSnapshot: Bool {
    Self.isSnapshot(spelling)
  }

  /// As Maven's `ArtifactUtils.isSnapshot`: the ending counts in any case.
  package static func isSnapshot(_ version: some StringProtocol) -> Bool {
    version.utf8.count >= 8 && version.suffix(8).uppercased() == "SNAPSHOT"
      || SnapshotBuild(version) != nil
  }
}

extension MavenVersion: Comparable {
  package static func == (left: MavenVersion, right: MavenVersion) -> Bool {
    left.items.compared(to: right.items) == 0
  }

  package static func < (left: MavenVersion, right: MavenVersion) -> Bool {
    left.items.compared(to: right.items) < 0
  }
}

extension MavenVersion {
  /// Sorts versions upwards; equal ones by their spelling, so that a document has one form.
  package static func sort(_ versions: some Sequence<String>) -> [String] {
    versions.map { MavenVersion($0) }
      .sorted { left, right in
        let order = left.items.compared(to: right.items)
        return order == 0 ? left.spelling < right.spelling : order < 0
      }
      .map(\.spelling)
  }
}

/// A part of a version: a number, a qualifier, or a list of parts.
indirect enum VersionItem: Sendable {
  case number(Numeral)
  case qualifier(String)
  case list([VersionItem])

  /// The qualifiers that Maven knows, in order; the empty one is the release itself.
  private static let known = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"]
  private static let releaseRank = "5"

  /// Whether the part says nothing, as `0`, `ga` or an empty list do.
  var isNull: Bool {
    switch self {
    case .number(let number): number == .zero
    case .qualifier(let text): Self.rank(text) == Self.releaseRank
    case .list(let items): items.isEmpty
    }
  }

  /// What qualifiers are compared by, letter by letter: known ones by place, others after them.
  private static func rank(_ qualifier: String) -> String {
    known.firstIndex(of: qualifier).map(String.init) ?? "\(known.count)-\(qualifier)"
  }

  /// Negative, zero or positive as the part comes before, with or after another; nil is no part.
  func compared(to other: VersionItem?) -> Int {
    switch (self, other) {
    case (.number(let number), nil): number == .zero ? 0 : 1
    case (.number(let left), .number(let right)): left == right ? 0 : left < right ? -1 : 1
    case (.number, _): 1
    case (.qualifier(let text), nil): Self.compare(Self.rank(text), Self.releaseRank)
    case (.qualifier, .number), (.qualifier, .list): -1
    case (.qualifier(let left), .qualifier(let right)):
      Self.compare(Self.rank(left), Self.rank(right))
    case (.list(let items), nil):
      items.lazy.map { $0.compared(to: nil) }.first { $0 != 0 } ?? 0
    case (.list, .number): -1
    case (.list, .qualifier): 1
    case (.list(let left), .list(let right)): Self.compare(left, right)
    }
  }

  private static func compare(_ left: String, _ right: String) -> Int {
    if left == right { return 0 }
    return left.utf16.lexicographicallyPrecedes(right.utf16) ? -1 : 1
  }

  private static func compare(_ left: [VersionItem], _ right: [VersionItem]) -> Int {
    for index in 0..<max(left.count, right.count) {
      let one = index < left.count ? left[index] : nil
      let other = index < right.count ? right[index] : nil
      let order = one.map { $0.compared(to: other) } ?? -(other?.compared(to: nil) ?? 0)
      if order != 0 { return order }
    }
    return 0
  }
}

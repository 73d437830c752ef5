/// A version as crates have them: Semantic Versioning 2.0.0, nothing looser.
package struct CrateVersion: Sendable {
  /// How long a version may be, in bytes: it becomes part of a file's name.
  package static let longest = 150

  /// The version as it was given, build metadata and all.
  package let spelling: String
  /// The version without its build metadata: what two versions of a crate must differ in.
  package let precedence: String
  private let numbers: [UInt64]
  /// Empty for a release.
  private let prerelease: [Substring]

  /// Returns nil for what is no version.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.longest else { return nil }
    let spelling = String(text)
    let halves = spelling.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = halves.first, halves.count < 2 || Self.identifiers(halves[1]) != nil else {
      return nil
    }
    let parts = first.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
      .compactMap(Self.number)
    guard numbers.count == 3, parts[0].utf8.count(where: { $0 == 0x2E }) == 2 else { return nil }
    var prerelease: [Substring] = []
    if parts.count > 1 {
      guard let identifiers = Self.identifiers(parts[1]),
        !identifiers.contains(where: Self.isPadded)
      else { return nil }
      prerelease = identifiers
    }
    self.spelling = spelling
    self.precedence = String(first)
    self.numbers = numbers
    self.prerelease = prerelease
  }

  package var isPrerelease: Bool { !prerelease.isEmpty }

  /// A number without leading zeros (rule 2).
  private static func number(_ text: Substring) -> UInt64? {
    guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit), !isPadded(text) else { return nil }
    return UInt64(text)
  }

  /// Whether a numeric identifier has leading zeros (rule 9).
  private static func isPadded(_ text: Substring) -> Bool {
    text.utf8.count > 1 && text.utf8.first == UInt8(ascii: "0") && text.utf8.allSatisfy(\.isDigit)
  }

  /// Identifiers of ASCII letters, digits and hyphens, none of them empty; nil for anything else.
  private static func identifiers(_ text: Substring) -> [Substring]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let allowed = parts.allSatisfy { part in
      !part.isEmpty
        && part.utf8.allSatisfy { $0.isDigit || $0.isLetter || $0 == UInt8(ascii: "-") }
    }
    return allowed ? parts : nil
  }
}

extension CrateVersion: Hashable {
  /// Build metadata does not count (rule 10).
  package static func == (left: CrateVersion, right: CrateVersion) -> Bool {
    left.precedence == right.precedence
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(precedence)
  }
}

extension CrateVersion: Comparable {
  /// Rule 11.
  package static func < (left: CrateVersion, right: CrateVersion) -> Bool {
    if left.numbers != right.numbers {
      return left.numbers.lexicographicallyPrecedes(right.numbers)
    }
    guard left.isPrerelease, right.isPrerelease else {
      return left.isPrerelease && !right.isPrerelease
    }
    for (one, other) in zip(left.prerelease, right.prerelease) where one != other {
      return precedes(one, other)
    }
    return left.prerelease.count < right.prerelease.count
  }

  /// Numbers by value and before words; words by their bytes.
  private static func precedes(_ one: Substring, _ other: Substring) -> Bool {
    switch (one.utf8.allSatisfy(\.isDigit), other.utf8.allSatisfy(\.isDigit)) {
    case (true, true):
      one.utf8.count == other.utf8.count
        ? one.utf8.lexicographicallyPrecedes(other.utf8) : one.utf8.count < other.utf8.count
    case (true, false): true
    case (false, true): false
    case (false, false): one.utf8.lexicographicallyPrecedes(other.utf8)
    }
  }
}

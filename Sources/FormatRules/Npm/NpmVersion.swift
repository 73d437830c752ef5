/// A version by Semantic Versioning 2.0.0, with the limits of npm's `semver` module.
package struct NpmVersion: Hashable, Sendable {
  /// One dot-separated part of a pre-release.
  package enum Identifier: Hashable, Sendable {
    case number(UInt64)
    case text(String)
  }

  /// The most bytes that a version may have (`MAX_LENGTH`).
  package static let maximumByteCount = 256
  /// The greatest number in it (`MAX_SAFE_INTEGER`).
  package static let greatestNumber: UInt64 = 9_007_199_254_740_991

  package let major: UInt64
  package let minor: UInt64
  package let patch: UInt64
  /// Empty for a release.
  package let prerelease: [Identifier]

  /// Reads a version strictly: `1.2.3`, `1.2.3-rc.1`, `1.2.3+build`; nil for all else.
  ///
  /// Build metadata is checked and dropped, for it does not count (section 10), and npm strips it
  /// from what it publishes.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.maximumByteCount else { return nil }
    let text = Substring(text)
    let sides = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    guard let front = sides.first else { return nil }
    if sides.count == 2, !Self.areIdentifiers(sides[1]) { return nil }
    let halves = front.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(Self.number)
    guard numbers.count == 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2]
    else { return nil }
    self.major = major
    self.minor = minor
    self.patch = patch
    if halves.count == 2 {
      guard let parts = Self.identifiers(halves[1]) else { return nil }
      prerelease = parts
    } else {
      prerelease = []
    }
  }

  /// Reads a version as `package.json` files have it: blanks around, and `v` or `=` in front.
  package init?(loose text: some StringProtocol) {
    let trimmed = Array(text.utf8).trimmed.drop {
      $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "v") || $0 == UInt8(ascii: "V") || $0.isBlank
    }
    self.init(String(decoding: trimmed, as: UTF8.self))
  }

  package var isPrerelease: Bool { !prerelease.isEmpty }

  private static func number(_ text: Substring) -> UInt64? {
    guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit), text == "0" || !text.hasPrefix("0"),
      let value = UInt64(text), value <= greatestNumber
    else { return nil }
    return value
  }

  private static func areIdentifiers(_ text: Substring) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isIdentifier)
  }

  private static func isIdentifier(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
  }

  private static func identifiers(_ text: Substring) -> [Identifier]? {
    var parts: [Identifier] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      guard isIdentifier(part) else { return nil }
      if part.utf8.allSatisfy(\.isDigit) {
        guard let value = number(part) else { return nil }
        parts.append(.number(value))
      } else {
        parts.append(.text(String(part)))
      }
    }
    return parts
  }
}

extension NpmVersion: CustomStringConvertible {
  /// The normalised spelling, without build metadata.
  package var description: String {
    let core = "\(major).\(minor).\(patch)"
    return isPrerelease ? core + "-" + prerelease.map(\.description).joined(separator: ".") : core
  }
}

extension NpmVersion.Identifier: CustomStringConvertible {
  package var description: String {
    switch self {
    case .number(let value): String(value)
    case .text(let text): text
    }
  }
}

extension NpmVersion: Comparable {
  /// Precedence as section 11 has it.
  package static func < (left: NpmVersion, right: NpmVersion) -> Bool {
    let (a, b) = ([left.major, left.minor, left.patch], [right.major, right.minor, right.patch])
    if a != b { return a.lexicographicallyPrecedes(b) }
    // A release comes after all its pre-releases.
    if left.isPrerelease != right.isPrerelease { return left.isPrerelease }
    return left.prerelease.lexicographicallyPrecedes(right.prerelease)
  }
}

extension NpmVersion.Identifier: Comparable {
  /// Numbers come before texts, and texts compare by their ASCII codes.
  package static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)): left < right
    case (.number, .text): true
    case (.text, .number): false
    case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    }
  }
}

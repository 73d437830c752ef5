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
    self.init(Array(text.utf8)[...])
  }

  /// Reads a version as `package.json` files have it: blanks around, and `v` or `=` in front.
  package init?(loose text: some StringProtocol) {
    self.init(
      Array(text.utf8).trimmed.drop {
        $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "v") || $0 == UInt8(ascii: "V") || $0.isBlank
      }
    )
  }

  private init?(_ text: ArraySlice<UInt8>) {
    guard text.count <= Self.maximumByteCount else { return nil }
    let (front, build) = Self.halves(of: text, at: "+")
    if let build, !Self.areIdentifiers(build) { return nil }
    let (core, parts) = Self.halves(of: front, at: "-")
    let (first, others) = Self.halves(of: core, at: ".")
    let (second, third) = Self.halves(of: others ?? [], at: ".")
    guard let major = Self.number(first), let minor = Self.number(second),
      let patch = third.flatMap(Self.number),
      let prerelease = parts.map(Self.identifiers) ?? .some([])
    else { return nil }
    self.major = major
    self.minor = minor
    self.patch = patch
    self.prerelease = prerelease
  }

  package var isPrerelease: Bool { !prerelease.isEmpty }

  /// What is before the first `separator`, and what is behind it; nil where there is none.
  private static func halves(
    of text: ArraySlice<UInt8>,
    at separator: Unicode.Scalar
  ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?) {
    guard let place = text.firstIndex(of: UInt8(ascii: separator)) else { return (text, nil) }
    return (text[..<place], text[(place + 1)...])
  }

  /// At most sixteen digits, which no number of 64 bits overflows at.
  private static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
    guard 1...16 ~= text.count, text.allSatisfy(\.isDigit),
      text.count == 1 || text.first != UInt8(ascii: "0")
    else { return nil }
    let value = text.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
    return value <= greatestNumber ? value : nil
  }

  private static func areIdentifiers(_ text: ArraySlice<UInt8>) -> Bool {
    text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy(isIdentifier)
  }

  private static func isIdentifier(_ text: ArraySlice<UInt8>) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
  }

  private static func identifiers(_ text: ArraySlice<UInt8>) -> [Identifier]? {
    var parts: [Identifier] = []
    for part in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard isIdentifier(part) else { return nil }
      if part.allSatisfy(\.isDigit) {
        guard let value = number(part) else { return nil }
        parts.append(.number(value))
      } else {
        parts.append(.text(String(decoding: part, as: UTF8.self)))
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
    let (a, b) = ((left.major, left.minor, left.patch), (right.major, right.minor, right.patch))
    if a != b { return a < b }
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

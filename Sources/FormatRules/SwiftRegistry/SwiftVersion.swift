/// The version of a Swift package: Semantic Versioning 2.0.0 and nothing else (SE-0292, "Package
/// release").
package struct SwiftVersion: Sendable {
  /// As written; two versions that differ in build metadata alone are two texts of one precedence.
  package let text: String
  private let core: [UInt64]
  private let prerelease: [Identifier]

  private enum Identifier: Hashable {
    /// Digits without leading zeros, of any length.
    case number(String)
    case word(String)
  }

  /// Longer texts are no versions that anybody chose.
  private static let longest = 128

  /// Nil for what SwiftPM would not read as a version either: numbers have to fit its `Int`.
  package init?(_ text: String) {
    guard 1...Self.longest ~= text.utf8.count else { return nil }
    let halves = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    if halves.count > 1, Self.words(halves[1]) == nil { return nil }
    let sides = halves[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = sides[0].split(separator: ".", omittingEmptySubsequences: false)
    let core = parts.compactMap(Self.number)
    guard parts.count == 3, core.count == 3 else { return nil }
    guard let prerelease = sides.count > 1 ? Self.identifiers(sides[1]) : [] else { return nil }
    self.text = text
    self.core = core
    self.prerelease = prerelease
  }

  package var isPrerelease: Bool { !prerelease.isEmpty }

  private static func number(_ digits: Substring) -> UInt64? {
    guard isNumeral(digits), digits == "0" || !digits.hasPrefix("0") else { return nil }
    return Int64(digits).map(UInt64.init)
  }

  private static func isNumeral(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(\.isDigit)
  }

  /// The dot-separated identifiers; nil when one is empty or has other characters than letters,
  /// digits and hyphens.
  private static func words(_ text: Substring) -> [Substring]? {
    let words = text.split(separator: ".", omittingEmptySubsequences: false)
    let areValid = words.allSatisfy { word in
      !word.isEmpty && word.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2D }
    }
    return areValid ? words : nil
  }

  private static func identifiers(_ text: Substring) -> [Identifier]? {
    guard let words = words(text) else { return nil }
    var identifiers: [Identifier] = []
    for word in words {
      if isNumeral(word) {
        guard word == "0" || !word.hasPrefix("0") else { return nil }
        identifiers.append(.number(String(word)))
      } else {
        identifiers.append(.word(String(word)))
      }
    }
    return identifiers
  }
}

extension SwiftVersion: Comparable {
  /// Precedence (SemVer section 11); build metadata decides last, so that an order is total.
  package static func < (left: SwiftVersion, right: SwiftVersion) -> Bool {
    if left.core != right.core { return left.core.lexicographicallyPrecedes(right.core) }
    if left.prerelease != right.prerelease {
      if left.prerelease.isEmpty || right.prerelease.isEmpty { return !left.prerelease.isEmpty }
      return left.prerelease.lexicographicallyPrecedes(right.prerelease, by: precedes)
    }
    return bytes(of: left.text, precede: right.text)
  }

  package static func == (left: SwiftVersion, right: SwiftVersion) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  private static func precedes(_ left: Identifier, _ right: Identifier) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)):
      left.utf8.count != right.utf8.count
        ? left.utf8.count < right.utf8.count : bytes(of: left, precede: right)
    case (.number, .word): true
    case (.word, .number): false
    case (.word(let left), .word(let right)): bytes(of: left, precede: right)
    }
  }

  private static func bytes(of left: String, precede right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

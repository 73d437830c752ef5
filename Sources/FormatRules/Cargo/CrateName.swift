/// A crate's name: as its publisher spells it, as the index files it, and as names are compared.
///
/// Two names are one crate when they differ in case only, or in `-` and `_` (the Cargo Book,
/// "Registry Index", "Name restrictions").
package struct CrateName: Sendable {
  /// How long a name may be, in bytes.
  package static let longest = 64

  /// The name as it was given.
  package let spelling: String
  /// The name in lower case, `-` and `_` kept: how the index files it.
  package let lowercased: String

  /// Accepts ASCII letters, digits, `-` and `_`, beginning with a letter, at most ``longest``.
  ///
  /// Returns nil for anything else: whatever passes is safe in a path.
  package init?(_ spelling: some StringProtocol) {
    let bytes = Array(spelling.utf8)
    guard bytes.count <= Self.longest, bytes.first?.isLetter == true,
      bytes.allSatisfy({ $0.isLetter || $0.isDigit || Self.isSeparator($0) })
    else { return nil }
    self.spelling = String(spelling)
    self.lowercased = String(decoding: bytes.map(\.lowercased), as: UTF8.self)
  }

  /// The name by which crates are told apart: lower case, with `_` for `-`.
  package var canonical: String {
    String(decoding: lowercased.utf8.map { $0 == 0x2D ? 0x5F : $0 }, as: UTF8.self)
  }

  /// The first segments of the index path: `1`, `2`, `3/a`, or `ab/cd`.
  ///
  /// As the name is spelt, or in lower case (`{prefix}` and `{lowerprefix}` of a download address).
  package func prefix(lowercased isLower: Bool = true) -> String {
    let name = isLower ? lowercased : spelling
    switch name.utf8.count {
    case 1: return "1"
    case 2: return "2"
    case 3: return "3/\(name.prefix(1))"
    default: return "\(name.prefix(2))/\(name.dropFirst(2).prefix(2))"
    }
  }

  /// Where the index has the crate's file, relative to its root.
  package var indexPath: String { "\(prefix())/\(lowercased)" }

  /// Reads the segments of an index path; nil when they are none, or not those of their name.
  ///
  /// Cargo always asks in lower case; mixed case is let pass, as the name is what counts.
  package init?(indexPath segments: [String]) {
    guard segments.count >= 2, let last = segments.last, let name = CrateName(last),
      name.indexPath == segments.map({ $0.lowercased() }).joined(separator: "/")
    else { return nil }
    self = name
  }

  /// Every other spelling of the same crate in lower case.
  ///
  /// Names with more than four separators are so rare that only their uniform spellings, and those
  /// that differ in one place, are listed.
  package var otherSpellings: [String] {
    let bytes = Array(lowercased.utf8)
    let places = bytes.indices.filter { Self.isSeparator(bytes[$0]) }
    var found: Set<String> = []
    for mask in Self.masks(of: places.count, current: places.map { bytes[$0] == 0x5F }) {
      var other = bytes
      for (index, place) in places.enumerated() {
        other[place] = mask & (1 << UInt64(index)) == 0 ? 0x2D : 0x5F
      }
      found.insert(String(decoding: other, as: UTF8.self))
    }
    found.remove(lowercased)
    return found.sorted()
  }

  /// Which separators are `_`, one bit each.
  private static func masks(of count: Int, current: [Bool]) -> [UInt64] {
    guard count > 4 else { return Array(0..<(1 << UInt64(count))) }
    let now = current.enumerated().reduce(UInt64(0)) { $0 | ($1.element ? 1 << $1.offset : 0) }
    return [0, (1 << UInt64(count)) - 1] + (0..<count).map { now ^ (1 << UInt64($0)) }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}

extension CrateName: Hashable {
  package static func == (left: CrateName, right: CrateName) -> Bool {
    left.canonical == right.canonical
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(canonical)
  }
}

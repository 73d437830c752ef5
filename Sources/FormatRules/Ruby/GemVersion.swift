/// A version as RubyGems compares them (`Gem::Version`): numbers and words, words before numbers,
/// zeros at an end without meaning.
package struct GemVersion: Sendable {
  /// How long a version may be, in bytes.
  package static let longest = 60

  private enum Segment: Hashable {
    case word(Substring)
    /// Digits without leading zeros, of any length.
    case number(Substring)
  }

  /// The version as it was given.
  package let spelling: String
  /// Without the zeros that end its release or stand before its first word.
  private let segments: [Segment]
  /// Whether a letter makes it one.
  package let isPrerelease: Bool

  /// Reads `1.0`, `2.1.0.rc1`; nil for what is no version, and for the form with a dash, which gems
  /// never carry.
  package init?(_ text: some StringProtocol) {
    guard 1...Self.longest ~= text.utf8.count else { return nil }
    let spelling = String(text)
    let parts = spelling.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0.isDigit || $0.isLetter } }),
      parts[0].utf8.allSatisfy(\.isDigit)
    else { return nil }
    self.spelling = spelling
    self.isPrerelease = parts.contains { $0.utf8.contains(where: \.isLetter) }
    self.segments = Self.canonical(parts.flatMap(Self.runs))
  }

  /// The runs of digits and of letters in a part: `rc1` is `rc` and `1`.
  private static func runs(of part: Substring) -> [Segment] {
    var segments: [Segment] = []
    var rest = part
    while let first = rest.utf8.first {
      let isDigit = first.isDigit
      let end = rest.utf8.firstIndex { $0.isDigit != isDigit } ?? rest.endIndex
      let run = rest[..<end]
      segments.append(isDigit ? .number(run.drop { $0 == "0" }) : .word(run))
      rest = rest[end...]
    }
    return segments
  }

  private static func canonical(_ segments: [Segment]) -> [Segment] {
    let firstWord = segments.firstIndex { if case .word = $0 { true } else { false } }
    let split = firstWord ?? segments.endIndex
    return trimmed(segments[..<split]) + trimmed(segments[split...])
  }

  private static func trimmed(_ segments: ArraySlice<Segment>) -> [Segment] {
    var rest = segments
    while rest.last == .number("") { rest.removeLast() }
    return Array(rest)
  }
}

extension GemVersion: Hashable {
  package static func == (left: GemVersion, right: GemVersion) -> Bool {
    left.segments == right.segments
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(segments)
  }
}

extension GemVersion: Comparable {
  package static func < (left: GemVersion, right: GemVersion) -> Bool {
    for index in 0..<max(left.segments.count, right.segments.count) {
      let one = index < left.segments.count ? left.segments[index] : .number("")
      let other = index < right.segments.count ? right.segments[index] : .number("")
      guard one != other else { continue }
      switch (one, other) {
      case (.word(let one), .word(let other)):
        return one.utf8.lexicographicallyPrecedes(other.utf8)
      case (.word, .number): return true
      case (.number, .word): return false
      case (.number(let one), .number(let other)):
        return one.utf8.count == other.utf8.count
          ? one.utf8.lexicographicallyPrecedes(other.utf8) : one.utf8.count < other.utf8.count
      }
    }
    return false
  }
}

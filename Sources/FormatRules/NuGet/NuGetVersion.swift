/// A version of a NuGet package (NuGet, "Package versioning"): Semantic Versioning 2.0.0 with one
/// to four numbers and without regard to case.
package struct NuGetVersion: Sendable {
  private let numbers: [Int32]
  private let labels: [String]
  /// What follows `+`; says nothing about which version it is.
  package let metadata: String?

  private static let longest = 128

  /// Nil for what NuGet refuses.
  ///
  /// Leading zeros are nothing to it, in numbers and in labels.
  package init?(_ text: some StringProtocol) {
    guard 1...Self.longest ~= text.utf8.count else { return nil }
    let halves = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let sides = halves[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = sides[0].split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Self.number($0) }
    guard 1...4 ~= parts.count, numbers.count == parts.count,
      let labels = sides.count > 1 ? Self.labels(sides[1]) : [],
      halves.count == 1 || Self.labels(halves[1]) != nil
    else { return nil }
    self.numbers = numbers + [Int32](repeating: 0, count: 4 - numbers.count)
    self.labels = labels
    metadata = halves.count > 1 ? String(halves[1]) : nil
  }

  private static func number(_ digits: some StringProtocol) -> Int32? {
    guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else { return nil }
    return Int32(digits)
  }

  private static func labels(_ text: some StringProtocol) -> [String]? {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    let areValid = labels.allSatisfy { label in
      !label.isEmpty && label.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2D }
    }
    return areValid ? labels.map { String($0) } : nil
  }

  /// The normalised form: three numbers or, where the fourth is not zero, four, without leading
  /// zeros, and the labels as spelt.
  package var text: String {
    let shown = numbers[3] == 0 ? numbers[..<3] : numbers[...]
    let core = shown.map { String($0) }.joined(separator: ".")
    return labels.isEmpty ? core : "\(core)-\(labels.joined(separator: "."))"
  }

  /// The form by which it is found, and which stands in addresses: equal versions have equal keys.
  package var key: String { String(decoding: text.utf8.map(\.lowercased), as: UTF8.self) }

  /// The normalised form with what follows `+`.
  package var fullText: String { metadata.map { "\(text)+\($0)" } ?? text }

  package var isPrerelease: Bool { !labels.isEmpty }

  /// Whether clients older than NuGet 4.3 could not read it: they are not shown it.
  package var needsSemVer2: Bool { labels.count > 1 || metadata != nil }
}

extension NuGetVersion: Comparable {
  package static func == (left: NuGetVersion, right: NuGetVersion) -> Bool {
    left.key == right.key
  }

  package static func < (left: NuGetVersion, right: NuGetVersion) -> Bool {
    if left.numbers != right.numbers {
      return left.numbers.lexicographicallyPrecedes(right.numbers)
    }
    if left.labels.isEmpty || right.labels.isEmpty {
      return !left.labels.isEmpty && right.labels.isEmpty
    }
    return left.labels.map(Label.init).lexicographicallyPrecedes(right.labels.map(Label.init))
  }

  /// A label as it is compared: numbers before words, words without case.
  private enum Label: Comparable {
    case number(Int32)
    case word(String)

    init(_ text: String) {
      self =
        NuGetVersion.number(text).map(Label.number)
        ?? .word(String(decoding: text.utf8.map(\.lowercased), as: UTF8.self))
    }
  }
}

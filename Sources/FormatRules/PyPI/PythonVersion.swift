/// A version of a Python distribution, ordered as PEP 440 orders it.
///
/// Any text is a version here: what PEP 440 does not define (old uploads such as `2004d` or
/// `0.1-SNAPSHOT`) is a *legacy* version, which sorts before every other and keeps its spelling.
/// Equality is PEP 440's too: `1.0` equals `1.0.0` and `v1.0`.
package struct PythonVersion: Sendable {
  /// The version as it was given, without white space around it.
  package let spelling: String
  let key: Key

  /// The parts that decide the order.
  enum Key: Hashable, Sendable {
    case legacy([LegacyPart])
    case standard(StandardVersion)
  }

  /// Reads any text; what is not a PEP 440 version becomes a legacy one.
  package init(_ text: some StringProtocol) {
    let bytes = Array(text.utf8).trimmed
    self.spelling = String(decoding: bytes, as: UTF8.self)
    if let version = PythonVersionParser.parse(bytes) {
      self.key = .standard(version)
    } else {
      self.key = .legacy(LegacyPart.split(bytes))
    }
  }

  /// Reads a PEP 440 version of any spelling that PEP allows, or returns nil.
  package init?(standard text: some StringProtocol) {
    self.init(text)
    guard !isLegacy else { return nil }
  }

  /// Whether PEP 440 does not define this version.
  package var isLegacy: Bool {
    if case .legacy = key { true } else { false }
  }

  /// Whether the version comes before a release: an alpha, beta, candidate or development version.
  package var isPrerelease: Bool {
    if case .standard(let version) = key {
      version.preRelease != nil || version.development != nil
    } else {
      false
    }
  }

  /// The normal form (PEP 440, "Normalization"); a legacy version's is its spelling.
  package var normalized: String {
    if case .standard(let version) = key { version.normalized } else { spelling }
  }

  /// The normal forms of versions that are equal to this one, its own among them.
  ///
  /// Zeros at the end of a release do not count (PEP 440, "Final releases"): `1`, `1.0` and `1.0.0`
  /// are equal. Those of up to six numbers, which is more than anybody writes, or as many as this
  /// one has.
  package var normalizedSpellings: [String] {
    guard case .standard(var version) = key else { return [spelling] }
    let length = max(version.release.count, 6)
    while version.release.count > 1, version.release.last == .zero { version.release.removeLast() }
    var spellings = [version.normalized]
    while version.release.count < length {
      version.release.append(.zero)
      spellings.append(version.normalized)
    }
    return spellings
  }
}

extension PythonVersion: Hashable {
  package static func == (left: PythonVersion, right: PythonVersion) -> Bool {
    left.key == right.key
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(key)
  }
}

extension PythonVersion: Comparable {
  package static func < (left: PythonVersion, right: PythonVersion) -> Bool {
    switch (left.key, right.key) {
    case (.standard(let left), .standard(let right)): left < right
    case (.legacy(let left), .legacy(let right)): left.lexicographicallyPrecedes(right)
    case (.legacy, .standard): true
    case (.standard, .legacy): false
    }
  }
}

extension PythonVersion: CustomStringConvertible {
  package var description: String { spelling }
}

/// A run of digits or of other bytes in a version that follows no scheme.
enum LegacyPart: Hashable, Comparable, Sendable {
  /// Text sorts before numbers, so that `1.x` precedes `1.0`.
  case text(String)
  case number(Numeral)

  static func split(_ bytes: ArraySlice<UInt8>) -> [LegacyPart] {
    var parts: [LegacyPart] = []
    var rest = bytes
    while let first = rest.first {
      let run = rest.prefix { $0.isDigit == first.isDigit }
      rest = rest.dropFirst(run.count)
      parts.append(
        first.isDigit
          ? .number(Numeral(digits: run)) : .text(String(decoding: run, as: UTF8.self))
      )
    }
    return parts
  }
}

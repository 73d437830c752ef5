/// Reads every spelling of a version that PEP 440 allows (its appendix B).
///
/// Each method consumes what it recognises from the front and leaves the rest untouched when it
/// recognises nothing, so the order of the calls below is the grammar.
struct PythonVersionParser {
  private var rest: ArraySlice<UInt8>

  static func parse(_ bytes: ArraySlice<UInt8>) -> StandardVersion? {
    var parser = PythonVersionParser(rest: ArraySlice(bytes.map(\.lowercased)))
    return parser.version()
  }

  private mutating func version() -> StandardVersion? {
    _ = take("v")
    var version = StandardVersion()
    guard let epochAndRelease = epochAndRelease() else { return nil }
    (version.epoch, version.release) = epochAndRelease
    version.preRelease = preRelease()
    version.postRelease = postRelease()
    version.development = suffix(["dev"])?.number
    guard let local = local(), rest.isEmpty else { return nil }
    version.local = local
    return version
  }

  private mutating func epochAndRelease() -> (Numeral, [Numeral])? {
    guard var first = number() else { return nil }
    var epoch = Numeral.zero
    if take("!") {
      epoch = first
      guard let next = number() else { return nil }
      first = next
    }
    var release = [first]
    while rest.first == UInt8(ascii: "."), rest.dropFirst().first?.isDigit == true {
      rest.removeFirst()
      guard let next = number() else { break }
      release.append(next)
    }
    return (epoch, release)
  }

  private mutating func preRelease() -> StandardVersion.PreRelease? {
    // The longer spelling first, or `alpha` would be read as `a` and stop at `l`.
    guard let found = suffix(["alpha", "beta", "preview", "pre", "rc", "a", "b", "c"]) else {
      return nil
    }
    let phase: StandardVersion.Phase =
      switch found.word.first {
      case "a": .alpha
      case "b": .beta
      default: .candidate
      }
    return StandardVersion.PreRelease(phase: phase, number: found.number)
  }

  private mutating func postRelease() -> Numeral? {
    if let found = suffix(["post", "rev", "r"]) { return found.number }
    // The implicit form, `1.0-1`: a dash and a number, nothing else will do.
    guard rest.first == UInt8(ascii: "-"), rest.dropFirst().first?.isDigit == true else {
      return nil
    }
    rest.removeFirst()
    return number()
  }

  /// One of `words`, with an optional separator before it and before its optional number.
  private mutating func suffix(_ words: [String]) -> (word: String, number: Numeral)? {
    let start = rest
    _ = takeSeparator()
    guard let word = words.first(where: { rest.starts(with: $0.utf8) }) else {
      rest = start
      return nil
    }
    rest = rest.dropFirst(word.utf8.count)
    // The PEP's expression lets a separator stand here even when no number follows it.
    _ = takeSeparator()
    return (word, number() ?? .zero)
  }

  /// The segments after a `+`; empty when there is none, nil when they are broken.
  private mutating func local() -> [StandardVersion.LocalSegment]? {
    guard take("+") else { return [] }
    var segments: [StandardVersion.LocalSegment] = []
    repeat {
      let run = rest.prefix { $0.isDigit || $0.isLetter }
      guard !run.isEmpty else { return nil }
      rest = rest.dropFirst(run.count)
      segments.append(
        run.allSatisfy(\.isDigit)
          ? .number(Numeral(digits: run)) : .word(String(decoding: run, as: UTF8.self))
      )
    } while takeSeparator()
    return segments
  }

  private mutating func number() -> Numeral? {
    let digits = rest.prefix(while: \.isDigit)
    guard !digits.isEmpty else { return nil }
    rest = rest.dropFirst(digits.count)
    return Numeral(digits: digits)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func takeSeparator() -> Bool {
    take(".") || take("-") || take("_")
  }
}

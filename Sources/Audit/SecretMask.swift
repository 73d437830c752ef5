import Access

/// Takes out of a text what looks like a secret, whoever wrote it there.
///
/// Secrets are never noted, but some come where none belongs: npm's `logout` puts its token into
/// the path, people paste tokens into names, scripts put passwords into addresses. So whatever
/// clients wrote goes through this before it is kept. Hidden are our own tokens and JSON web tokens
/// wherever they stand, also behind percent-escapes and in base 64, and whatever follows the words
/// that secrets follow. A secret that looks like any other word, in a place for words, is beyond
/// this and everybody: a password for a package's name is a package's name.
package enum SecretMask {
  /// What CloudTrail writes in place of a secret.
  package static let hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"

  /// Returns `text` with each secret replaced.
  ///
  /// - Complexity: O(n); a text without one is returned as it is.
  package static func masking(_ text: String) -> String {
    masked(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  /// Returns bytes of UTF-8 or JSON with each secret replaced; nil when there is none.
  ///
  /// No secret reaches over a quotation mark, so that a line of JSON stays one.
  package static func masked(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while index < bytes.count {
      guard let secret = secret(in: bytes, at: index) else {
        index += 1
        continue
      }
      result += bytes[copied..<secret.lowerBound]
      result += hidden.utf8
      copied = secret.upperBound
      index = secret.upperBound
    }
    return copied > 0 ? result + bytes[copied...] : nil
  }

  /// Returns `text` with what stands between single quotes hidden: messages about a refused
  /// signature repeat what the client sent.
  package static func hidingQuotes(in text: String) -> String {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count > 2 else { return text }
    return parts.enumerated().map { $0.offset.isMultiple(of: 2) ? String($0.element) : "…" }
      .joined(separator: "'")
  }

  private static func secret(in bytes: [UInt8], at index: Int) -> Range<Int>? {
    // Most bytes begin nothing: one look settles that.
    let rules = rulesByFirstByte[Int(bytes[index])]
    guard !rules.isEmpty else { return nil }
    for rule in rules {
      if let secret = rule.secret(in: bytes, at: index) { return secret }
    }
    return nil
  }

  private static let rulesByFirstByte: [[SecretRule]] = (UInt8.min...UInt8.max).map { byte in
    SecretRule.all.filter { $0.mayBegin(with: byte) }
  }
}

/// One way to know a secret: by how it begins, or by what stands before it.
private struct SecretRule: Sendable {
  enum Run: Sendable {
    /// Letters of base 64 in either alphabet, the dots of a web token, and escapes.
    case word
    /// As `word`, with a dot somewhere: names seldom are that long and have one after the prefix.
    case webToken
    /// All up to the next slash or the end of the text.
    case segment
    /// All up to an at sign, with a colon before it: a user's name and password.
    case userInformation
  }

  let lead: [UInt8]
  /// Whether the lead is part of the secret, or only what stands before it.
  let isPart: Bool
  let ignoresCase: Bool
  let run: Run
  /// How long a secret is at least, with its lead where that is part of it.
  let shortest: Int

  init(
    _ lead: String,
    isPart: Bool = false,
    ignoresCase: Bool = false,
    _ run: Run,
    shortest: Int
  ) {
    self.lead = Array(lead.utf8)
    self.isPart = isPart
    self.ignoresCase = ignoresCase
    self.run = run
    self.shortest = shortest
  }

  /// The longest name of a package that begins as our tokens do is shorter than any of them.
  static let all = [
    SecretRule(AccessToken.prefix, isPart: true, .word, shortest: 39),
    // The same in base 64, at each of the three places where it can begin.
    SecretRule("bGFyZGVyX", isPart: true, .word, shortest: 24),
    SecretRule("xhcmRlcl", isPart: true, .word, shortest: 24),
    SecretRule("sYXJkZXJf", isPart: true, .word, shortest: 24),
    // Basic credentials of the user `aws`.
    SecretRule("YXdzO", isPart: true, .word, shortest: 20),
    // A JSON web token begins with `{"` in base 64.
    SecretRule("eyJ", isPart: true, .webToken, shortest: 20),
    SecretRule("Bearer ", ignoresCase: true, .word, shortest: 16),
    SecretRule("Basic ", ignoresCase: true, .word, shortest: 16),
    SecretRule("Bearer+", ignoresCase: true, .word, shortest: 16),
    SecretRule("Basic+", ignoresCase: true, .word, shortest: 16),
    SecretRule("Signature=", ignoresCase: true, .word, shortest: 8),
    SecretRule("X-Amz-Security-Token=", ignoresCase: true, .word, shortest: 8),
    // npm's logout.
    SecretRule("/-/user/token/", .segment, shortest: 1),
    SecretRule("://", .userInformation, shortest: 1),
  ]

  /// Whether a lead may begin with this byte, as it is or as an escape.
  func mayBegin(with byte: UInt8) -> Bool {
    guard let first = lead.first else { return false }
    return byte == UInt8(ascii: "%") || byte == first
      || (ignoresCase && isSameLetter(byte, first))
  }

  /// Returns where the secret is whose lead begins at `index`.
  func secret(in bytes: [UInt8], at index: Int) -> Range<Int>? {
    var place = index
    for letter in lead {
      guard place < bytes.count else { return nil }
      let (byte, next) = Self.letter(in: bytes, at: place)
      guard byte == letter || (ignoresCase && isSameLetter(byte, letter)) else { return nil }
      place = next
    }
    let start = isPart ? index : place
    guard let end = end(in: bytes, from: place) else { return nil }
    guard end - start >= shortest else { return nil }
    return start..<end
  }

  private func isSameLetter(_ byte: UInt8, _ letter: UInt8) -> Bool {
    0x41...0x5A ~= (byte & 0xDF) && byte & 0xDF == letter & 0xDF
  }

  /// Where the run ends that begins at `start`; nil when there is none.
  private func end(in bytes: [UInt8], from start: Int) -> Int? {
    var end = start
    var hasMark = false
    while end < bytes.count, goesOn(with: bytes[end]) {
      hasMark = hasMark || isMark(bytes[end])
      end += 1
    }
    switch run {
    case .word, .segment: return end
    case .webToken: return hasMark ? end : nil
    case .userInformation:
      return hasMark && end < bytes.count && bytes[end] == UInt8(ascii: "@") ? end : nil
    }
  }

  /// Whether a byte is what the run must have somewhere; a percent sign may be the dot.
  private func isMark(_ byte: UInt8) -> Bool {
    run == .userInformation
      ? byte == UInt8(ascii: ":") : byte == UInt8(ascii: ".") || byte == UInt8(ascii: "%")
  }

  private func goesOn(with byte: UInt8) -> Bool {
    switch run {
    case .word, .webToken: Self.isWord(byte)
    case .segment: byte != UInt8(ascii: "/") && byte > 0x20 && byte != UInt8(ascii: "\"")
    case .userInformation:
      byte > 0x20 && !"/\"?#@".utf8.contains(byte)
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "+"),
      UInt8(ascii: "="), UInt8(ascii: "%"):
      true
    default: false
    }
  }

  /// The letter at `index`, be it escaped once or more, and where the next one begins.
  private static func letter(in bytes: [UInt8], at index: Int) -> (UInt8, next: Int) {
    guard bytes[index] == UInt8(ascii: "%") else { return (bytes[index], index + 1) }
    // `%256C` is `%6C`, escaped.
    var place = index + 1
    while place + 1 < bytes.count, bytes[place] == UInt8(ascii: "2"),
      bytes[place + 1] == UInt8(ascii: "5")
    {
      place += 2
    }
    guard place + 1 < bytes.count, let high = digit(bytes[place]),
      let low = digit(bytes[place + 1])
    else { return (bytes[index], index + 1) }
    return (high << 4 | low, place + 2)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}

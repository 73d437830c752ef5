/// A text of a policy that stands for many: `*` for any characters, `?` for one, `${…}` for what
/// the request says.
///
/// Grammar and meaning by the IAM user guide, "IAM policy elements: Variables and tags" and
/// "Resource". Variables exist in policies of version 2012-10-17 only; older ones take `${` as it
/// stands. Values of variables match as they are: a `*` in them is an asterisk.
package struct PolicyPattern: Hashable, Sendable {
  enum Piece: Hashable, Sendable {
    case literal([UInt8])
    /// `*`
    case any
    /// `?`
    case one
    /// `${key}`, or `${key, 'default'}`.
    case variable(key: String, fallback: String?)
  }

  let pieces: [Piece]

  /// `*` alone.
  static let any = PolicyPattern(pieces: [.any])

  /// The context keys that variables name.
  var variables: [String] {
    pieces.compactMap { piece in
      guard case .variable(let key, _) = piece else { return nil }
      return key
    }
  }
}

extension PolicyPattern {
  /// Reads a pattern; nil for a `${` without a well-formed rest.
  ///
  /// - Parameters:
  ///   - text: what the policy says.
  ///   - hasWildcards: whether `*` and `?` stand for others here.
  ///   - hasVariables: whether the policy's version knows variables.
  ///   - ignoresCase: whether letters A–Z are taken as small ones.
  init?(_ text: String, hasWildcards: Bool, hasVariables: Bool, ignoresCase: Bool = false) {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    func flush() {
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = []
    }
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "*") where hasWildcards:
        flush()
        // Two in a row mean what one means.
        if pieces.last != .any { pieces.append(.any) }
      case UInt8(ascii: "?") where hasWildcards:
        flush()
        pieces.append(.one)
      case UInt8(ascii: "$") where hasVariables && rest.first == UInt8(ascii: "{"):
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let inner = rest[(rest.startIndex + 1)..<end]
        rest = rest[(end + 1)...]
        guard let piece = Self.variable(String(decoding: inner, as: UTF8.self)) else { return nil }
        if case .literal(let bytes) = piece {
          literal += bytes
        } else {
          flush()
          pieces.append(piece)
        }
      default: literal.append(ignoresCase ? byte.lowercasedASCII : byte)
      }
    }
    flush()
    self.pieces = pieces
  }

  /// What stands between the braces: a key, a key with a default, or one of the three characters
  /// that cannot be written otherwise.
  private static func variable(_ inner: String) -> Piece? {
    if inner == "*" || inner == "?" || inner == "$" { return .literal(Array(inner.utf8)) }
    let parts = inner.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    let key = parts[0].trimmingSpaces
    guard ConditionKey.isWellFormed(key) else { return nil }
    guard parts.count == 2 else {
      return .variable(key: ConditionKey.canonical(key), fallback: nil)
    }
    let quoted = parts[1].trimmingSpaces
    guard quoted.utf8.count >= 2, quoted.first == "'", quoted.last == "'" else { return nil }
    return .variable(
      key: ConditionKey.canonical(key),
      fallback: String(quoted.dropFirst().dropLast())
    )
  }
}

extension PolicyPattern {
  /// The pattern with the request's values in the place of variables; nil when the request lacks
  /// one of them, or has several values of it.
  func resolved(for request: AccessRequest) -> PolicyPattern? {
    guard pieces.contains(where: { if case .variable = $0 { true } else { false } }) else {
      return self
    }
    var resolved: [Piece] = []
    for piece in pieces {
      guard case .variable(let key, let fallback) = piece else {
        resolved.append(piece)
        continue
      }
      let values = request.values(of: key)
      guard let value = values.count == 1 ? values[0] : fallback, values.count <= 1 else {
        return nil
      }
      resolved.append(.literal(Array(value.utf8)))
    }
    return PolicyPattern(pieces: resolved)
  }

  /// The same in small letters, of every script.
  var lowercased: PolicyPattern {
    PolicyPattern(
      pieces: pieces.map { piece in
        guard case .literal(let bytes) = piece else { return piece }
        return .literal(Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8))
      }
    )
  }

  /// Whether all of `text` is what the pattern, which has no variables, stands for.
  ///
  /// - Complexity: O(n · m): after a `*` only the last one is ever tried again.
  func matches(_ text: [UInt8]) -> Bool {
    var (position, index) = (0, 0)
    var resume: (position: Int, index: Int)?
    while position < text.count || index < pieces.count {
      if index < pieces.count {
        if pieces[index] == .any {
          resume = (position, index)
          index += 1
          continue
        }
        if let length = pieces[index].length(at: position, in: text) {
          (position, index) = (position + length, index + 1)
          continue
        }
      }
      // A dead end: the last `*` takes one more character.
      guard let last = resume, last.position < text.count else { return false }
      let next = last.position + Piece.scalarLength(at: last.position, in: text)
      resume = (next, last.index)
      (position, index) = (next, last.index + 1)
    }
    return true
  }
}

extension PolicyPattern.Piece {
  /// How many bytes the piece takes of `text` from `position` on; nil when it does not fit there.
  fileprivate func length(at position: Int, in text: [UInt8]) -> Int? {
    switch self {
    case .literal(let literal):
      return text[position...].starts(with: literal) ? literal.count : nil
    case .one:
      return position < text.count ? Self.scalarLength(at: position, in: text) : nil
    case .any, .variable: return nil
    }
  }

  /// How many bytes the character at `position` has.
  fileprivate static func scalarLength(at position: Int, in text: [UInt8]) -> Int {
    var end = position + 1
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    return end - position
  }
}

extension UInt8 {
  /// The small letter for a capital one of ASCII; anything else as it is.
  var lowercasedASCII: UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self ? self | 0x20 : self
  }
}

extension StringProtocol {
  /// The text without blanks at its ends.
  var trimmingSpaces: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

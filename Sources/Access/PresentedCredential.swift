import Bytes

/// What an `Authorization` header presents.
///
/// Package managers send one secret in many wrappings: npm and SwiftPM say `Bearer`, pip, twine,
/// Maven and NuGet say `Basic` with any user name, cargo and `gem push` send the bare token. A
/// repository takes them all.
package enum PresentedCredential: Hashable, Sendable {
  /// A signature of version 4; the whole header value, for ``SignatureClaim`` to read.
  case signature(String)
  /// A domain token, whatever it was wrapped in.
  case token(String)
  /// Something that can be neither, and why, in words for its sender.
  case malformed(String)

  /// Reads a header's value.
  ///
  /// White space around the value and around the token goes: on Windows cargo's credential
  /// provider keeps the line end of what it read.
  package init(authorization value: String) {
    let trimmed = value.trimmingWhiteSpace()
    let parts = trimmed.split(maxSplits: 1, whereSeparator: \.isWhiteSpace)
    guard let first = parts.first else {
      self = .malformed("The Authorization header is empty.")
      return
    }
    let rest = parts.count > 1 ? parts[1].trimmingWhiteSpace() : ""
    switch first.lowercased() {
    case "basic": self = Self.basic(rest)
    case "bearer": self = Self.bearer(rest)
    case let scheme where scheme.hasPrefix("aws4-"): self = .signature(trimmed)
    default: self = rest.isEmpty ? .token(trimmed) : Self.unknownScheme(String(first))
    }
  }

  /// RFC 6750 section 2.1.
  private static func bearer(_ text: String) -> PresentedCredential {
    text.isEmpty ? .malformed("The Bearer credential is empty.") : .token(text)
  }

  /// RFC 7617 section 2: `user:password` in base 64.
  ///
  /// The password is the token and the user name does not matter; a lone user name is the token, as
  /// in `https://TOKEN@host/`.
  private static func basic(_ text: String) -> PresentedCredential {
    guard let bytes = Base64.decode(text), let pair = String(validating: bytes, as: UTF8.self)
    else { return .malformed("The Basic credential is not base 64 of UTF-8 text.") }
    let sides = pair.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let password = sides.count > 1 ? sides[1].trimmingWhiteSpace() : ""
    let token = password.isEmpty ? (sides.first?.trimmingWhiteSpace() ?? "") : password
    return token.isEmpty ? .malformed("The Basic credential is empty.") : .token(token)
  }

  private static func unknownScheme(_ name: String) -> PresentedCredential {
    .malformed("The authorization scheme \(name.prefix(32)) is not known here.")
  }
}

extension StringProtocol {
  /// The text without the spaces, tabs and line ends around it.
  func trimmingWhiteSpace() -> String {
    var rest = self[...]
    while let first = rest.first, first.isWhiteSpace { rest = rest.dropFirst() }
    while let last = rest.last, last.isWhiteSpace { rest = rest.dropLast() }
    return String(rest)
  }
}

extension Character {
  /// Whether the character is one of the white space that HTTP fields may carry around a value.
  var isWhiteSpace: Bool {
    self == " " || self == "\t" || self == "\r" || self == "\n" || self == "\r\n"
  }
}

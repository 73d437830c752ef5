import Bytes
import FormatRules

/// A JSON Web Token (RFC 7519) in its compact signed form (RFC 7515 section 7.1), taken apart;
/// nothing is proved yet.
struct SignedToken: Sendable {
  /// The ways of signing that are believed: with a private key whose public half the issuer
  /// publishes.
  ///
  /// Neither `none` nor any HMAC: a public key must never do as a shared secret (RFC 8725 section
  /// 2.1).
  enum Algorithm: String, CaseIterable, Sendable {
    case es256 = "ES256"
    case ps256 = "PS256"
    case rs256 = "RS256"
  }

  /// How far clocks may be apart, in seconds.
  static let leeway: Int64 = 60

  let algorithm: Algorithm
  let keyID: String?
  let issuer: String
  /// What the signature covers.
  let signedBytes: [UInt8]
  let signature: [UInt8]
  private let claims: JSONValue

  /// Returns nil for what is no such token, is signed in another way, or has an extension that must
  /// be understood (`crit`).
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Self.json(parts[0]), let claims = Self.json(parts[1]),
      let signature = Base64.decodeForURL(String(parts[2])), header["crit"] == nil,
      let algorithm = header["alg"]?.string.flatMap(Algorithm.init(rawValue:)),
      let issuer = claims["iss"]?.string
    else { return nil }
    if let keyID = header["kid"], keyID.string == nil { return nil }
    self.algorithm = algorithm
    self.keyID = header["kid"]?.string
    self.issuer = issuer
    self.claims = claims
    self.signature = signature
    self.signedBytes = Array("\(parts[0]).\(parts[1])".utf8)
  }

  /// An object in base 64 for URLs without padding, no name in it twice.
  private static func json(_ text: Substring) -> JSONValue? {
    guard let bytes = Base64.decodeForURL(String(text)), let value = try? JSONReader.read(bytes),
      let members = value.members, Set(members.map(\.name)).count == members.count
    else { return nil }
    return value
  }
}

/// What a proved token says.
struct ProvedIdentity: Hashable, Sendable {
  let subject: String
  /// The one of the provider's audiences that the token is for.
  let audience: String
  /// `amr`: how the subject was proved.
  let methods: [String]
  /// In seconds since 1970.
  let issuedAt: Int64
  let expiresAt: Int64
}

extension SignedToken {
  /// Reads the claims of a token whose signature holds.
  ///
  /// - Throws: ``TokenFault`` when it is for somebody else, or now is not its time.
  func identity(
    for audiences: [String],
    at now: Int64
  ) throws(TokenFault) -> ProvedIdentity {
    guard let subject = claims["sub"]?.string, (1...255).contains(subject.unicodeScalars.count)
    else { throw .badToken("The token has no subject of 1 to 255 characters.") }
    let named = claims["aud"]?.string.map { [$0] } ?? claims["aud"]?.array?.compactMap(\.string)
    guard let audience = (named ?? []).first(where: audiences.contains) else {
      throw .badToken("Incorrect token audience")
    }
    guard let expiry = time("exp"), let issued = time("iat") else {
      throw .badToken("The token does not say when it was issued (iat) and when it ends (exp).")
    }
    guard now < expiry + Self.leeway else {
      throw .expiredToken(
        "Token expired: current date/time must be before the expiration date/time"
      )
    }
    guard issued <= now + Self.leeway, (time("nbf") ?? issued) <= now + Self.leeway else {
      throw .badToken("The token is not valid yet.")
    }
    if claims["nbf"] != nil, time("nbf") == nil { throw .badToken("The token's nbf is no time.") }
    return ProvedIdentity(
      subject: subject,
      audience: audience,
      methods: claims["amr"]?.array?.compactMap(\.string) ?? [],
      issuedAt: issued,
      expiresAt: expiry
    )
  }

  /// A `NumericDate` (RFC 7519 section 2), fractions cut off.
  private func time(_ name: String) -> Int64? {
    guard case .number(let text)? = claims[name], let seconds = Double(text),
      (0...253_402_300_799).contains(seconds)
    else { return nil }
    return Int64(seconds)
  }
}

internal import Access
internal import Catalog
internal import FormatRules

/// What temporary credentials are bound to.
///
/// Sealed, it is the session token itself: the server keeps nothing for a session, however many CI
/// jobs ask for one, and whoever has a token can neither read nor change what it says. What the
/// session may do is not in it but for its bounds: the user or role is looked up when it is used.
/// The same text, unsealed, goes with a token for package managers that the session asked for.
struct SessionClaims: Hashable, Sendable {
  /// The temporary access key.
  var keyID: String
  /// The user or role.
  var principal: PrincipalID
  /// What a role's session is called; nil for a user's.
  var name: String?
  var issuedAt: Timestamp
  /// In seconds since 1970.
  var expiresAt: Int64
  var policy: String?
  var tags: [String: String] = [:]
  var provider: String?
  /// The long-lived key that the session was asked for with; nil for what came by a provider.
  var parentKeyID: String?
}

extension SessionClaims {
  /// One JSON object with members of one letter: every request of the session carries it.
  var text: String {
    var members: [JSONValue.Member] = [
      .init("k", .string(keyID)),
      .init("p", .number(String(principal.rawValue))),
      .init("i", .number(String(issuedAt.microseconds))),
      .init("e", .number(String(expiresAt))),
    ]
    let texts = [("n", name), ("y", policy), ("f", provider), ("a", parentKeyID)]
    for case (let letter, let text?) in texts { members.append(.init(letter, .string(text))) }
    if !tags.isEmpty {
      let tags = tags.sorted { $0.key < $1.key }.map { JSONValue.Member($0, .string($1)) }
      members.append(.init("t", .object(tags)))
    }
    var writer = JSONWriter()
    writer.value(.object(members))
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Reads what ``text`` wrote; nil for anything else.
  init?(text: String) {
    guard let value = try? JSONReader.read(Array(text.utf8)),
      let keyID = value["k"]?.string, let principal = value["p"]?.natural,
      let issuedAt = value["i"]?.natural, let expiresAt = value["e"]?.natural,
      let row = Int64(exactly: principal), let issued = Int64(exactly: issuedAt),
      let expiry = Int64(exactly: expiresAt)
    else { return nil }
    self.init(
      keyID: keyID,
      principal: PrincipalID(row),
      name: value["n"]?.string,
      issuedAt: Timestamp(microseconds: issued),
      expiresAt: expiry,
      policy: value["y"]?.string,
      tags: Dictionary(
        (value["t"]?.members ?? []).compactMap { tag in tag.value.string.map { (tag.name, $0) } }
      ) { first, _ in first },
      provider: value["f"]?.string,
      parentKeyID: value["a"]?.string
    )
  }

  var session: PrincipalSession {
    PrincipalSession(
      name: name,
      issuedAt: issuedAt.microseconds / 1_000_000,
      issuedMicroseconds: issuedAt.microseconds,
      expiresAt: expiresAt,
      policy: policy,
      federatedProvider: provider,
      parentKeyID: parentKeyID
    )
  }
}

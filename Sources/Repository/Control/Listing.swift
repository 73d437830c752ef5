internal import Bytes
internal import Crypto

/// A part of a listing, and the token with which to ask for the next.
package struct Listing<Item: Sendable>: Sendable {
  package let items: [Item]
  /// Nil at the end.
  ///
  /// A page may be short, even empty, and still have a successor.
  package let nextToken: String?
}

/// One listing with its parameters: what a paging token is bound to.
///
/// A token is the position of the last item that was shown, and a code that only this server can
/// make over position and parameters. So it needs no state, stays good while others write, and one
/// that was changed, or made for another listing, is refused.
///
/// ```
///  0                    32
///  +--------------------+----------------------------------------------+
///  | HMAC-SHA-256       | fields: for each, length (4 bytes) and UTF-8 |
///  +--------------------+----------------------------------------------+
/// ```
struct ListingScope {
  private static let codeByteCount = 32
  private static let lengthByteCount = 4

  private let key: SymmetricKey
  private let parameters: [UInt8]

  /// Binds tokens to `parameters`: the name of the listing and all that decides what it shows.
  init(_ parameters: [String?], key: SymmetricKey) {
    self.key = key
    self.parameters = parameters.flatMap { parameter -> [UInt8] in
      guard let parameter else { return [0] }
      return [1] + Self.frame(parameter)
    }
  }

  /// Returns the token for a position.
  func token(for position: [String]) -> String {
    let payload = position.flatMap(Self.frame)
    let code = HMAC<SHA256>.authenticationCode(for: parameters + [2] + payload, using: key)
    return Base64.encodeForURL(Array(code) + payload)
  }

  /// Returns the position that a token of this listing stands for, of `count` fields.
  ///
  /// - Throws: ``RepositoryError`` with `validation` for any other text.
  func position(_ token: String, count: Int) throws(RepositoryError) -> [String] {
    guard let bytes = Base64.decodeForURL(token), bytes.count >= Self.codeByteCount else {
      throw Self.refusal
    }
    let payload = bytes[Self.codeByteCount...]
    guard
      HMAC<SHA256>.isValidAuthenticationCode(
        Array(bytes[..<Self.codeByteCount]),
        authenticating: parameters + [2] + payload,
        using: key
      ),
      let fields = Self.fields(of: payload), fields.count == count
    else { throw Self.refusal }
    return fields
  }

  private static var refusal: RepositoryError {
    RepositoryError(
      .validation,
      "The next token is not one that this listing gave out with these parameters; "
        + "ask again without a token.",
      reason: .fieldValidationFailed
    )
  }

  private static func frame(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let count = UInt32(truncatingIfNeeded: bytes.count)
    return (0..<lengthByteCount).map { UInt8(truncatingIfNeeded: count >> UInt32($0 * 8)) } + bytes
  }

  private static func fields(of payload: ArraySlice<UInt8>) -> [String]? {
    var rest = payload
    var fields: [String] = []
    while !rest.isEmpty {
      guard rest.count >= lengthByteCount else { return nil }
      let count = rest.prefix(lengthByteCount).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(lengthByteCount)
      guard rest.count >= count, let text = String(validating: rest.prefix(count), as: UTF8.self)
      else { return nil }
      fields.append(text)
      rest = rest.dropFirst(count)
    }
    return fields
  }
}

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
///  +--------------------+--------------------------------------------+
///  | HMAC-SHA-256       | fields: for each, length (4 bytes) and text |
///  +--------------------+--------------------------------------------+
/// ```
///
/// The text is UTF-8, or packed scalars where that is shorter: then the length's highest bit is
/// set, and the rest counts scalars. So the token of the longest names has fewer than the 2000
/// characters that the API lets one have.
struct ListingScope {
  private static let codeByteCount = 32
  private static let lengthByteCount = 4
  private static let packedBit: UInt32 = 1 << 31

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
    let payload = position.flatMap(Self.field)
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
    return length(UInt32(truncatingIfNeeded: bytes.count)) + bytes
  }

  /// A text in the shorter of its two forms.
  private static func field(_ text: String) -> [UInt8] {
    let count = text.unicodeScalars.count
    guard PackedScalars.byteCount(of: count) < text.utf8.count else { return frame(text) }
    return length(UInt32(truncatingIfNeeded: count) | packedBit) + PackedScalars.pack(text)
  }

  private static func length(_ count: UInt32) -> [UInt8] {
    (0..<lengthByteCount).map { UInt8(truncatingIfNeeded: count >> UInt32($0 * 8)) }
  }

  private static func fields(of payload: ArraySlice<UInt8>) -> [String]? {
    var rest = payload
    var fields: [String] = []
    while !rest.isEmpty {
      guard rest.count >= lengthByteCount else { return nil }
      let length = rest.prefix(lengthByteCount).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      rest = rest.dropFirst(lengthByteCount)
      let isPacked = length & packedBit != 0
      let count = Int(length & ~packedBit)
      let byteCount = isPacked ? PackedScalars.byteCount(of: count) : count
      guard rest.count >= byteCount else { return nil }
      let bytes = rest.prefix(byteCount)
      let text =
        isPacked
        ? PackedScalars.unpack(bytes, count: count) : String(validating: bytes, as: UTF8.self)
      guard let text else { return nil }
      fields.append(text)
      rest = rest.dropFirst(byteCount)
    }
    return fields
  }
}

import Crypto

/// The key derived from a secret for one day, region and service.
///
/// Source: "Derive a signing key" and "Calculate the signature", as for ``CanonicalRequest``.
package struct SigningKey: Sendable {
  private let key: SymmetricKey

  /// Derives the key: four rounds of HMAC-SHA-256, about four microseconds.
  package init(secret: String, scope: CredentialScope) {
    var key = SymmetricKey(data: Array(("AWS4" + secret).utf8))
    for text in [scope.date, scope.region, scope.service, "aws4_request"] {
      key = SymmetricKey(data: Self.code(for: text, using: key))
    }
    self.key = key
  }

  /// Returns the 32 bytes of the signature of `stringToSign`.
  package func signature(of stringToSign: String) -> [UInt8] {
    Self.code(for: stringToSign, using: key)
  }

  private static func code(for text: String, using key: SymmetricKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
  }
}

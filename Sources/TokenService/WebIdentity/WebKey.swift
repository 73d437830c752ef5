import Bytes
import Crypto
import CryptoExtras
import FormatRules

/// A public key of an issuer (RFC 7517): a kind of key and with it the ways of signing it is for.
struct WebKey: Sendable {
  private enum Material {
    case curve(P256.Signing.PublicKey)
    case rsa(_RSA.Signing.PublicKey)
  }

  /// The shortest modulus that is believed, in bytes (RFC 7518 section 3.3).
  private static let leastModulusByteCount = 256

  let id: String?
  /// The one way of signing it is for, where the set says so.
  private let algorithm: String?
  private let material: Material

  /// Returns nil for a key that cannot sign in a way that is believed: of another kind, too short,
  /// for encryption, or with its private half.
  init?(_ value: JSONValue) {
    guard value["use"]?.string ?? "sig" == "sig", let material = Self.material(value) else {
      return nil
    }
    self.id = value["kid"]?.string
    self.algorithm = value["alg"]?.string
    self.material = material
  }

  private static func material(_ value: JSONValue) -> Material? {
    switch value["kty"]?.string {
    case "RSA":
      guard let modulus = bytes(value["n"]), let exponent = bytes(value["e"]),
        modulus.drop(while: { $0 == 0 }).count >= leastModulusByteCount
      else { return nil }
      return (try? _RSA.Signing.PublicKey(n: modulus, e: exponent)).map(Material.rsa)
    case "EC":
      guard value["crv"]?.string == "P-256", let x = bytes(value["x"]), let y = bytes(value["y"]),
        x.count == 32, y.count == 32
      else { return nil }
      let point = [0x04] + x + y
      return (try? P256.Signing.PublicKey(x963Representation: point)).map(Material.curve)
    default: return nil
    }
  }

  private static func bytes(_ value: JSONValue?) -> [UInt8]? {
    value?.string.flatMap { Base64.decodeForURL($0) }
  }

  /// Whether this key made the token's signature, in the way that the token says (RFC 7518 section
  /// 3).
  func signed(_ token: SignedToken) -> Bool {
    guard algorithm == nil || algorithm == token.algorithm.rawValue else { return false }
    switch (material, token.algorithm) {
    case (.curve(let key), .es256):
      guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: token.signature)
      else { return false }
      return key.isValidSignature(signature, for: token.signedBytes)
    case (.rsa(let key), .ps256): return Self.holds(token, key, .PSS)
    case (.rsa(let key), .rs256): return Self.holds(token, key, .insecurePKCS1v1_5)
    case (.curve, _), (.rsa, .es256): return false
    }
  }

  private static func holds(
    _ token: SignedToken,
    _ key: _RSA.Signing.PublicKey,
    _ padding: _RSA.Signing.Padding
  ) -> Bool {
    let signature = _RSA.Signing.RSASignature(rawRepresentation: token.signature)
    return key.isValidSignature(signature, for: token.signedBytes, padding: padding)
  }
}

extension WebKey {
  /// How many keys of a set are looked at.
  private static let setLimit = 100

  /// Reads a set of keys (RFC 7517 section 5), leaving out what it cannot use; nil for what is no
  /// set.
  static func set(_ bytes: [UInt8]) -> [WebKey]? {
    guard let keys = (try? JSONReader.read(bytes))?["keys"]?.array else { return nil }
    return keys.prefix(setLimit).compactMap(WebKey.init)
  }
}

import Bytes
import Crypto
import CryptoExtras
import Synchronization
import Testing

@testable import TokenService

/// An issuer of tokens with keys of its own, whose documents are served without a network.
final class TestIssuer: IssuerDocuments {
  static let address = "https://ci.example/org"

  struct State {
    var rsaName = "rsa-1"
    var rsa = TestIssuer.fresh()
    var isDown = false
    var visits: [String] = []
  }

  let curve = P256.Signing.PrivateKey()
  let state = Mutex(State())

  private static func fresh() -> _RSA.Signing.PrivateKey {
    do { return try _RSA.Signing.PrivateKey(keySize: .bits2048) } catch {
      preconditionFailure("no RSA key: \(error)")
    }
  }

  /// Signs with another key from now on, of another name.
  func rotate() {
    state.withLock { state in
      state.rsaName = "rsa-2"
      state.rsa = Self.fresh()
    }
  }

  var visits: [String] { state.withLock(\.visits) }

  var isDown: Bool {
    get { state.withLock(\.isDown) }
    set { state.withLock { $0.isDown = newValue } }
  }

  func document(at address: String) async throws -> [UInt8] {
    state.withLock { $0.visits.append(address) }
    if isDown { throw Down() }
    switch address {
    case Self.address + "/.well-known/openid-configuration":
      return Array(
        #"{"issuer":"\#(Self.address)","jwks_uri":"\#(Self.address)/keys"}"#.utf8
      )
    case Self.address + "/keys": return Array(try keySet.utf8)
    default: throw Down()
    }
  }

  struct Down: Error {}

  var keySet: String {
    get throws {
      let (name, rsa) = state.withLock { ($0.rsaName, $0.rsa) }
      let numbers = try rsa.publicKey.getKeyPrimitives()
      let point = Array(curve.publicKey.rawRepresentation)
      return """
        {"keys":[{"kty":"RSA","use":"sig","kid":"\(name)",
        "n":"\(Self.encoded(Array(numbers.modulus)))",
        "e":"\(Self.encoded(Array(numbers.publicExponent)))"},
        {"kty":"EC","crv":"P-256","kid":"ec-1","x":"\(Self.encoded(Array(point[..<32])))",
        "y":"\(Self.encoded(Array(point[32...])))"},
        {"kty":"oct","kid":"shared","k":"c2VjcmV0"}]}
        """
    }
  }

  /// A token with these claims, signed as the header says.
  func token(
    _ claims: String,
    algorithm: String = "RS256",
    keyName: String? = nil,
    header: String? = nil
  ) throws -> String {
    let (name, rsa) = state.withLock { ($0.rsaName, $0.rsa) }
    let kid = keyName ?? (algorithm == "ES256" ? "ec-1" : name)
    let header = header ?? #"{"alg":"\#(algorithm)","typ":"JWT","kid":"\#(kid)"}"#
    let text = Self.encoded(Array(header.utf8)) + "." + Self.encoded(Array(claims.utf8))
    let bytes = Array(text.utf8)
    let signature: [UInt8] =
      switch algorithm {
      case "RS256":
        Array(try rsa.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
      case "PS256": Array(try rsa.signature(for: bytes, padding: .PSS).rawRepresentation)
      case "ES256": Array(try curve.signature(for: bytes).rawRepresentation)
      case "HS256":
        Array(
          HMAC<SHA256>.authenticationCode(
            for: bytes,
            using: SymmetricKey(data: Array(rsa.publicKey.pemRepresentation.utf8))
          )
        )
      default: []
      }
    return text + "." + Self.encoded(signature)
  }

  static func encoded(_ bytes: [UInt8]) -> String { Base64.encodeForURL(bytes) }

  /// What a CI job's token says.
  static func claims(
    at now: Int64,
    _ changes: [String: String?] = [:]
  ) -> String {
    var claims: [String: String?] = [
      "iss": "\"\(address)\"", "aud": "\"larder\"", "sub": "\"repo:acme/app:ref:main\"",
      "iat": "\(now)", "nbf": "\(now)", "exp": "\(now + 300)",
    ]
    claims.merge(changes) { $1 }
    let members = claims.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
    return "{\(members.sorted().joined(separator: ","))}"
  }
}

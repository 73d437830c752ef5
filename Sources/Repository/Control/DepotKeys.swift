internal import Access
internal import Bytes
internal import Crypto

/// The keys that are made from the one master key, each for one purpose.
struct DepotKeys: Sendable {
  /// Seals the secrets of access keys.
  let sealer: SecretSealer
  /// Seals what temporary credentials are bound to.
  let sessions: SecretSealer
  /// Authenticates paging tokens.
  let paging: SymmetricKey
  private let sessionSecrets: SymmetricKey

  init(masterKey: [UInt8]) throws(RepositoryError) {
    let master = SymmetricKey(data: masterKey)
    let sealing = Self.derive("larder access-key secrets, version 1", from: master)
    let sessions = SecretSealer(key: Self.derive("larder session tokens, version 1", from: master))
    guard masterKey.count == SecretSealer.keyByteCount, let sealer = SecretSealer(key: sealing),
      let sessions
    else {
      throw RepositoryError(
        .internalFailure,
        "The master key has \(masterKey.count) bytes instead of \(SecretSealer.keyByteCount); "
          + "restore the file that holds it."
      )
    }
    self.sealer = sealer
    self.sessions = sessions
    self.sessionSecrets = SymmetricKey(
      data: Self.derive("larder session secrets, version 1", from: master)
    )
    self.paging = SymmetricKey(
      data: Self.derive("larder paging tokens, version 1", from: master)
    )
  }

  /// The secret of a temporary access key: made of its name, so that it need be kept nowhere.
  func sessionSecret(of keyID: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array(keyID.utf8), using: sessionSecrets)
    return Base64.encode(Array(code.prefix(30)))
  }

  /// HMAC (RFC 2104) with SHA-256 as a pseudo-random function of the purpose (NIST SP 800-108): one
  /// block is all that is needed.
  private static func derive(_ purpose: String, from master: SymmetricKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: master))
  }
}

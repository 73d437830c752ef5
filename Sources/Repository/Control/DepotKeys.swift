internal import Access
internal import Crypto

/// The keys that are made from the one master key, each for one purpose.
struct DepotKeys: Sendable {
  /// Seals the secrets of access keys.
  let sealer: SecretSealer
  /// Authenticates paging tokens.
  let paging: SymmetricKey

  init(masterKey: [UInt8]) throws(RepositoryError) {
    let master = SymmetricKey(data: masterKey)
    let sealing = Self.derive("larder access-key secrets, version 1", from: master)
    guard masterKey.count == SecretSealer.keyByteCount, let sealer = SecretSealer(key: sealing)
    else {
      throw RepositoryError(
        .internalFailure,
        "The master key has \(masterKey.count) bytes instead of \(SecretSealer.keyByteCount); "
          + "restore the file that holds it."
      )
    }
    self.sealer = sealer
    self.paging = SymmetricKey(
      data: Self.derive("larder paging tokens, version 1", from: master)
    )
  }

  /// HMAC (RFC 2104) with SHA-256 as a pseudo-random function of the purpose (NIST SP 800-108): one
  /// block is all that is needed.
  private static func derive(_ purpose: String, from master: SymmetricKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: master))
  }
}

internal import Access
internal import Bytes
internal import Crypto

/// A master key that this machine holds: 32 bytes out of a file or the environment.
///
/// It makes a wrapping key for each name that a domain's encryption key has: a domain's key is
/// bound to the name that it was made with.
package struct LocalMasterKey: MasterKeyProvider {
  /// The size of a master key, in bytes.
  package static let byteCount = 32
  private static let scheme = "local:"

  /// Names the key without giving it away: `local:` and sixteen digits.
  package let id: String
  private let master: SymmetricKey

  /// Takes a key of ``byteCount`` random bytes; nil for any other count.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    master = SymmetricKey(data: bytes)
    let name = Self.code("larder master key, name, version 1", master)
    id = Self.scheme + Hexadecimal.encode(name.prefix(8))
  }

  package func hasKey(named name: String) -> Bool { name == id }

  package func wrap(
    _ dataKey: [UInt8],
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> WrappedKey {
    do {
      let sealed = try sealer(name).seal(
        Hexadecimal.encode(dataKey),
        nonce: RandomBytes.make(SecretSealer.nonceByteCount),
        context: context
      )
      return WrappedKey(master: id, bytes: sealed)
    } catch let error as MasterKeyFailure {
      throw error
    } catch {
      throw MasterKeyFailure(.refused, "The data key could not be wrapped: \(error).")
    }
  }

  package func unwrap(
    _ wrapped: WrappedKey,
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> [UInt8] {
    guard let text = try? sealer(name).open(wrapped.bytes, context: context),
      let bytes = Hexadecimal.decode(text)
    else {
      throw MasterKeyFailure(
        .damaged,
        "A data key does not open with master key \(id) for \(context) under \(name)."
      )
    }
    return bytes
  }

  private func sealer(_ name: String) throws(MasterKeyFailure) -> SecretSealer {
    let code = Self.code("larder domain keys, version 1, \(name)", master)
    guard let sealer = SecretSealer(key: code) else {
      throw MasterKeyFailure(.refused, "A wrapping key has another size than it should.")
    }
    return sealer
  }

  private static func code(_ purpose: String, _ key: SymmetricKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: key))
  }
}

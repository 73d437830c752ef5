package import Bytes
import Codec
import Synchronization

/// The secret of a scope: what its blobs are named, encrypted and found with.
///
/// Whoever makes a key keeps it, wrapped by another one; a store keeps none. Here live only the
/// keys derived from it, and their memory is wiped when the last reference goes, or by
/// ``forget()``. Nothing prints them.
///
/// May be used from any task, and with several stores: what is sealed in one opens in no other.
public final class DataKey: Sendable {
  /// The size of a key, in bytes.
  public static let byteCount = SecretKey.byteCount

  /// Names the key.
  public let id: KeyID

  private let secrets: Mutex<ScopeSecrets?>

  /// Takes a key; nil for any other number of bytes than ``byteCount``.
  ///
  /// - Parameter bytes: ``byteCount`` bytes that nobody can guess. The caller wipes its own copy.
  public init?(_ bytes: [UInt8]) {
    guard let key = SecretKey(bytes) else { return nil }
    let secrets = ScopeSecrets(key)
    self.id = secrets.id
    self.secrets = Mutex(secrets)
  }

  /// Wipes the key: from now on every use of it throws ``EngineError/keyUnavailable(_:)``.
  ///
  /// What was sealed with it cannot be read any more, by anyone who has no other copy of the key.
  public func forget() {
    secrets.withLock { $0 = nil }
  }

  /// The keys that this one gives.
  ///
  /// - Throws: ``EngineError/keyUnavailable(_:)`` after ``forget()``.
  package func opened() throws(EngineError) -> ScopeSecrets {
    guard let secrets = secrets.withLock({ $0 }) else { throw .keyUnavailable(id) }
    return secrets
  }
}

extension DataKey {
  /// Returns what a store calls a blob that is sealed with the key, without a store.
  ///
  /// - Throws: ``EngineError/keyUnavailable(_:)`` after ``forget()``.
  package func name(of digest: SHA256Digest) throws(EngineError) -> SHA256Digest {
    try opened().name(of: digest)
  }
}

extension DataKey: CustomStringConvertible, CustomReflectable {
  /// Says which key it is, and not the key.
  public var description: String { "data key \(id)" }

  /// Shows the key's name alone to those who look inside.
  public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}

/// What a data key is used for, a key for each purpose.
package struct ScopeSecrets: Sendable {
  package let id: KeyID
  /// Makes the names of blobs.
  let naming: SecretKey
  /// Makes the keys of records.
  let sealing: SecretKey
  /// Keeps the scope's hints apart from those of others.
  let probing: SHA256Digest

  fileprivate init(_ key: SecretKey) {
    let name = key.derived(for: "larder data key, name, version 1").authentication(of: [])
    id = KeyID(
      value: UInt128(name.words.0.byteSwapped) | UInt128(name.words.1.byteSwapped) << 64
    )
    naming = key.derived(for: "larder data key, names of blobs, version 1")
    sealing = key.derived(for: "larder data key, records, version 1")
    probing = key.derived(for: "larder data key, hints, version 1").authentication(of: [])
  }

  /// Returns what the engine calls a blob of the scope: HMAC-SHA-256 of its SHA-256.
  func name(of digest: SHA256Digest) -> SHA256Digest {
    var bytes = FieldWriter(reserving: SHA256Digest.byteCount)
    bytes.append(digest)
    return naming.authentication(of: bytes.bytes)
  }
}

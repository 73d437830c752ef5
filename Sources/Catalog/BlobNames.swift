package import Bytes
internal import Synchronization

/// What the store calls a blob of a domain.
package enum StoredBlobName: Hashable, Sendable {
  /// As its bytes hash.
  case digest
  /// Something else: the domain's blobs are sealed.
  case other(SHA256Digest)
  /// The domain's key is not at hand, and nobody can tell without it.
  case unknown
}

/// Tells transactions what the store calls the blobs that they name, so that who has a blob of the
/// store in hand finds the rows that name it.
final class BlobNames: Sendable {
  typealias Rule = @Sendable (DomainID, SHA256Digest) -> StoredBlobName

  /// Keeps the rule as it is.
  ///
  /// A function that a `Mutex` holds by itself is wrapped anew whenever it is lent out, and put
  /// back like that, so that each look makes the next one longer.
  private struct State {
    var rule: Rule
  }

  private let state = Mutex(State { _, _ in .unknown })

  func set(_ rule: @escaping Rule) {
    state.withLock { $0.rule = rule }
  }

  func name(of blob: SHA256Digest, in domain: DomainID) -> StoredBlobName {
    let rule = state.withLock { $0.rule }
    return rule(domain, blob)
  }
}

/// Wraps and unwraps the data keys of domains with master keys that it never gives out.
///
/// A data key is 32 bytes. Whoever holds the wrapped form and not the master key has nothing.
package protocol MasterKeyProvider: Sendable {
  /// Whether this provider has the master key that goes by a name: what ``WrappedKey/master`` says,
  /// and of a key with a full name (ARN) that too.
  func hasKey(named name: String) -> Bool

  /// Wraps a data key.
  ///
  /// - Parameters:
  ///   - dataKey: the key.
  ///   - name: the full name of the domain's encryption key.
  ///   - context: what the key belongs to: it unwraps with the same context only.
  /// - Returns: what is kept of it.
  /// - Throws: ``MasterKeyFailure``.
  func wrap(
    _ dataKey: [UInt8],
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> WrappedKey

  /// Unwraps what ``wrap(_:with:context:)`` wrapped.
  ///
  /// - Throws: ``MasterKeyFailure``.
  func unwrap(
    _ wrapped: WrappedKey,
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> [UInt8]
}

/// A data key as a master key has wrapped it.
package struct WrappedKey: Hashable, Sendable {
  /// Names the master key to its provider.
  package let master: String
  package let bytes: [UInt8]

  package init(master: String, bytes: [UInt8]) {
    self.master = master
    self.bytes = bytes
  }
}

/// Why a data key could not be wrapped or unwrapped.
package struct MasterKeyFailure: Error, Hashable {
  /// What is to be done about it.
  package enum Kind: Hashable, Sendable {
    /// The provider refuses: no such key, or not for this caller.
    case refused
    /// The provider cannot be reached; it may be different in a while.
    case unavailable
    /// The wrapped key is not what this master key wrapped, for this domain.
    case damaged
  }

  package let kind: Kind
  /// What happened, for the operator.
  package let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

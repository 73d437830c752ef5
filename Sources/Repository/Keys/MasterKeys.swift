/// All master keys that a depot can ask, in order.
///
/// New data keys are wrapped by the one that is named as the domain's encryption key, or else by
/// the first; older ones are unwrapped by whichever wrapped them.
package struct MasterKeys: Sendable {
  private let providers: [any MasterKeyProvider]

  /// - Parameter providers: the first wraps where no other is named.
  package init(_ providers: [any MasterKeyProvider]) {
    self.providers = providers
  }

  /// Whether there is none, so that domains have no keys.
  var isEmpty: Bool { providers.isEmpty }

  func wrap(
    _ dataKey: [UInt8],
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> WrappedKey {
    guard let provider = providers.first(where: { $0.hasKey(named: name) }) ?? providers.first
    else { throw MasterKeyFailure(.refused, "There is no master key.") }
    return try await provider.wrap(dataKey, with: name, context: context)
  }

  func unwrap(
    _ wrapped: WrappedKey,
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> [UInt8] {
    guard let provider = providers.first(where: { $0.hasKey(named: wrapped.master) }) else {
      throw MasterKeyFailure(
        .refused,
        "The key of \(context) is wrapped by master key \(wrapped.master), which this server does "
          + "not have; start it with that key."
      )
    }
    return try await provider.unwrap(wrapped, with: name, context: context)
  }
}

internal import Access
internal import Bytes
internal import Catalog
internal import Synchronization

/// What is known of keys, tokens and identities that were used lately, so that a request by a known
/// caller asks no database.
///
/// What is learnt from the database may be outdated by the time it is put here. So a reader takes
/// the generation first, and what it read is kept only while nothing was forgotten since.
final class CredentialCache: Sendable {
  private struct State {
    var tokens: TwoGenerationCache<SHA256Digest, TokenHolder>
    var keys: TwoGenerationCache<String, RequestSignerIdentity>
    var policies: TwoGenerationCache<Int64, [PolicyDocument]>
    var uses: TwoGenerationCache<String, Timestamp>
    var generation: UInt64 = 0
    /// How often something changed that decides what somebody may do.
    var identityGeneration: UInt64 = 0
  }

  /// How many tokens and how many keys are remembered, about half a kilobyte each.
  private static let capacity = 16_384

  private let state: Mutex<State>

  init(capacity: Int = CredentialCache.capacity) {
    self.state = Mutex(
      State(
        tokens: TwoGenerationCache(budget: capacity),
        keys: TwoGenerationCache(budget: capacity),
        policies: TwoGenerationCache(budget: capacity),
        uses: TwoGenerationCache(budget: capacity)
      )
    )
  }

  var generation: UInt64 { state.withLock(\.generation) }

  /// What decisions are good for: the end of one token changes nobody's rights.
  var identityGeneration: UInt64 { state.withLock(\.identityGeneration) }

  func token(_ digest: SHA256Digest) -> TokenHolder? {
    state.withLock { $0.tokens.value(for: digest) }
  }

  func key(_ id: String) -> RequestSignerIdentity? {
    state.withLock { $0.keys.value(for: id) }
  }

  func remember(_ holder: TokenHolder, for digest: SHA256Digest, since generation: UInt64) {
    state.withLock { state in
      guard state.generation == generation else { return }
      state.tokens.insert(holder, for: digest, cost: 1)
    }
  }

  func remember(_ identity: RequestSignerIdentity, since generation: UInt64) {
    state.withLock { state in
      guard state.generation == generation else { return }
      state.keys.insert(identity, for: identity.key.id, cost: 1)
    }
  }

  func forgetToken(_ digest: SHA256Digest) {
    state.withLock { state in
      state.tokens.remove(digest)
      state.generation += 1
    }
  }

  func forgetAll() {
    state.withLock { state in
      state.tokens = TwoGenerationCache(budget: Self.capacity)
      state.keys = TwoGenerationCache(budget: Self.capacity)
      state.policies = TwoGenerationCache(budget: Self.capacity)
      state.generation += 1
      state.identityGeneration += 1
    }
  }

  /// What a user or role may do.
  func policies(of identity: Int64) -> [PolicyDocument]? {
    state.withLock { $0.policies.value(for: identity) }
  }

  func remember(_ policies: [PolicyDocument], of identity: Int64, since generation: UInt64) {
    state.withLock { state in
      guard state.generation == generation else { return }
      state.policies.insert(policies, for: identity, cost: 1)
    }
  }

  /// Whether a use of a key is to be written down; if so, it is taken to be.
  func shouldNoteUse(of key: String, at time: Timestamp, every pause: Duration) -> Bool {
    state.withLock { state in
      if let noted = state.uses.value(for: key), noted + pause > time { return false }
      state.uses.insert(time, for: key, cost: 1)
      return true
    }
  }
}

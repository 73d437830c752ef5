package import Bytes
internal import Catalog
internal import Synchronization

/// Holds callers to the rates they have.
///
/// Remembers a bounded number of callers: one that is forgotten begins with a full bucket, as it
/// would after a pause.
package final class Throttle: Sendable {
  private struct Key: Hashable, Sendable {
    let scope: ThrottleRules.Scope
    let caller: String
  }

  /// How many buckets are remembered, about 150 bytes each.
  private static let capacity = 65_536

  private let rules: ThrottleRules
  private let clock: any DepotClock
  private let buckets: Mutex<TwoGenerationCache<Key, TokenBucket>>

  /// Makes a throttle; nil where there is nothing to hold anybody to.
  init?(_ rules: ThrottleRules, clock: any DepotClock, capacity: Int = Throttle.capacity) {
    guard !rules.rates.isEmpty else { return nil }
    self.rules = rules
    self.clock = clock
    self.buckets = Mutex(TwoGenerationCache(budget: capacity))
  }

  /// Returns when a call of an account may go on.
  ///
  /// - Throws: `throttled`, with how long to wait.
  package func admit(
    account: String,
    event: String,
    isReadOnly: Bool
  ) throws(RepositoryError) {
    try take(isReadOnly ? .reads : .writes, account, "account \(account)")
    try take(.event(event), account, "\(event) of account \(account)")
  }

  /// Returns when a request with a token may go on.
  ///
  /// - Throws: `throttled`, with how long to wait.
  package func admit(tokenDigest digest: SHA256Digest) throws(RepositoryError) {
    guard rules.rates[.token] != nil else { return }
    try take(.token, digest.hexadecimal, "one token")
  }

  /// Returns when a request without a token may go on.
  ///
  /// - Throws: `throttled`, with how long to wait.
  package func admit(address: String) throws(RepositoryError) {
    try take(.address, address, "requests without a token from \(address)")
  }

  private func take(
    _ scope: ThrottleRules.Scope,
    _ caller: String,
    _ what: String
  ) throws(RepositoryError) {
    guard let rate = rules.rates[scope] else { return }
    let (key, now) = (Key(scope: scope, caller: caller), clock.now())
    let wait = buckets.withLock { buckets in
      var bucket = buckets.value(for: key) ?? TokenBucket()
      let wait = bucket.take(at: now, rate)
      buckets.insert(bucket, for: key, cost: 1)
      return wait
    }
    guard let wait else { return }
    throw RepositoryError(
      .throttled,
      "Rate exceeded: \(what) may have \(Self.text(rate.perSecond)) requests a second.",
      retryAfter: wait
    )
  }

  private static func text(_ rate: Double) -> String {
    rate == rate.rounded() && rate < 1e15 ? String(Int(rate)) : String(rate)
  }
}

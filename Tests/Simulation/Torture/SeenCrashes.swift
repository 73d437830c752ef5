/// The states after crashes that were opened already, so that none is opened twice.
///
/// Neighbouring effects leave mostly the same states, and so do workloads that begin alike: of the
/// states of the short workloads most are not new. A class, since all workloads share it.
final class SeenCrashes {
  /// What decides how a store opens, and what it may hold then.
  private struct Identity: Hashable {
    let medium: UInt64
    let expectations: [BlobRecipe: Ledger.Expectation]
  }

  private var identities: Set<Identity> = []

  /// Notes a state.
  ///
  /// - Returns: whether it is the first of its kind.
  func insert(_ medium: SimulatedMedium, _ ledger: Ledger) -> Bool {
    let expectations = ledger.recipes.map { ($0, ledger.expectationAfterCrash(of: $0)) }
    let identity = Identity(
      medium: medium.fingerprint(),
      expectations: Dictionary(uniqueKeysWithValues: expectations)
    )
    return identities.insert(identity).inserted
  }
}

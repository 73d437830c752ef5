/// Which domain a call means.
struct DomainPath: Hashable, Sendable {
  /// The twelve digits of the account that owns the domain.
  let owner: String
  let domain: String
}

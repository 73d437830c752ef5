import Access
import Exchange
import FormatRules

/// What the address of a call names, before anybody knows whether its caller may say so: for the
/// records of calls that are refused early.
struct TrailTarget: Sendable {
  /// The domain, repository or tagged resource; nil for calls about whole accounts.
  ///
  /// Its account is empty where neither the call nor its signature says which.
  let resource: ARN?
  /// The account that owns it, where the call says so.
  let owner: String?
  /// The call's parameters, as far as its address has them.
  let parameters: [UInt8]

  init(_ target: Target, region: String, account: String? = nil) {
    let query = Dictionary((target.query ?? []).map { ($0.name, $0.value) }) { first, _ in first }
    let owner = query["domain-owner"] ?? account
    let named = query["resourceArn"].flatMap { ARN($0) }
    self.owner = named?.account ?? owner
    self.resource = named ?? Self.resource(query, owner: owner ?? "", region)
    self.parameters = OperationInput.auditParameters(of: query)
  }

  private static func resource(_ query: [String: String], owner: String, _ region: String) -> ARN? {
    guard let domain = query["domain"] else { return nil }
    let repository = query["repository"] ?? query["destination-repository"]
    return repository.map { .repository($0, domain: domain, owner: owner, region: region) }
      ?? .domain(domain, owner: owner, region: region)
  }
}

/// An Amazon Resource Name: `arn:{partition}:{service}:{region}:{account}:{resource}`.
///
/// Two names mean the same resource exactly when they are the same text; `:` and `/` inside the
/// resource are not interchangeable.
package struct ARN: Hashable, Sendable {
  package let partition: String
  package let service: String
  /// Empty for services without regions, such as `iam`.
  package let region: String
  /// The account that owns the resource; for everything inside a domain, the domain's owner.
  package let account: String
  /// All that follows the fifth colon, colons included.
  package let resource: String

  package init(
    partition: String = "aws",
    service: String = "codeartifact",
    region: String,
    account: String,
    resource: String
  ) {
    self.partition = partition
    self.service = service
    self.region = region
    self.account = account
    self.resource = resource
  }

  /// Reads a name, or returns nil when it is not one: six parts, the first of them `arn`, with a
  /// partition, a service and a resource.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, !parts[2].isEmpty,
      !parts[5].isEmpty
    else { return nil }
    self.init(
      partition: String(parts[1]),
      service: String(parts[2]),
      region: String(parts[3]),
      account: String(parts[4]),
      resource: String(parts[5])
    )
  }
}

extension ARN: CustomStringConvertible {
  package var description: String {
    "arn:\(partition):\(service):\(region):\(account):\(resource)"
  }
}

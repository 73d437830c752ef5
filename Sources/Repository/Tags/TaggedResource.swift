internal import Access
package import Catalog

/// What a resource name in a call about tags names: a domain, a repository or a package group.
package struct TaggedResource: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case domain
    case repository(String)
    case packageGroup(PackageGroupPattern)
  }

  package let owner: String
  package let domain: String
  package let kind: Kind

  /// Reads a resource name of this server.
  ///
  /// - Throws: ``RepositoryError`` with `validation` for one that is malformed, of another
  ///   partition, service or region, or of something that carries no tags.
  package init(_ text: String, region: String) throws(RepositoryError) {
    guard let arn = ARN(text) else { throw Self.refusal(text, "It is no ARN.") }
    guard arn.partition == "aws", arn.service == "codeartifact" else {
      throw Self.refusal(text, "Its partition and service must be 'aws' and 'codeartifact'.")
    }
    guard arn.region == region else {
      throw Self.refusal(text, "Its region must be '\(region)', where this server is.")
    }
    guard arn.account.utf8.count == 12, arn.account.utf8.allSatisfy({ (48...57).contains($0) })
    else { throw Self.refusal(text, "Its account must have twelve digits.") }
    let parts = arn.resource.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
      .map(String.init)
    guard let word = parts.first, parts.count > 1, !parts[1].isEmpty else {
      throw Self.refusal(text, "It names no resource.")
    }
    owner = arn.account
    domain = parts[1]
    switch (word, parts.count) {
    case ("domain", 2): kind = .domain
    case ("repository", 3) where !parts[2].isEmpty && !parts[2].contains("/"):
      kind = .repository(parts[2])
    case ("package-group", 3):
      guard let pattern = Self.pattern(encoded: "/" + parts[2]) else {
        throw Self.refusal(text, "It names no pattern of a package group.")
      }
      kind = .packageGroup(pattern)
    default:
      throw Self.refusal(text, "Domains, repositories and package groups have tags, nothing else.")
    }
  }

  /// What errors call it.
  var name: String {
    switch kind {
    case .domain: domain
    case .repository(let name): name
    case .packageGroup(let pattern): pattern.text
    }
  }

  /// What errors say it is; the model has no word for package groups.
  var type: RepositoryError.ResourceType? {
    switch kind {
    case .domain: .domain
    case .repository: .repository
    case .packageGroup: nil
    }
  }

  /// Undoes ``Access/ARN/packageGroup(pattern:domain:owner:region:)``, strictly.
  private static func pattern(encoded: String) -> PackageGroupPattern? {
    let plain = encoded.replacing("%2a", with: "*").replacing("%24", with: "$")
      .replacing("%25", with: "%")
    guard let pattern = try? PackageGroupPattern(reading: plain) else { return nil }
    let again = ARN.packageGroup(pattern: pattern.text, domain: "", owner: "", region: "")
    return again.resource.utf8.elementsEqual("package-group/\(encoded)".utf8) ? pattern : nil
  }

  private static func refusal(_ text: String, _ reason: String) -> RepositoryError {
    RepositoryError(
      .validation,
      "'\(text)' is no name of a resource that has tags here. \(reason)",
      reason: .fieldValidationFailed
    )
  }
}

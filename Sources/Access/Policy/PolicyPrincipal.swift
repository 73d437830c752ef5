/// Whom a resource policy speaks of: one value of `Principal`.
///
/// Source: IAM user guide, "AWS JSON policy elements: Principal".
package enum PolicyPrincipal: Hashable, Sendable {
  /// `*`: everyone, and who says nothing of himself too.
  case everyone
  /// An account's number or its `root`: every principal of the account.
  case account(String)
  /// A user, a role or one session of a role, by its full name.
  case named(String)
  /// A service of AWS; nobody here is one.
  case service(String)
  /// Somebody an identity provider vouches for, by the provider's name.
  case federated(String)
  /// An S3 account identifier; nobody here has one.
  case canonicalUser(String)
}

extension PolicyPrincipal {
  /// Reads a value under `"AWS"`; nil for what names nobody.
  ///
  /// There are no wildcards in principals but the lone `*`.
  init?(aws text: String) {
    if text == "*" {
      self = .everyone
    } else if Self.isAccount(text[...]) {
      self = .account(text)
    } else if let arn = ARN(text), let principal = PolicyPrincipal(arn) {
      self = principal
    } else {
      return nil
    }
  }

  private init?(_ arn: ARN) {
    let text = arn.description
    guard arn.region.isEmpty, Self.isAccount(arn.account[...]),
      !text.utf8.contains(UInt8(ascii: "*")), !text.utf8.contains(UInt8(ascii: "?"))
    else { return nil }
    let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false)
    let isWhole = parts.count >= 2 && parts.allSatisfy { !$0.isEmpty }
    switch (arn.service, parts[0]) {
    case ("iam", "root") where parts.count == 1: self = .account(arn.account)
    case ("iam", "user") where isWhole, ("iam", "role") where isWhole: self = .named(text)
    case ("sts", "assumed-role") where isWhole && parts.count == 3: self = .named(text)
    case ("sts", "federated-user") where isWhole && parts.count == 2: self = .named(text)
    default: return nil
    }
  }

  private static func isAccount(_ text: Substring) -> Bool {
    text.utf8.count == 12 && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// Whether the principal is meant.
  func includes(_ principal: Principal) -> Bool {
    switch self {
    case .everyone: true
    case .account(let account): !principal.isAnonymous && principal.account == account
    case .named(let name): principal.names.contains(name)
    case .federated(let provider): principal.provider == provider
    case .service, .canonicalUser: false
    }
  }
}

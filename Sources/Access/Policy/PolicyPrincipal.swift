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
    case .account(let account): principal.isOfAccount && principal.account == account
    case .named(let name): name == principal.arn || name == principal.identityARN
    case .federated: isProvider(of: principal)
    case .service, .canonicalUser: false
    }
  }

  /// Whether the principal is on its way to a role by leave of the provider that is meant; who has
  /// the role then is meant by the role.
  func isProvider(of principal: Principal) -> Bool {
    guard case .federated(let provider) = self, principal.kind == .webIdentity else { return false }
    return principal.provider == provider
  }

  /// Whether one user, role or session of an account is meant.
  func isNamed(in account: String) -> Bool {
    guard case .named(let name) = self else { return false }
    return ARN(name)?.account == account
  }

  /// Whether one session of the role of this name is meant.
  func isSession(of role: String) -> Bool {
    guard case .named(let name) = self, let session = ARN(name), let role = ARN(role),
      session.service == "sts", session.account == role.account
    else { return false }
    let parts = session.resource.split(separator: "/")
    let ofRole = role.resource.split(separator: "/")
    return parts.first == "assumed-role" && ofRole.first == "role" && parts.count == 3
      && parts[1] == ofRole.last
  }
}

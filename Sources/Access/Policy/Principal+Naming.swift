/// What a policy can know of a principal.
extension Principal {
  package var isAnonymous: Bool { kind == .anonymous }

  /// Whether the principal is a member of its account: not who says nothing of himself, and not
  /// whom a provider vouches for before a role of the account was given to it.
  var isOfAccount: Bool { kind != .anonymous && kind != .webIdentity }

  /// `aws:username`: the name of a user; nil for anyone else.
  var userName: String? {
    guard kind == .user, let name = ARN(identityARN), name.resource.hasPrefix("user/") else {
      return nil
    }
    return name.resource.split(separator: "/").last.map(String.init)
  }

  /// `aws:PrincipalType`: the word for its kind.
  var typeName: String {
    switch kind {
    case .anonymous: "Anonymous"
    case .assumedRole: "AssumedRole"
    case .root: "Account"
    case .user: "User"
    case .webIdentity: "FederatedUser"
    }
  }

  /// The provider that vouches for the principal, where one does.
  var provider: String? { session?.federatedProvider }
}

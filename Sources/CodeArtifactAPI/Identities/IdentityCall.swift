/// Calls of this server's own that manage who there is and what each may do: the part of IAM that
/// an installation needs, without IAM's API.
///
/// Each is a `POST` to `/v1/larder/iam/{name}` with a JSON object, signed as the service's calls
/// are. The caller needs the matching action of IAM in an identity policy, which administrators
/// have. An administrator of the first account manages all accounts of the installation; everyone
/// else only the own account.
enum IdentityCall: String, CaseIterable, Sendable {
  case createAccount = "create-account"
  case createKey = "create-key"
  case createProvider = "create-oidc-provider"
  case createRole = "create-role"
  case createUser = "create-user"
  case deleteKey = "delete-key"
  case deletePolicy = "delete-policy"
  case deleteProvider = "delete-oidc-provider"
  case deleteRole = "delete-role"
  case deleteUser = "delete-user"
  case getPolicy = "get-policy"
  case getRole = "get-role"
  case listAccounts = "list-accounts"
  case listKeys = "list-keys"
  case listPolicies = "list-policies"
  case listProviders = "list-oidc-providers"
  case listRoles = "list-roles"
  case listTokens = "list-tokens"
  case listUsers = "list-users"
  case putPolicy = "put-policy"
  case revokeTokens = "revoke-tokens"
  case setKeyStatus = "set-key-status"
  case setTrustPolicy = "set-trust-policy"
  case whoAmI = "whoami"

  private static let root = "/v1/larder/iam/"

  init?(method: String, path: String) {
    guard method == "POST", path.hasPrefix(Self.root) else { return nil }
    self.init(rawValue: String(path.dropFirst(Self.root.count)))
  }

  /// What the caller must be allowed, in IAM's words where it has them; nil for what all may do.
  ///
  /// Some actions have one name for users and another for roles.
  func action(isRole: Bool) -> String? {
    let kind = isRole ? "Role" : "User"
    let name: String? =
      switch self {
      case .createAccount: "CreateAccount"
      case .createKey: "CreateAccessKey"
      case .createProvider: "CreateOpenIDConnectProvider"
      case .createRole: "CreateRole"
      case .createUser: "CreateUser"
      case .deleteKey: "DeleteAccessKey"
      case .deletePolicy: "Delete\(kind)Policy"
      case .deleteProvider: "DeleteOpenIDConnectProvider"
      case .deleteRole: "DeleteRole"
      case .deleteUser: "DeleteUser"
      case .getPolicy: "Get\(kind)Policy"
      case .getRole: "GetRole"
      case .listAccounts: "ListAccounts"
      case .listKeys: "ListAccessKeys"
      case .listPolicies: "List\(kind)Policies"
      case .listProviders: "ListOpenIDConnectProviders"
      case .listRoles: "ListRoles"
      case .listTokens: "ListTokens"
      case .listUsers: "ListUsers"
      case .putPolicy: "Put\(kind)Policy"
      case .revokeTokens: "RevokeTokens"
      case .setKeyStatus: "UpdateAccessKey"
      case .setTrustPolicy: "UpdateAssumeRolePolicy"
      case .whoAmI: nil
      }
    return name.map { "iam:" + $0 }
  }
}

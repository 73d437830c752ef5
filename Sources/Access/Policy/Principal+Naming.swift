/// What a policy can know of a principal.
extension Principal {
  /// Who asks without saying who.
  package static let anonymous = Principal(account: "", arn: "anonymous", isAdministrator: false)

  package var isAnonymous: Bool { account.isEmpty }

  /// Every full name by which a policy may mean the principal: a session is meant by its role too.
  var names: [String] {
    guard let role = roleName else { return [arn] }
    return [arn, "arn:\(role.partition):iam::\(account):role/\(role.name)"]
  }

  /// The name of a user; nil for anyone else.
  var userName: String? {
    guard let name = ARN(arn), name.service == "iam", name.resource.hasPrefix("user/") else {
      return nil
    }
    return name.resource.split(separator: "/").last.map(String.init)
  }

  /// `aws:userid`
  var userID: String { isAnonymous ? "anonymous" : arn }

  /// `aws:PrincipalType`
  var typeName: String {
    if isAnonymous { return "Anonymous" }
    if roleName != nil { return "AssumedRole" }
    return userName == nil ? "Account" : "User"
  }

  /// `aws:PrincipalTag/…`
  var policyTags: [String: String] { [:] }

  /// The provider that vouched for the principal, where one did.
  var provider: String? { nil }

  private var roleName: (partition: String, name: Substring)? {
    guard let name = ARN(arn), name.service == "sts",
      name.resource.hasPrefix("assumed-role/")
    else { return nil }
    let parts = name.resource.split(separator: "/")
    return parts.count == 3 ? (name.partition, parts[1]) : nil
  }
}

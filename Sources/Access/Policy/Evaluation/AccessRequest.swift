/// A question to policies: whether this principal may do this to that, in these circumstances.
package struct AccessRequest: Sendable {
  package let principal: Principal
  /// The action with its service, such as `codeartifact:ReadFromRepository`.
  package let action: String
  /// The names under which a policy may mean the resource; `*` alone for what concerns no resource.
  ///
  /// Most actions have one. Making a repository is allowed by its own name or by its domain's.
  package let resources: [String]
  package var context: AccessContext
  let lowercasedAction: [UInt8]
  /// ``resources``, taken apart once for all statements.
  let resourceParts: [[[UInt8]]]

  package init(
    principal: Principal,
    action: String,
    resources: [String],
    context: AccessContext = AccessContext()
  ) {
    self.principal = principal
    self.action = action
    self.resources = resources.isEmpty ? ["*"] : resources
    self.context = context
    self.lowercasedAction = action.utf8.map(\.lowercasedASCII)
    self.resourceParts = self.resources.map(ARNPattern.parts)
  }

  /// The values of a condition key, canonical; none where the request does not say.
  func values(of key: String) -> [String] {
    switch key {
    // Of a session it is the role's.
    case "aws:principalarn": principal.isOfAccount ? [principal.identityARN] : []
    case "aws:principalaccount": principal.isOfAccount ? [principal.account] : []
    // No service of AWS calls here, on nobody's behalf.
    case "aws:principalisawsservice", "aws:viaawsservice": principal.isAnonymous ? [] : ["false"]
    // As of keys, which do not tell; temporary credentials here never came by a second factor.
    case "aws:multifactorauthpresent": principal.session == nil ? [] : ["false"]
    case "aws:principaltype": [principal.typeName]
    case "aws:username": principal.userName.map { [$0] } ?? []
    case "aws:userid": principal.userID.isEmpty ? [] : [principal.userID]
    case "aws:federatedprovider": principal.provider.map { [$0] } ?? []
    case "aws:tokenissuetime":
      principal.session.map { [PolicyTime.text($0.issuedAt * 1_000_000)] } ?? []
    default:
      if key.hasPrefix(ConditionKey.principalTag) {
        AccessContext.value(principal.tags, key, ConditionKey.principalTag).map { [$0] } ?? []
      } else {
        context.values(of: key)
      }
    }
  }
}

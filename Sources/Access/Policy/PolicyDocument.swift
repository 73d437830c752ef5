/// A policy: statements that allow or deny, each for some principals, actions and resources.
///
/// The language is IAM's (IAM user guide, "IAM JSON policy elements reference"). A document is read
/// once, strictly, and then only evaluated: what it says cannot fail any more.
package struct PolicyDocument: Hashable, Sendable {
  /// Where a policy stands, which decides what it must and may say.
  package enum Kind: Hashable, Sendable {
    /// With a principal: it says what the principal may do.
    case identity
    /// With a domain or a repository: it says who may do what there, so that every statement names
    /// principals.
    case resource
    /// With a role: it says who may take it on, so that it names principals and no resources.
    case trust

    /// How many characters the document may have; nil where its keeper decides (CodeArtifact API
    /// 2018-09-22, `PolicyDocument`).
    package var characterLimit: Int? { self == .resource ? 7168 : nil }
  }

  package enum Version: String, CaseIterable, Sendable {
    /// Without variables; what a document without a version has.
    case v2008 = "2008-10-17"
    case v2012 = "2012-10-17"
  }

  package let kind: Kind
  package let version: Version
  package let id: String?
  package let statements: [PolicyStatement]

  /// Whether what it says may change from one request of a principal to the next: it looks at more
  /// than the principal, the action and the resource.
  package let dependsOnRequest: Bool
  /// Whether it looks at tags of the resource.
  package let looksAtResourceTags: Bool

  init(kind: Kind, version: Version, id: String?, statements: [PolicyStatement]) {
    self.kind = kind
    self.version = version
    self.id = id
    self.statements = statements
    let keys = statements.flatMap(\.keys)
    self.dependsOnRequest = keys.contains { !ConditionKey.isOfPrincipal($0) }
    self.looksAtResourceTags = keys.contains { $0.hasPrefix(ConditionKey.resourceTag) }
  }

  /// What an administrator may do in the account: everything.
  package static let allowingEverything = PolicyDocument(
    kind: .identity,
    version: .v2012,
    id: nil,
    statements: [
      PolicyStatement(
        sid: nil,
        effect: .allow,
        principals: nil,
        actions: Selection(items: [.everything], isNegated: false),
        resources: Selection(items: [.everything], isNegated: false),
        conditions: []
      )
    ]
  )
}

/// What a statement does to the requests that it matches.
package enum PolicyEffect: String, Sendable {
  case allow = "Allow"
  case deny = "Deny"
}

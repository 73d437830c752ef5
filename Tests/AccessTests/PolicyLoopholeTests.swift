import Access
import Testing

/// Where reading a policy the easy way would let somebody through.
@Suite("What policies must not let through")
struct PolicyLoopholeTests {
  private static let owner = PolicySamples.owner
  private static let ada = "arn:aws:iam::\(owner):user/ada"
  private static let role = "arn:aws:iam::\(owner):role/ci"
  private static let session = "arn:aws:sts::\(owner):assumed-role/ci/build-1"
  private static let provider = "arn:aws:iam::\(owner):oidc-provider/ci.example"

  private static let stranger = Principal(
    account: owner,
    arn: provider,
    isAdministrator: false,
    kind: .webIdentity,
    session: PrincipalSession(
      name: nil,
      issuedAt: 1_700_000_000,
      expiresAt: 1_700_003_600,
      federatedProvider: provider
    )
  )

  private func policy(_ statement: String) throws -> PolicyDocument {
    try PolicyDocument(
      #"{"Version":"2012-10-17","Statement":{"Action":"*","Resource":"*",\#(statement)}}"#,
      kind: .resource
    )
  }

  private func trust(_ effect: String, _ principal: String) throws -> PolicyDocument {
    try PolicyDocument(
      #"{"Statement":{"Effect":"\#(effect)",\#(principal),"Action":"sts:*"}}"#,
      kind: .trust
    )
  }

  @Test func `what is allowed to an account is its users' by leave of their own alone`() throws {
    let toAccount = try policy(#""Effect":"Allow","Principal":{"AWS":"\#(Self.owner)"}"#)
    let toAda = try policy(
      #""Effect":"Allow","Principal":{"AWS":["\#(Self.owner)","\#(Self.ada)"]}"#
    )
    let own = try PolicySamples.allowing(if: "{}")
    let request = PolicySamples.request()
    func decide(_ domain: PolicyDocument, _ identity: [PolicyDocument] = []) -> AccessDecision {
      AccessRules(identity: identity, domain: domain, homeAccounts: [Self.owner]).decide(request)
    }
    #expect(decide(toAccount) == .denied(.noneOfIdentity))
    #expect(decide(toAccount, [own]) == .allowed)
    #expect(decide(toAda) == .allowed)
    #expect(toAccount.verdict(on: request) == .allowedToAccount)
    #expect(toAda.verdict(on: request) == .allowed)
  }

  @Test(
    arguments: [
      (["*"], []),
      ([ada], ["bob", "build-1", "build-2", "eve", "nobody"]),
      ([ada, owner], ["bob", "build-1", "build-2", "eve", "nobody"]),
      ([owner], ["eve", "nobody"]),
      ([role], ["ada", "bob", "eve", "nobody"]),
      ([session, role, owner], ["ada", "bob", "build-2", "eve", "nobody"]),
      (["arn:aws:iam::444455556666:root"], ["ada", "bob", "build-1", "build-2", "nobody"]),
    ] as [([String], Set<String>)]
  )
  func `a denial to all but some spares those that are meant, and not their account`(
    spared: [String],
    hit: Set<String>
  ) throws {
    let names = spared.map { "\"\($0)\"" }.joined(separator: ",")
    let policy = try policy(#""Effect":"Deny","NotPrincipal":{"AWS":[\#(names)]}"#)
    let people = [
      "ada": PolicySamples.user("ada"), "bob": PolicySamples.user("bob"),
      "build-1": PolicySamples.session(of: "ci", "build-1"),
      "build-2": PolicySamples.session(of: "ci", "build-2"),
      "eve": PolicySamples.user("eve", of: PolicySamples.other), "nobody": .anonymous,
    ]
    let denied = people.filter {
      policy.effect(on: PolicySamples.request($0.value)) == .deny
    }
    #expect(Set(denied.keys) == hit)
  }

  /// What is not known of a request must not open what a denial closes.
  @Test(arguments: [
    #""Condition":{"StringNotEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/none}"}}"#,
    #""Condition":{"StringNotLike":{"aws:username":"${aws:PrincipalTag/none}*"}}"#,
    #""Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::${aws:none/x}:user/ada"}}"#,
  ])
  func `a denial unless something matches holds where that is not known`(
    condition: String
  ) throws {
    let denying = try policy(#""Effect":"Deny","Principal":"*",\#(condition)"#)
    let allowing = try policy(#""Effect":"Allow","Principal":"*",\#(condition)"#)
    #expect(denying.effect(on: PolicySamples.request()) == .deny)
    #expect(allowing.effect(on: PolicySamples.request()) == nil)
  }

  @Test func `a denial of all resources but one that is not known is of all`() throws {
    let denying = try PolicyDocument(
      #"""
      {"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*",
      "NotResource":"arn:aws:codeartifact:*:*:repository/corp/${aws:PrincipalTag/none}"}}
      """#,
      kind: .resource
    )
    #expect(denying.effect(on: PolicySamples.request()) == .deny)
  }

  /// Anybody can have a token of a public provider: it makes nobody a member of the account.
  @Test(arguments: [
    (#""Principal":"*""#, false), (#""Principal":{"AWS":"*"}"#, false),
    (#""Principal":{"AWS":"\#(owner)"}"#, false),
    (#""NotPrincipal":{"AWS":"444455556666"}"#, false),
    (#""Principal":{"Federated":"\#(provider)x"}"#, false),
    (#""Principal":{"Federated":"\#(provider)"}"#, true),
  ])
  func `whom a provider vouches for is let in by the provider's name alone`(
    principal: String,
    isLet: Bool
  ) throws {
    let request = PolicySamples.request(
      Self.stranger,
      "sts:AssumeRoleWithWebIdentity",
      on: Self.role
    )
    #expect(try trust("Allow", principal).effect(on: request) == (isLet ? .allow : nil))
  }

  @Test func `a denial to all is to strangers too, and a session is its role`() throws {
    let request = PolicySamples.request(Self.stranger, "sts:AssumeRoleWithWebIdentity")
    #expect(try trust("Deny", #""Principal":"*""#).effect(on: request) == .deny)
    let session = Principal(
      account: Self.owner,
      arn: Self.session,
      isAdministrator: false,
      kind: .assumedRole,
      identityARN: Self.role,
      session: Self.stranger.session
    )
    let ofProvider = try trust("Allow", #""Principal":{"Federated":"\#(Self.provider)"}"#)
    #expect(ofProvider.effect(on: PolicySamples.request(session, "sts:AssumeRole")) == nil)
  }

  @Test(arguments: [
    (#"{"ArnEquals":{"aws:PrincipalArn":"\#(role)"}}"#, "ci", true),
    (#"{"ArnEquals":{"aws:PrincipalArn":"\#(session)"}}"#, "ci", false),
    (#"{"Null":{"aws:PrincipalArn":"true"}}"#, "nobody", true),
    (#"{"Bool":{"aws:PrincipalIsAWSService":"false"}}"#, "ada", true),
    (#"{"Bool":{"aws:ViaAWSService":"true"}}"#, "ada", false),
    (#"{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#, "ci", true),
    (#"{"Null":{"aws:MultiFactorAuthPresent":"true"}}"#, "ada", true),
  ])
  func `what AWS says of every caller is said here`(
    condition: String,
    name: String,
    holds: Bool
  ) throws {
    let people = [
      "ada": PolicySamples.user("ada"), "ci": PolicySamples.session(of: "ci", "build-1"),
      "nobody": Principal.anonymous,
    ]
    let person = try #require(people[name])
    let policy = try PolicySamples.allowing(if: condition)
    #expect(policy.effect(on: PolicySamples.request(person)) == (holds ? .allow : nil))
    #expect(!policy.dependsOnRequest)
  }

  @Test func `a trust policy is asked with all the rest`() throws {
    let own = try PolicySamples.allowing(if: "{}")
    let request = PolicySamples.request(PolicySamples.user("ada"), "sts:AssumeRole", on: Self.role)
    var rules = AccessRules(identity: [own], homeAccounts: [Self.owner])
    rules.trust = try trust("Deny", #""Principal":{"AWS":"\#(Self.ada)"}"#)
    #expect(rules.decide(request) == .denied(.byResource))
    rules.identity = []
    rules.trust = try trust("Allow", #""Principal":{"AWS":"\#(Self.owner)"}"#)
    #expect(rules.decide(request) == .denied(.noneOfIdentity))
    rules.trust = try trust("Allow", #""Principal":{"AWS":"\#(Self.ada)"}"#)
    #expect(rules.decide(request) == .allowed)
    rules.homeAccounts = [PolicySamples.other]
    #expect(rules.decide(request) == .denied(.noneOfIdentity))
  }
}

import Access
import Testing

@Suite("Who may do what")
struct AccessRulesTests {
  private static func policy(
    _ effect: String,
    kind: PolicyDocument.Kind = .resource
  ) throws -> PolicyDocument {
    let principal = kind == .resource ? #""Principal":"*","# : ""
    return try PolicyDocument(
      #"{"Statement":{"Effect":"\#(effect)",\#(principal)"Action":"*","Resource":"*"}}"#,
      kind: kind
    )
  }

  enum Say: String, CaseIterable, Sendable {
    case nothing
    case allows = "Allow"
    case denies = "Deny"

    func policy(_ kind: PolicyDocument.Kind) throws -> PolicyDocument? {
      self == .nothing ? nil : try AccessRulesTests.policy(rawValue, kind: kind)
    }
  }

  /// The table of codeartifact.md 13, written out once more as plain sentences.
  @Test(arguments: Say.allCases, Say.allCases)
  func `an explicit deny wins, home needs one leave, strangers two`(
    domain: Say,
    repository: Say
  ) throws {
    let people = [
      ("of the owner", PolicySamples.user("ada"), true),
      ("of the administrator", PolicySamples.user("bob", of: "777788889999"), true),
      ("of another account", PolicySamples.user("eve", of: PolicySamples.other), false),
    ]
    for (name, person, isAtHome) in people {
      for identity in Say.allCases {
        let rules = AccessRules(
          identity: try identity.policy(.identity).map { [$0] } ?? [],
          domain: try domain.policy(.resource),
          repository: try repository.policy(.resource),
          homeAccounts: [PolicySamples.owner, "777788889999"]
        )
        let says = [domain, repository, identity]
        let leaveHere = domain == .allows || repository == .allows
        let mayDo =
          !says.contains(.denies)
          && (isAtHome ? leaveHere || identity == .allows : leaveHere && identity == .allows)
        let decision = rules.decide(PolicySamples.request(person))
        #expect((decision == .allowed) == mayDo, "\(name), \(says)")
      }
    }
  }

  @Test func `nobody in particular needs leave of the resource alone, by a star`() throws {
    let nobody = PolicySamples.request(Principal.anonymous)
    let all = try Self.policy("Allow")
    let named = try PolicyDocument(
      #"""
      {"Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*",
      "Resource":"*"}}
      """#,
      kind: .resource
    )
    let home = [PolicySamples.owner]
    func decide(_ domain: PolicyDocument?, _ repository: PolicyDocument?) -> AccessDecision {
      AccessRules(
        identity: [],
        domain: domain,
        repository: repository,
        homeAccounts: home
      ).decide(nobody)
    }
    #expect(decide(nil, nil) == .denied(.noneOfResource))
    #expect(decide(nil, named) == .denied(.noneOfResource))
    #expect(decide(nil, all) == .allowed)
    #expect(decide(all, nil) == .allowed)
    #expect(decide(try Self.policy("Deny"), all) == .denied(.byResource))
  }

  @Test func `a session does at most what its own policy allows`() throws {
    let all = try Self.policy("Allow", kind: .identity)
    var rules = AccessRules(identity: [all], homeAccounts: [PolicySamples.owner])
    let request = PolicySamples.request(PolicySamples.session(of: "ci", "b"))
    #expect(rules.decide(request) == .allowed)
    rules.session = try PolicyDocument(
      #"{"Statement":{"Effect":"Allow","Action":"codeartifact:List*","Resource":"*"}}"#,
      kind: .identity
    )
    #expect(rules.decide(request) == .denied(.noneOfSession))
    rules.domain = try Self.policy("Allow")
    #expect(rules.decide(request) == .denied(.noneOfSession))
    rules.session = try Self.policy("Deny", kind: .identity)
    #expect(rules.decide(request) == .denied(.byIdentity))
    rules.session = all
    #expect(rules.decide(request) == .allowed)
  }

  @Test(arguments: [
    (AccessDenial.byIdentity, "with an explicit deny in an identity-based policy"),
    (.byResource, "with an explicit deny in a resource-based policy"),
    (
      .noneOfIdentity,
      "because no identity-based policy allows the codeartifact:ReadFromRepository action"
    ),
    (
      .noneOfSession,
      "because no session policy allows the codeartifact:ReadFromRepository action"
    ),
    (
      .noneOfResource,
      "because no resource-based policy allows the codeartifact:ReadFromRepository action"
    ),
  ])
  func `a refusal is AWS's sentence`(denial: AccessDenial, ending: String) {
    #expect(
      AccessDenied(PolicySamples.request(), denial).message
        == "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: "
        + "codeartifact:ReadFromRepository on resource: \(PolicySamples.repository) " + ending
    )
  }
}

@Suite("What actions are done to")
struct ActionTests {
  @Test func `there are the API's 48 operations and three actions more`() {
    #expect(Action.allCases.count == 51)
  }

  @Test func `a policy has no say in its own replacement, nor in what is of no domain`() {
    let withoutDomain = Action.allCases.filter { !$0.asksDomainPolicy }
    #expect(
      withoutDomain == [
        .createDomain, .listDomains, .listRepositories, .putDomainPermissionsPolicy,
      ]
    )
    let withoutRepository = Action.allCases.filter { !$0.asksRepositoryPolicy }
    #expect(withoutRepository == [.createRepository, .putRepositoryPermissionsPolicy])
  }

  @Test(
    arguments: [
      (.readFromRepository, [.repository]),
      (.publishPackageVersion, [.package]), (.getAuthorizationToken, [.domain]),
      (.copyPackageVersions, [.repository, .package]), (.listDomains, [.account]),
      (.tagResource, [.domain, .repository, .packageGroup]),
      (.listSubPackageGroups, [.packageGroup]),
    ] as [(Action, Set<Action.Target>)]
  )
  func `each action has its kind of resource`(action: Action, targets: Set<Action.Target>) {
    #expect(action.targets == targets)
  }
}

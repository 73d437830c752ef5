import Access
import Testing

/// Random policies, judged twice: by the language as it is, and by a second evaluator that knows
/// nothing of it but the rules, over the same policies before they were written down as JSON.
@Suite("Two evaluators agree")
struct PolicyAgreementTests {
  private struct Statement {
    let effect: String
    let principals: (values: [String], isNegated: Bool)?
    let actions: (values: [String], isNegated: Bool)
    let resources: (values: [String], isNegated: Bool)
    let condition: (operation: String, key: String, values: [String])?

    var json: String {
      func list(_ values: [String]) -> String {
        "[" + values.map { "\"\($0)\"" }.joined(separator: ",") + "]"
      }
      func element(_ name: String, _ part: (values: [String], isNegated: Bool)) -> String {
        "\"\(part.isNegated ? "Not" : "")\(name)\":\(list(part.values))"
      }
      var parts = [
        "\"Effect\":\"\(effect)\"", element("Action", actions), element("Resource", resources),
      ]
      if let principals {
        let name = principals.isNegated ? "NotPrincipal" : "Principal"
        parts.append("\"\(name)\":{\"AWS\":\(list(principals.values))}")
      }
      if let condition {
        let values = list(condition.values)
        parts.append(
          "\"Condition\":{\"\(condition.operation)\":{\"\(condition.key)\":\(values)}}"
        )
      }
      return "{" + parts.joined(separator: ",") + "}"
    }
  }

  private static let actions = ["codeartifact:Get", "codeartifact:Put", "codeartifact:GetAll"]
  private static let actionPatterns =
    actions + ["codeartifact:*", "codeartifact:G*", "*", "CODEARTIFACT:?et"]
  private static let resources = ["r/a", "r/b", "p/a"].map { "arn:aws:codeartifact:e:1:\($0)" }
  private static let resourcePatterns =
    resources + ["*", "arn:aws:codeartifact:e:1:r/*", "arn:aws:codeartifact:*:*:?/a"]
  private static let users = ["ada", "bob"]
  private static let accounts = ["111111111111", "222222222222", "333333333333"]

  private static func name(_ user: String, _ account: String) -> String {
    "arn:aws:iam::\(account):user/\(user)"
  }

  private static let principals =
    accounts + ["*"] + accounts.flatMap { account in users.map { name($0, account) } }

  private static func pick(
    _ values: [String],
    _ source: inout SeededGenerator
  ) -> (values: [String], isNegated: Bool) {
    let count = Int.random(in: 1...2, using: &source)
    let picked = (0..<count).map { _ in values.randomElement(using: &source) ?? "*" }
    return (picked, Int.random(in: 0..<4, using: &source) == 0)
  }

  private static func statements(
    _ source: inout SeededGenerator,
    ofResource: Bool
  ) -> [Statement] {
    (0..<Int.random(in: 0...3, using: &source)).map { _ in
      var condition: (String, String, [String])?
      if Bool.random(using: &source) {
        condition = (
          ["StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists"]
            .randomElement(using: &source) ?? "StringLike",
          ["aws:username", "aws:missing"].randomElement(using: &source) ?? "aws:username",
          [["ada"], ["a*", "eve"], ["${aws:username}"]].randomElement(using: &source) ?? ["ada"]
        )
      }
      return Statement(
        effect: Int.random(in: 0..<5, using: &source) == 0 ? "Deny" : "Allow",
        principals: ofResource ? pick(principals, &source) : nil,
        actions: pick(actionPatterns, &source),
        resources: pick(resourcePatterns, &source),
        condition: condition
      )
    }
  }

  /// Wildcards by recursion, which is slow and plainly right.
  private static func glob(_ pattern: Substring, _ text: Substring) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    if first == "*" {
      return glob(rest, text) || (!text.isEmpty && glob(pattern, text.dropFirst()))
    }
    guard let character = text.first, first == "?" || first == character else { return false }
    return glob(rest, text.dropFirst())
  }

  private static func naive(
    _ statements: [Statement],
    _ user: String,
    _ account: String,
    _ action: String,
    _ resource: String
  ) -> String? {
    func holds(_ statement: Statement) -> Bool {
      let isAction = statement.actions.values.contains {
        glob($0.lowercased()[...], action.lowercased()[...])
      }
      let isResource = statement.resources.values.contains { glob($0[...], resource[...]) }
      var isPrincipal = true
      if let principals = statement.principals {
        let values = principals.values
        let isMeant = values.contains("*") || values.contains(name(user, account))
        // Beside another user of the account, the account's name spares nobody a denial.
        let spares = users.allSatisfy { $0 == user || !values.contains(name($0, account)) }
        let isNamed =
          isMeant
          || values.contains(account)
            && (!principals.isNegated || statement.effect == "Allow" || spares)
        isPrincipal = isNamed != principals.isNegated
      }
      guard isAction != statement.actions.isNegated,
        isResource != statement.resources.isNegated, isPrincipal
      else { return false }
      guard let condition = statement.condition else { return true }
      guard condition.key == "aws:username" else {
        return condition.operation == "StringNotEquals" || condition.operation.hasSuffix("Exists")
      }
      let values = condition.values.map { $0.replacing("${aws:username}", with: user) }
      switch condition.operation {
      case "StringNotEquals": return !values.contains(user)
      case "StringLike": return values.contains { glob($0[...], user[...]) }
      default: return values.contains(user)
      }
    }
    let holding = statements.filter(holds)
    if holding.contains(where: { $0.effect == "Deny" }) { return "Deny" }
    let isPersonal = holding.contains { statement in
      guard let principals = statement.principals, !principals.isNegated else { return true }
      return principals.values.contains("*") || principals.values.contains(name(user, account))
    }
    return isPersonal ? "Allow" : holding.first.map { _ in "Account" }
  }

  private static func document(
    _ statements: [Statement],
    _ kind: PolicyDocument.Kind
  ) throws -> PolicyDocument? {
    guard !statements.isEmpty else { return nil }
    let list = statements.map(\.json).joined(separator: ",")
    return try PolicyDocument(#"{"Version":"2012-10-17","Statement":[\#(list)]}"#, kind: kind)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `on random policies`(seed: UInt64) throws {
    var source = SeededGenerator(seed: seed)
    var outcomes: [AccessDecision: Int] = [:]
    for round in 0..<120 {
      let identity = Self.statements(&source, ofResource: false)
      let domain = Self.statements(&source, ofResource: true)
      let repository = Self.statements(&source, ofResource: true)
      let rules = AccessRules(
        identity: [try Self.document(identity, .identity)].compactMap(\.self),
        domain: try Self.document(domain, .resource),
        repository: try Self.document(repository, .resource),
        homeAccounts: [Self.accounts[0], Self.accounts[1]]
      )
      for account in Self.accounts {
        for user in Self.users {
          for action in Self.actions {
            for resource in Self.resources {
              let says = [identity, domain, repository].map {
                Self.naive($0, user, account, action, resource)
              }
              let here = says[1] == "Allow" || says[2] == "Allow"
              let toAccount = says[1] == "Account" || says[2] == "Account"
              let own = says[0] == "Allow"
              let isAtHome = account != Self.accounts[2]
              let expected =
                !says.contains("Deny")
                && (isAtHome ? here || own : (here || toAccount) && own)
              let request = AccessRequest(
                principal: Principal(
                  account: account,
                  arn: Self.name(user, account),
                  isAdministrator: false
                ),
                action: action,
                resources: [resource]
              )
              let decision = rules.decide(request)
              outcomes[decision, default: 0] += 1
              #expect(rules.narrowed(to: request).decide(request) == decision)
              #expect(
                (decision == .allowed) == expected,
                "seed \(seed), round \(round): \(user) of \(account), \(action), \(resource)"
              )
            }
          }
        }
      }
    }
    #expect(outcomes.count == 5, "every outcome but that of sessions should come about")
  }
}

import Access

extension Function {
  /// Who may do what.
  static var decisions: [Function] {
    [
      Function(name: "read a policy of ten statements") {
        let text = Sample.policy(statementCount: 10)
        return { try PolicyDocument(text, kind: .identity).statements.count }
      },
      Function(name: "decide by a policy of ten statements") {
        let policy = try PolicyDocument(Sample.policy(statementCount: 10), kind: .identity)
        let rules = AccessRules(identity: [policy], homeAccounts: [Sample.account])
        let request = AccessRequest(
          principal: Principal(
            account: Sample.account,
            arn: "arn:aws:iam::\(Sample.account):user/ann",
            isAdministrator: false
          ),
          action: "codeartifact:ReadFromRepository",
          resources: ["arn:aws:codeartifact:us-east-1:\(Sample.account):repository/shop/team-9"]
        )
        return { rules.decide(request) == .allowed ? 1 : 0 }
      },
      Function(name: "read a bearer credential") {
        let value = "Bearer larder_" + String(repeating: "a1B2", count: 16)
        return { if case .token = PresentedCredential(authorization: value) { 1 } else { 0 } }
      },
    ]
  }
}

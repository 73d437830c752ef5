import ArgumentParser

/// `larder iam token`: tokens of package managers.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Tokens of package managers, as GetAuthorizationToken makes them.",
    subcommands: [List.self, Revoke.self]
  )

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the tokens that are good still; never the tokens themselves."
    )

    @OptionGroup var question: IAMTokens

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("list-tokens", question.members).show(
        table: "tokens",
        ["id", "principal", "domain", "domainOwner", "createdTime", "expirationTime"]
      )
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take back all tokens of a user, of a role or of a domain.",
      discussion: """
        With a user's or role's tokens its temporary credentials end too; whoever may take on the \
        role can do so again.
        """
    )

    @OptionGroup var question: IAMTokens

    @OptionGroup var server: IAMServer

    func validate() throws {
      guard question.isNarrowed else {
        throw ValidationError("Name a --user, --role, --principal or --domain; see --help.")
      }
    }

    func run() async throws {
      let answer = try await server.call("revoke-tokens", question.members)
      answer.confirm("\(answer.count("revoked")) tokens were taken back")
    }
  }
}

/// Which tokens a command is about.
struct IAMTokens: ParsableArguments {
  @Option(help: "Those of this user.")
  var user: String?

  @Option(help: "Those of this role.")
  var role: String?

  @Option(help: "Those of this user or role, by its full name.")
  var principal: String?

  @Option(help: "Those for this domain, whosever they are.")
  var domain: String?

  @Option(help: "The account that the user, role or domain belongs to (default: yours).")
  var account: String?

  var isNarrowed: Bool { named > 0 }

  private var named: Int { [user, role, principal, domain].count { $0 != nil } }

  func validate() throws {
    guard named <= 1 else {
      throw ValidationError("Name only one of --user, --role, --principal and --domain.")
    }
  }

  var members: [String: Any?] {
    [
      "user": user, "role": role, "principal": principal, "domain": domain, "account": account,
    ]
  }
}

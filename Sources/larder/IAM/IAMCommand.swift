import ArgumentParser

/// `larder iam`: who there is, and what each may do.
///
/// An administrator of the installation's first account manages all its accounts; an administrator
/// of another account, that one. Anyone else needs the matching `iam:` action in an identity
/// policy, and manages the own account only.
struct IAMCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iam",
    abstract: "Manage accounts, users, roles, access keys, policies, OIDC providers and tokens.",
    discussion: """
      Talks to the running server, signed with the key of its data directory (--data) or with the \
      one that AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL_CODEARTIFACT name \
      (`larder env` prints them). An administrator of the first account manages all accounts, one \
      of another account that account; anyone else needs the iam: action in an identity policy. \
      What is taken away is taken away with the next request.
      """,
    subcommands: [
      AccountCommand.self, UserCommand.self, RoleCommand.self, KeyCommand.self, PolicyCommand.self,
      ProviderCommand.self, TokenCommand.self, WhoAmI.self,
    ]
  )
}

/// `larder iam whoami`: prints whose key this is.
struct WhoAmI: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami",
    abstract: "Print whose key this is."
  )

  @OptionGroup var server: IAMServer

  func run() async throws {
    try await server.call("whoami", [:]).show(["arn", "account", "id", "administrator", "key"])
  }
}

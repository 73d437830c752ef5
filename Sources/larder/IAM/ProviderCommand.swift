import ArgumentParser

/// `larder iam oidc-provider`: identity providers.
struct ProviderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oidc-provider",
    abstract: "OIDC issuers whose tokens may be exchanged for a role, as CI services make them.",
    subcommands: [Create.self, List.self, Delete.self]
  )

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Believe an issuer's tokens, as far as the trust policies of roles go.",
      discussion: """
        The issuer's keys are found at its /.well-known/openid-configuration, unless --jwks says \
        where they are or what they are.
        """
    )

    @Argument(help: "The issuer's address, such as https://token.actions.githubusercontent.com.")
    var issuer: String

    @Option(help: "For whom its tokens must be made; may be repeated.")
    var audience: [String]

    @Option(
      help: ArgumentHelp(
        "The issuer's keys: a file of them, which pins them, or their address.",
        valueName: "FILE-OR-URL"
      )
    )
    var jwks: String?

    @Option(help: "The account that is to believe it (default: yours).")
    var account: String?

    @OptionGroup var server: IAMServer

    func run() async throws {
      let isAddress = jwks.map { $0.hasPrefix("https://") || $0.hasPrefix("http://") } ?? false
      let answer = try await server.call(
        "create-oidc-provider",
        [
          "issuer": issuer, "audiences": audience, "account": account,
          "keyAddress": isAddress ? jwks : nil,
          "keySet": try isAddress ? nil : jwks.map(IAMFile.text),
        ]
      )
      answer.show(["issuer", "arn", "audiences"], of: "provider")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the issuers that an account believes."
    )

    @Option(help: "The account (default: yours).")
    var account: String?

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("list-oidc-providers", ["account": account])
        .show(table: "providers", ["issuer", "audiences", "pinned", "arn"])
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Believe an issuer no longer.")

    @Argument(help: "The issuer's address.")
    var issuer: String

    @Option(help: "The account (default: yours).")
    var account: String?

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("delete-oidc-provider", ["issuer": issuer, "account": account])
        .confirm("\(issuer) is believed no longer")
    }
  }
}

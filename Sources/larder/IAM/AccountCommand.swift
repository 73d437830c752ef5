import ArgumentParser

/// `larder iam account`: accounts, which own domains.
struct AccountCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account",
    abstract: "Accounts, which own domains; each has an administrator of its own.",
    subcommands: [Create.self, List.self]
  )

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make an account with an administrator, and show its key's secret this once."
    )

    @Option(help: "Twelve digits (default: drawn at random).")
    var account: String?

    @Option(help: "What people call the account.")
    var name: String?

    @OptionGroup var server: IAMServer

    func run() async throws {
      let answer = try await server.call("create-account", ["account": account, "name": name])
      answer.show(["id", "name"], of: "account")
      if !server.json {
        answer.show(["arn"], of: "administrator")
        answer.showKey()
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the accounts.")

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("list-accounts", [:])
        .show(table: "accounts", ["id", "name", "first", "createdTime"])
    }
  }
}

extension IAMAnswer {
  /// Prints a new key in the form that a shell takes over.
  func showKey() {
    show(["id", "secret"], of: "key")
    Terminal.note("larder: the secret is shown this once; it cannot be had again")
  }
}

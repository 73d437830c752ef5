import ArgumentParser

/// `larder iam user`: users.
struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user",
    abstract: "Users, who have access keys.",
    subcommands: [Create.self, Delete.self, List.self]
  )

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a user, without a key or a right yet."
    )

    @Argument(help: "The user's name.")
    var user: String

    @Option(help: "The account it is to belong to (default: yours).")
    var account: String?

    @Option(help: ArgumentHelp("A principal tag; may be repeated.", valueName: "NAME=VALUE"))
    var tag: [IAMTag] = []

    @Flag(help: "Let it do everything in its account; only an administrator makes another.")
    var administrator = false

    @OptionGroup var server: IAMServer

    func run() async throws {
      let answer = try await server.call(
        "create-user",
        [
          "user": user, "account": account, "tags": IAMTag.members(tag),
          "administrator": administrator ? true : nil,
        ]
      )
      answer.show(["name", "arn", "id", "administrator"], of: "user")
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove a user with its keys, policies, sessions and tokens."
    )

    @Argument(help: "The user's name.")
    var user: String

    @Option(help: "The account it belongs to (default: yours).")
    var account: String?

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("delete-user", ["user": user, "account": account])
        .confirm("user \(user) is gone")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the users of an account.")

    @Option(help: "The account (default: yours).")
    var account: String?

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("list-users", ["account": account])
        .show(table: "users", ["name", "arn", "administrator", "createdTime"])
    }
  }
}

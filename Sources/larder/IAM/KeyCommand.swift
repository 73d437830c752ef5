import ArgumentParser

/// `larder iam key`: access keys.
struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "Access keys of users, at most two each.",
    subcommands: [Create.self, List.self, Enable.self, Disable.self, Delete.self]
  )

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a key of a user, and show its secret this once."
    )

    @Option(help: "The user's name.")
    var user: String

    @Option(help: "The account it belongs to (default: yours).")
    var account: String?

    @OptionGroup var server: IAMServer

    func run() async throws {
      let answer = try await server.call("create-key", ["user": user, "account": account])
      answer.showKey()
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the keys of a user.")

    @Option(help: "The user's name.")
    var user: String

    @Option(help: "The account it belongs to (default: yours).")
    var account: String?

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("list-keys", ["user": user, "account": account]).show(
        table: "keys",
        ["id", "status", "createdTime", "lastUsedTime", "lastUsedService"]
      )
    }
  }

  struct Enable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a key sign again.")

    @OptionGroup var change: KeyChange

    func run() async throws {
      try await change.server.call("set-key-status", ["key": change.key, "active": true])
        .confirm("key \(change.key) may sign")
    }
  }

  struct Disable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keep a key from signing; sessions and tokens that came by it stop too."
    )

    @OptionGroup var change: KeyChange

    func run() async throws {
      try await change.server.call("set-key-status", ["key": change.key, "active": false])
        .confirm("key \(change.key) may not sign any more")
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove a key; sessions and tokens that came by it stop too."
    )

    @OptionGroup var change: KeyChange

    func run() async throws {
      try await change.server.call("delete-key", ["key": change.key])
        .confirm("key \(change.key) is gone")
    }
  }
}

/// The key that a command changes.
struct KeyChange: ParsableArguments {
  @Argument(help: "The key's id.")
  var key: String

  @OptionGroup var server: IAMServer
}

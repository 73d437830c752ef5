import ArgumentParser

/// `larder iam role`: roles.
struct RoleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "role",
    abstract: "Roles, which users, other accounts and CI jobs take on for a while.",
    subcommands: [Create.self, Show.self, Trust.self, Delete.self, List.self]
  )

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a role, without a right yet; its trust policy says who may take it on."
    )

    @Argument(help: "The role's name.")
    var role: String

    @Option(help: ArgumentHelp("The trust policy, a JSON file.", valueName: "FILE"))
    var trust: String

    @Option(help: "The longest session, 3600 to 43200 (default: 3600).")
    var maxSessionSeconds: Int?

    @Option(help: "The account it is to belong to (default: yours).")
    var account: String?

    @Option(help: ArgumentHelp("A principal tag; may be repeated.", valueName: "NAME=VALUE"))
    var tag: [IAMTag] = []

    @OptionGroup var server: IAMServer

    func run() async throws {
      let answer = try await server.call(
        "create-role",
        [
          "role": role, "trustPolicy": try IAMFile.text(trust),
          "maxSessionSeconds": maxSessionSeconds, "account": account, "tags": IAMTag.members(tag),
        ]
      )
      answer.show(["name", "arn", "id", "maxSessionSeconds"], of: "role")
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a role, and who may take it on."
    )

    @OptionGroup var role: RoleName

    @OptionGroup var server: IAMServer

    func run() async throws {
      let answer = try await server.call("get-role", role.members)
      answer.show(
        ["name", "arn", "id", "maxSessionSeconds", "createdTime", "trustPolicy"],
        of: "role"
      )
    }
  }

  struct Trust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say anew who may take on a role."
    )

    @OptionGroup var role: RoleName

    @Option(help: ArgumentHelp("The trust policy, a JSON file.", valueName: "FILE"))
    var trust: String

    @OptionGroup var server: IAMServer

    func run() async throws {
      let trust = try IAMFile.text(trust)
      try await server.call(
        "set-trust-policy",
        role.members.merging(["trustPolicy": trust]) { _, new in new }
      ).confirm("role \(role.role) has a new trust policy")
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove a role with its policies, sessions and tokens."
    )

    @OptionGroup var role: RoleName

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("delete-role", role.members)
        .confirm("role \(role.role) is gone")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the roles of an account.")

    @Option(help: "The account (default: yours).")
    var account: String?

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("list-roles", ["account": account])
        .show(table: "roles", ["name", "arn", "maxSessionSeconds", "createdTime"])
    }
  }
}

/// Which role a command is about.
struct RoleName: ParsableArguments {
  @Argument(help: "The role's name.")
  var role: String

  @Option(help: "The account it belongs to (default: yours).")
  var account: String?

  /// As the server's calls take it.
  var members: [String: Any?] { ["role": role, "account": account] }
}

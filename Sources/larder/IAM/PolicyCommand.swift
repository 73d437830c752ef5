import ArgumentParser

/// `larder iam policy`: identity policies.
struct PolicyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Identity policies: what a user or a role may do.",
    discussion: """
      AdministratorAccess, AWSCodeArtifactAdminAccess and AWSCodeArtifactReadOnlyAccess are built \
      in; put attaches them by name, without a file.
      """,
    subcommands: [Put.self, Get.self, List.self, Delete.self]
  )

  struct Put: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a user or role a policy, in place of one of the same name."
    )

    @Argument(help: "The policy's name.")
    var name: String

    @Option(help: ArgumentHelp("The policy, a JSON file.", valueName: "FILE"))
    var policy: String?

    @OptionGroup var identity: IAMIdentity

    @OptionGroup var server: IAMServer

    func run() async throws {
      var members = identity.members
      members["name"] = name
      if let policy { members["document"] = try IAMFile.text(policy) }
      try await server.call("put-policy", members).confirm("policy \(name) holds")
    }
  }

  struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a policy.")

    @Argument(help: "The policy's name.")
    var name: String

    @OptionGroup var identity: IAMIdentity

    @OptionGroup var server: IAMServer

    func run() async throws {
      var members = identity.members
      members["name"] = name
      try await server.call("get-policy", members).show(raw: "document")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the policies of a user or role."
    )

    @OptionGroup var identity: IAMIdentity

    @OptionGroup var server: IAMServer

    func run() async throws {
      try await server.call("list-policies", identity.members)
        .show(table: "policies", ["name", "builtIn", "changedTime"])
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a policy from a user or role."
    )

    @Argument(help: "The policy's name.")
    var name: String

    @OptionGroup var identity: IAMIdentity

    @OptionGroup var server: IAMServer

    func run() async throws {
      var members = identity.members
      members["name"] = name
      try await server.call("delete-policy", members).confirm("policy \(name) is gone")
    }
  }
}

import ArgumentParser

/// Arguments in, exit code out; everything else lives in libraries.
@main
struct Larder: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "larder",
    abstract: "An artifact repository that speaks the AWS CodeArtifact API.",
    subcommands: [
      Serve.self, Env.self, AuditCommand.self, LoginCommand.self, RepositoryCommand.self,
      IAMCommand.self, KeysCommand.self, Store.self,
    ]
  )
}

import ArgumentParser

/// `larder repository`: what the AWS tools have no words for.
struct RepositoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repository",
    abstract: "See and set how a repository treats the public registries behind it.",
    discussion: """
      Talks to the running server, signed with the key of its data directory (--data) or with the \
      one that AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL_CODEARTIFACT name \
      (`larder env` prints them). Whoever may change the repository may change its settings.
      """,
    subcommands: [RepositoryShow.self, RepositorySet.self, RepositoryRefresh.self]
  )
}

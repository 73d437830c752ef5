import ArgumentParser
import Foundation
import Login

/// `larder login`: points a package manager at a repository, with a fresh token.
struct LoginCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login",
    abstract: "Point a package manager at a repository, with a fresh token.",
    discussion: """
      Asks the server for a token and edits the tool's own settings of this user: what else is in \
      the files stays, and the next login replaces what this one wrote. The server is the one that \
      --data names, or else the one that AWS_ENDPOINT_URL_CODEARTIFACT, AWS_ACCESS_KEY_ID and \
      AWS_SECRET_ACCESS_KEY name ("larder env" prints them).
      """
  )

  @Option(help: "\(LoginTool.allCases.map(\.rawValue).joined(separator: ", ")).")
  var tool: LoginTool

  @OptionGroup var address: RepositoryAddress

  @Option(help: "How long the token is good, 900 to 43200 (default: twelve hours).")
  var durationSeconds: Int?

  @Option(
    name: [.long, .customLong("namespace")],
    help: "npm's clients and swift: take only the packages of this scope from the repository."
  )
  var scope: String?

  @Flag(help: "maven, cargo, bundler: take everything from the repository, in place of any other.")
  var mirror = false

  @Option(help: "What the entries are called in the tool's files (default: DOMAIN-REPOSITORY).")
  var name: String?

  @Option(help: "dualstack or ipv4, for a service that knows both.")
  var endpointType: String?

  @Flag(help: "Print which lines of which files would change, and change nothing.")
  var dryRun = false

  func validate() throws {
    if scope != nil, !tool.knowsScopes {
      throw ValidationError("--scope is for npm's clients and swift; \(tool.rawValue) has none.")
    }
    if mirror, !tool.knowsMirrors {
      throw ValidationError("--mirror is for maven, cargo and bundler; see --help.")
    }
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let account = try ServiceAccount(data: address.data, environment: environment)
    let (grant, expiry) = try await ServiceClient.with(account, environment: environment) {
      (client: ServiceClient) in try await self.grant(client)
    }
    let places = ClientPlaces(
      environment: environment,
      project: FileManager.default.currentDirectoryPath
    ) { FileManager.default.fileExists(atPath: $0) }
    let plan = tool.plan(grant, places)
    // All edits come before any writing: one that is refused leaves every file as it was.
    let files = try plan.edits.map { (edit: FileEdit) in try SettingsFile(edit) }
      .filter { (file: SettingsFile) in file.isChanged }
    if dryRun { show(files) } else { try write(files) }
    report(grant, plan, expiry)
  }

  /// A dry run asks for no token: nothing that opens anything is made for it.
  private func grant(_ client: ServiceClient) async throws -> (RepositoryGrant, Double?) {
    let token =
      dryRun
      ? nil
      : try await client.token(
        domain: address.domain,
        owner: address.domainOwner,
        seconds: durationSeconds
      )
    let endpoint = try await client.endpoint(
      domain: address.domain,
      owner: address.domainOwner,
      repository: address.repository,
      format: tool.format,
      type: endpointType
    )
    let grant = RepositoryGrant(
      endpoint: endpoint,
      token: token?.text ?? SecretMask.text,
      name: name ?? "\(address.domain)-\(address.repository)",
      scope: scope,
      isMirror: mirror
    )
    return (grant, token?.expiry)
  }

  private func show(_ files: [SettingsFile]) {
    for file in files {
      Terminal.say(file.path)
      for line in file.difference { Terminal.say("  \(line)") }
    }
  }

  private func write(_ files: [SettingsFile]) throws {
    for file in files {
      try file.write()
      Terminal.say("larder: wrote \(file.path)")
    }
  }

  private func report(_ grant: RepositoryGrant, _ plan: LoginPlan, _ expiry: Double?) {
    for line in plan.advice { Terminal.note("larder: \(line)") }
    guard let expiry else { return Terminal.note("larder: a dry run; nothing was written") }
    let date = Date(timeIntervalSince1970: expiry).formatted(.iso8601)
    Terminal.say("larder: \(tool.rawValue) uses \(grant.endpoint) until \(date)")
  }
}

extension LoginTool: ExpressibleByArgument {}

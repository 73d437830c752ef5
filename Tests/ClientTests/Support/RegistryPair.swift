import Foundation

/// Two servers: one plays the public registry of a format, the other has a repository before it.
///
/// What a user types is run in the scratch home of ``shell``.
struct RegistryPair {
  /// The repository `lab` of the first server, where things are published.
  let origin: LarderServer
  /// The repository `team` of the second, whose upstream `store` is connected to `lab`.
  let proxy: LarderServer
  var shell: Shell

  /// Runs `body` with both, and with the files `lab` and `team`, each with the lines
  /// `ENDPOINT=…` and `TOKEN=…` for the shell.
  static func run(
    connection: String,
    format: String,
    _ body: (inout RegistryPair) throws -> Void
  ) throws {
    var shell = try Shell()
    defer { shell.remove() }
    let origin = try LarderServer(upstream: "http://127.0.0.1:9/simple/")
    defer { origin.remove() }
    let made = try shell.run(prepare(origin, format: format, repository: "lab", extra: ""))
    guard made.succeeded else { throw NotReady(said: made.output + origin.said) }
    let text = try String(contentsOf: shell.home.appendingPathComponent("lab"), encoding: .utf8)
    let values = Dictionary(
      text.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        .map { ($0[0], $0[1]) }
    ) { $1 }
    let address = (values["ENDPOINT"] ?? "")
      .replacingOccurrences(of: "http://", with: "http://aws:\(values["TOKEN"] ?? "")@")
    let proxy = try LarderServer(
      upstream: "http://127.0.0.1:9/simple/",
      flags: ["--external", "\(connection)=\(address)", "--freshness", "0"]
    )
    defer { proxy.remove() }
    let connected = try shell.run(
      prepare(
        proxy,
        format: format,
        repository: "team",
        extra: """
          aws codeartifact create-repository --domain acme --repository store
          aws codeartifact associate-external-connection --domain acme --repository store \
            --external-connection \(connection)
          aws codeartifact update-repository --domain acme --repository team \
            --upstreams repositoryName=store
          """
      )
    )
    guard connected.succeeded else { throw NotReady(said: connected.output + proxy.said) }
    shell.environment["CARGO_HOME"] = shell.home.appendingPathComponent("cargo-home").path
    shell.environment["RUSTUP_HOME"] =
      ProcessInfo.processInfo.environment["RUSTUP_HOME"]
      ?? (ProcessInfo.processInfo.environment["HOME"] ?? "/root") + "/.rustup"
    var pair = RegistryPair(origin: origin, proxy: proxy, shell: shell)
    try body(&pair)
  }

  private static func prepare(
    _ server: LarderServer,
    format: String,
    repository: String,
    extra: String
  ) -> String {
    """
    eval "$(\(LarderServer.program) env --data \(server.data.path))"
    aws codeartifact create-domain --domain acme
    aws codeartifact create-repository --domain acme --repository \(repository)
    \(extra)
    token=$(aws codeartifact get-authorization-token --domain acme \
      --query authorizationToken --output text)
    endpoint=$(aws codeartifact get-repository-endpoint --domain acme \
      --repository \(repository) --format \(format) --query repositoryEndpoint --output text)
    printf 'ENDPOINT=%s\\nTOKEN=%s\\n' "$endpoint" "$token" > \(repository)
    """
  }
}

import Foundation
import Testing

/// Servers with repositories for npm's clients, and a scratch home to run them in.
enum NpmLab {
  /// A server with a domain, as a newcomer makes it by the AWS tools; `$REGISTRY` and `$TOKEN` are
  /// in the file `name.env`.
  private static func prepare(
    _ server: LarderServer,
    _ shell: Shell,
    as name: String,
    repositories: String
  ) throws {
    let made = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      aws codeartifact create-domain --domain acme > domain.json
      \(repositories)
      registry=$(aws codeartifact get-repository-endpoint --domain acme --repository team \
        --format npm --query repositoryEndpoint --output text)
      token=$(aws codeartifact get-authorization-token --domain acme \
        --query authorizationToken --output text)
      echo "export REGISTRY=$registry TOKEN=$token" > \(name).env
      export -p | grep AWS_ > \(name).aws
      """
    )
    try #require(made.succeeded, "\(made.output)\n\(server.said)")
  }

  /// A server with the repository `team`.
  static func withHosted(_ body: (Shell, LarderServer) throws -> Void) throws {
    let server = try LarderServer(upstream: "http://127.0.0.1:9/simple/")
    defer { server.remove() }
    let shell = try Shell()
    defer { shell.remove() }
    try prepare(
      server,
      shell,
      as: "team",
      repositories: "aws codeartifact create-repository --domain acme --repository team"
    )
    try body(shell, server)
  }

  /// A public registry that holds npm's own dependency tree, and a repository that reaches it
  /// through another one's external connection and asks about everything anew.
  static func withProxy(
    _ body: (Shell, _ outside: LarderServer, _ server: LarderServer) throws -> Void
  ) throws {
    let outside = try LarderServer(upstream: "http://127.0.0.1:9/simple/")
    defer { outside.remove() }
    let shell = try Shell()
    defer { shell.remove() }
    try prepare(
      outside,
      shell,
      as: "outside",
      repositories: "aws codeartifact create-repository --domain acme --repository team"
    )
    let published = try shell.run(
      """
      . ./outside.env; time node \(Checkout.support("publish_npm_tree.js")) $REGISTRY $TOKEN
      echo $REGISTRY $TOKEN > address
      """
    )
    try #require(published.succeeded, "\(published.output)\n\(outside.said)")
    let words = try String(
      contentsOf: shell.home.appendingPathComponent("address"),
      encoding: .utf8
    ).split(whereSeparator: \.isWhitespace)
    let address = words[0].replacingOccurrences(of: "http://", with: "http://aws:\(words[1])@")
    try withRegistry(at: address, flags: ["--freshness", "0"], shell) { server in
      try body(shell, outside, server)
    }
  }

  /// A server whose repository `team` reaches the registry at `address` through another one.
  static func withRegistry(
    at address: String,
    flags: [String] = [],
    _ shell: Shell,
    _ body: (LarderServer) throws -> Void
  ) throws {
    let server = try LarderServer(
      upstream: "http://127.0.0.1:9/simple/",
      flags: ["--external", "public:npmjs=\(address)"] + flags
    )
    defer { server.remove() }
    try prepare(
      server,
      shell,
      as: "team",
      repositories: """
        aws codeartifact create-repository --domain acme --repository npm-store
        aws codeartifact associate-external-connection --domain acme --repository npm-store \
          --external-connection public:npmjs
        aws codeartifact create-repository --domain acme --repository team \
          --upstreams repositoryName=npm-store
        """
    )
    try body(server)
  }

  /// Shell lines that write the package `@acme/widget`, in a folder with an `.npmrc` above it.
  static func widget(_ version: String, module: String = "exports.value = 1") -> String {
    """
    mkdir -p widget; cd widget
    cat > package.json <<'END'
    {"name": "@acme/widget", "version": "\(version)", "description": "A widget of ours",
     "license": "MIT", "keywords": ["gear"]}
    END
    echo '\(module)' > index.js; echo '# Widget' > README.md; cp ../.npmrc .
    """
  }
}

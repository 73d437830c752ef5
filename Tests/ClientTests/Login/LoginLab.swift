import Foundation
import Testing

/// A server with the repository `team` of the domain `acme`, and shell functions for tests of
/// `larder login`.
struct LoginLab {
  let shell: Shell
  let server: LarderServer

  static func run(flags: [String] = [], _ body: (LoginLab) throws -> Void) throws {
    let server = try LarderServer(upstream: "http://127.0.0.1:9/simple/", flags: flags)
    defer { server.remove() }
    var shell = try Shell()
    defer { shell.remove() }
    let outside = ProcessInfo.processInfo.environment
    shell.environment["RUSTUP_HOME"] =
      outside["RUSTUP_HOME"] ?? (outside["HOME"] ?? "/root") + "/.rustup"
    let made = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      export -p | grep AWS_ > exports
      aws codeartifact create-domain --domain acme
      aws codeartifact create-repository --domain acme --repository team
      """
    )
    try #require(made.succeeded, "\(made.output)\n\(server.said)")
    try body(LoginLab(shell: shell, server: server))
  }

  /// `user NAME` begins as a new user with a home of its own; `login TOOL …` logs in, and a second
  /// time, after which a dry run has to find nothing to change but the token; `kept FILE LINE…`
  /// fails unless the file is its owner's alone and still has the lines; `tokenless FILE…` fails
  /// where a token is in one.
  private var functions: String {
    """
    . $HOME/exports; root=$HOME; unset PIP_CONFIG_FILE
    user() { export HOME=$root/$1; mkdir -p $HOME; cd $HOME; }
    login() {
      larder() { \(LarderServer.program) login --domain acme --repository team "$@"; }
      larder --tool "$@"; larder --tool "$@"
      larder --tool "$@" --dry-run > dry.log
      local gone=$(grep -c '^  - ' dry.log) come=$(grep -c '^  + ' dry.log)
      [ $gone = $come ] || { cat dry.log; return 1; }
      tokenless dry.log
      sort -u dry.log | sed -n 's/^  - //p' > gone; sort -u dry.log | sed -n 's/^  + //p' > come
      cmp gone come || { cat dry.log; return 1; }
    }
    endpoint() { aws codeartifact get-repository-endpoint --domain acme --repository team \
      --format $1 --query repositoryEndpoint --output text; }
    tokenless() {
      local status=0; grep -n larder_ "$@" || status=$?
      [ $status = 1 ] || { echo "a token, or no file, in: $*"; return 1; }
    }
    kept() {
      local file=$1; shift
      [ $(stat -c %a $file) = 600 ] || { echo "$file is open to others"; ls -l $file; return 1; }
      for line in "$@"; do grep -qxF -- "$line" $file || { echo "lost: $line"; cat $file; return 1; }
      done
    }

    """
  }

  /// Runs a script that has to succeed, and returns what it said.
  @discardableResult
  func run(_ script: String, timeout: TimeInterval = 300) throws -> String {
    let outcome = try shell.run(functions + script, timeout: timeout)
    try #require(outcome.succeeded, "\(outcome.output)\n\(server.said)")
    return outcome.output
  }
}

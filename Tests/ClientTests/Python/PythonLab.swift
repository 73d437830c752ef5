import Foundation
import Testing

/// Everything that a newcomer has after the first five commands of the README, against a public
/// index of our own.
struct PythonLab {
  var shell: Shell
  let server: LarderServer
  let index: FakeIndex

  /// Runs `body` with a domain `acme` whose repository `team` has one connected to `public:pypi`.
  static func run(
    bigByteCount: Int = 0,
    flags: [String] = [],
    _ body: (PythonLab) throws -> Void
  ) throws {
    let index = try FakeIndex(bigByteCount: bigByteCount)
    defer { index.stop() }
    let server = try LarderServer(upstream: index.simple, flags: flags)
    defer { server.remove() }
    let shell = try Shell()
    defer { shell.remove() }
    let made = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      export -p | grep AWS_ > exports
      aws codeartifact create-domain --domain acme
      aws codeartifact create-repository --domain acme --repository pypi-store
      aws codeartifact associate-external-connection --domain acme --repository pypi-store \
        --external-connection public:pypi
      aws codeartifact create-repository --domain acme --repository team \
        --upstreams repositoryName=pypi-store
      """
    )
    try #require(made.succeeded, "\(made.output)\n\(server.said)")
    try body(PythonLab(shell: shell, server: server, index: index))
  }

  static let login = ". ./exports; aws codeartifact login --domain acme --repository team --tool "

  /// For tools that read no file of pip's: `INDEX` has the token in it, `PLAIN` has not, `LEGACY`
  /// takes uploads; and `wheel VERSION VALUE` makes one of `mine-own` in `dist`.
  static let tools =
    login + """
      pip
      INDEX=$(pip config get global.index-url)
      TOKEN=$(echo "$INDEX" | sed 's#.*aws:\\([^@]*\\)@.*#\\1#')
      PLAIN=$(echo "$INDEX" | sed 's#aws:[^@]*@##'); LEGACY=${PLAIN%simple/}
      export UV_INDEX_TEAM_USERNAME=aws UV_INDEX_TEAM_PASSWORD=$TOKEN
      export POETRY_HTTP_BASIC_TEAM_USERNAME=aws POETRY_HTTP_BASIC_TEAM_PASSWORD=$TOKEN
      export POETRY_CONFIG_DIR=$HOME/poetry
      wheel() { python3 - "$1" "$2" <<'END'
      import os, sys, zipfile
      version, value = sys.argv[1:]
      os.makedirs("dist", exist_ok=True)
      info = f"mine_own-{version}.dist-info"
      with zipfile.ZipFile(f"dist/mine_own-{version}-py3-none-any.whl", "w") as wheel:
          wheel.writestr(zipfile.ZipInfo("mine.py"), f"VALUE = {value}")
          wheel.writestr(zipfile.ZipInfo(f"{info}/METADATA"),
                         f"Metadata-Version: 2.1\\nName: mine-own\\nVersion: {version}\\n")
          wheel.writestr(zipfile.ZipInfo(f"{info}/WHEEL"),
                         "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
          wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD"), "")
      END
      }

      """
}

import Foundation
import Testing

/// `larder repository` against a running server, and what package managers see of it.
@Suite("Cool-down clients", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct CoolDownClientTests {
  /// A server behind whose repository `team` are a registry of each kind, both with a package of
  /// which one version is old and one is of this moment.
  private func withTeam(_ body: (Shell, LarderServer) throws -> Void) throws {
    let index = try FakeIndex()
    defer { index.stop() }
    let npm = try Running(
      "/usr/bin/env",
      ["python3", Checkout.support("fake_npm.py")],
      ready: { Int($0) != nil }
    )
    defer { npm.stop() }
    let port = npm.said.prefix { $0 != "\n" }
    let server = try LarderServer(
      upstream: index.simple,
      flags: ["--external", "public:npmjs=http://127.0.0.1:\(port)/"]
    )
    defer { server.remove() }
    let shell = try Shell()
    defer { shell.remove() }
    let made = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      export -p | grep AWS_ > exports
      aws codeartifact create-domain --domain acme
      for kind in pypi npmjs; do
        aws codeartifact create-repository --domain acme --repository $kind
        aws codeartifact associate-external-connection --domain acme --repository $kind \
          --external-connection public:$kind
      done
      aws codeartifact create-repository --domain acme --repository team \
        --upstreams repositoryName=pypi repositoryName=npmjs
      registry=$(aws codeartifact get-repository-endpoint --domain acme --repository team \
        --format npm --query repositoryEndpoint --output text)
      token=$(aws codeartifact get-authorization-token --domain acme \
        --query authorizationToken --output text)
      echo "export REGISTRY=$registry TOKEN=$token" > team.env
      """
    )
    try #require(made.succeeded, "\(made.output)\n\(server.said)")
    try body(shell, server)
  }

  private func set(_ options: String, _ shell: Shell, _ server: LarderServer) throws -> String {
    let outcome = try shell.run(
      "\(LarderServer.program) repository set --data \(server.data.path) --domain acme "
        + "--repository team \(options)"
    )
    #expect(outcome.succeeded, "\(options): \(outcome.output)\n\(server.said)")
    return outcome.output
  }

  @Test func `settings are set by name, shown, and taken back`() throws {
    try withTeam { shell, server in
      let answer = try set(
        "--freshness 90s --offline --cool-down 7d --exempt 'npm/@acme/*' --exempt pypi/requests "
          + "--release npm/left-pad@1.3.0 --freeze 2026-01-01T00:00:00Z",
        shell,
        server
      )
      let lines = """
        freshness: 90s
        registries: offline
        cool-down: 1w
        freeze: 2026-01-01T00:00:00Z
        exempt: npm/@acme/*
        exempt: pypi/requests
        released: npm/left-pad@1.3.0

        """
      #expect(answer == lines)
      // The credentials of the environment will do as well.
      let show = "\(LarderServer.program) repository show --domain acme --repository"
      #expect(try shell.run(". ./exports; \(show) team").output == lines)
      let json = try shell.run(". ./exports; \(show) team --json")
      #expect(json.output.contains(#""coolDown":{"age":604800,"#))
      let cleared = try set(
        "--freshness default --online --cool-down off --exempt none --release none --freeze off",
        shell,
        server
      )
      #expect(
        cleared == "freshness: default\nregistries: online\ncool-down: off\nfreeze: off\n"
      )
      let refresh = "\(LarderServer.program) repository refresh --domain acme --repository team"
      for options in ["", " --format npm --package aged"] {
        let refreshed = try shell.run(". ./exports; \(refresh)\(options)")
        #expect(refreshed.succeeded, "\(refreshed.output)")
      }
    }
  }

  @Test func `what cannot be set is said, and the exit code says so too`() throws {
    try withTeam { shell, server in
      let program = "\(LarderServer.program) repository"
      for (command, reason) in [
        ("set --domain acme --repository team", "Name something to set"),
        ("set --domain acme --repository team --cool-down soon", "soon"),
        ("set --domain acme --repository team --exempt acme", "coolDown.exempt.1.member"),
        ("show --domain acme --repository none", "Repository not found"),
        ("refresh --domain acme --repository team --package x", "--format"),
      ] {
        let outcome = try shell.run(". ./exports; \(program) \(command)")
        #expect(!outcome.succeeded, "\(command)")
        #expect(outcome.output.contains(reason), "\(command): \(outcome.output)")
      }
      let stranger = try shell.run(
        ". ./exports; export AWS_SECRET_ACCESS_KEY=wrong; "
          + "\(program) show --domain acme --repository team"
      )
      #expect(!stranger.succeeded)
      #expect(stranger.output.contains("403"), "\(stranger.output)")
      let unset = try shell.run("\(program) show --domain acme --repository team --data nowhere")
      #expect(!unset.succeeded)
      #expect(unset.output.contains("credentials.json"), "\(unset.output)")
    }
  }

  @Test func `npm takes the old version until the young one is released, or the time is right`()
    throws
  {
    try withTeam { shell, server in
      let setup =
        ". ./team.env\nrm -rf app\n" + NpmClient.npm10.project(in: "app", dependencies: "")
      func run(_ command: String) throws -> Outcome { try shell.run(setup + command) }
      _ = try set("--cool-down 7d", shell, server)
      let old = try run("npm install aged; npm ls aged; npm view aged dist-tags")
      #expect(old.succeeded && old.output.contains("aged@1.0.0"), "\(old.output)\n\(server.said)")
      #expect(old.output.contains("latest: '1.0.0'"), "\(old.output)")
      let exact = try run("npm install aged@1.1.0")
      #expect(!exact.succeeded && exact.output.contains("ETARGET"), "\(exact.output)")
      let locked = try run("npm install ${REGISTRY}aged/-/aged-1.1.0.tgz")
      #expect(!locked.succeeded, "\(locked.output)")
      #expect(locked.output.contains("held back by the cool-down"), "\(locked.output)")
      #expect(locked.output.contains("--release npm/aged@1.1.0"), "\(locked.output)")

      _ = try set("--release npm/aged@1.1.0", shell, server)
      let released = try run("npm install aged; npm ls aged")
      #expect(released.output.contains("aged@1.1.0"), "\(released.output)\n\(server.said)")
    }
  }

  @Test func `pip takes what there was at the time of a freeze, and everything after it`() throws {
    try withTeam { shell, server in
      func install(_ requirement: String, _ folder: String) -> String {
        """
        . ./team.env
        index=${REGISTRY/npm/pypi}
        export PIP_INDEX_URL=http://aws:$TOKEN@${index#http://}simple/
        pip install --no-cache-dir --no-deps --target \(folder) '\(requirement)'
        cat \(folder)/demo_aged/__init__.py
        """
      }
      _ = try set("--freeze 2022-01-01T00:00:00Z", shell, server)
      let frozen = try shell.run(install("demo-aged", "one"))
      #expect(frozen.output.contains("VERSION = '1.0'"), "\(frozen.output)\n\(server.said)")
      let exact = try shell.run(install("demo-aged==1.1", "two"))
      #expect(!exact.succeeded, "\(exact.output)")
      _ = try set("--freeze off --cool-down 7d", shell, server)
      let young = try shell.run(install("demo-aged", "three"))
      #expect(young.output.contains("VERSION = '1.0'"), "\(young.output)")
      _ = try set("--exempt 'pypi/demo-*'", shell, server)
      let exempt = try shell.run(install("demo-aged", "four"))
      #expect(exempt.output.contains("VERSION = '1.1'"), "\(exempt.output)\n\(server.said)")
    }
  }
}

import Foundation
import Testing

/// The real package managers of npm's world, against a repository of their own and through one
/// whose upstream is another server.
@Suite("npm clients", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct NpmClientTests {
  @Test(arguments: [NpmClient.npm10, .npm11])
  func `npm publishes, tags, deprecates, finds and takes away`(client: NpmClient) throws {
    try NpmLab.withHosted { shell, server in
      let setup = ". ./team.env\n" + client.project(in: "app", dependencies: "")
      func run(_ script: String) throws -> String {
        let outcome = try shell.run(setup + script)
        #expect(outcome.succeeded, "\(script)\n\(outcome.output)\n\(server.said)")
        return outcome.output
      }
      #expect(try run("npm whoami").contains("administrator"))
      #expect(try run("npm ping 2>&1").contains("PONG"))
      let published = try run(
        NpmLab.widget("1.0.0") + "\nnpm publish --access public\n" + NpmLab.widget("1.1.0-rc.1")
          + "\nnpm publish --tag beta"
      )
      #expect(published.contains("+ @acme/widget@1.0.0"))
      let again = try shell.run(
        setup + NpmLab.widget("1.0.0", module: "exports.value = 2") + "\nnpm publish"
      )
      #expect(!again.succeeded)
      #expect(
        again.output.contains("409") || again.output.contains("cannot publish over"),
        "\(again.output)"
      )
      let view = try run("npm view @acme/widget@beta --json")
      #expect(view.contains("1.1.0-rc.1") && view.contains("A widget of ours"), "\(view)")
      let tags = try run(
        "npm dist-tag add @acme/widget@1.0.0 stable; npm dist-tag ls @acme/widget"
      )
      #expect(tags.contains("stable: 1.0.0") && tags.contains("beta: 1.1.0-rc.1"), "\(tags)")
      let fewer = try run(
        "npm dist-tag rm @acme/widget stable > /dev/null; npm dist-tag ls @acme/widget"
      )
      #expect(!fewer.contains("stable: ") && fewer.contains("beta: "), "\(fewer)")
      let installed = try run(
        """
        npm install @acme/widget
        node -e 'console.log("value", require("@acme/widget").value)'
        npm audit
        npm deprecate @acme/widget@1.0.0 'use the next one'
        rm -rf .cache node_modules; npm ci
        """
      )
      #expect(installed.contains("value 1"), "\(installed)")
      #expect(installed.contains("found 0 vulnerabilities"), "\(installed)")
      #expect(try run("npm view @acme/widget deprecated").contains("use the next one"))
      #expect(try run("npm search widget --searchlimit 5").contains("@acme/widget"))
      let owners = try run("npm owner add bob @acme/widget; npm owner ls @acme/widget")
      #expect(owners.contains("bob"), "\(owners)")
      let one = try run(
        "npm unpublish @acme/widget@1.1.0-rc.1 --force; npm view @acme/widget versions"
      )
      #expect(!one.contains("'1.1.0-rc.1'") && one.contains("1.0.0"), "\(one)")
      _ = try run("npm unpublish @acme/widget --force")
      #expect(!(try shell.run(setup + "npm view @acme/widget")).succeeded)
      _ = try run("npm logout")
      #expect(!(try shell.run(setup + "npm whoami")).succeeded)
    }
  }

  @Test func `the AWS tools log npm in`() throws {
    try NpmLab.withHosted { shell, server in
      let outcome = try shell.run(
        """
        . ./team.aws; aws codeartifact login --tool npm --domain acme --repository team
        npm ping && npm whoami
        """
      )
      #expect(outcome.succeeded, "\(outcome.output)\n\(server.said)")
      #expect(outcome.output.contains("administrator"))
    }
  }

  /// A web login falls back to the older one, whose refusal says where tokens come from.
  ///
  /// Whoever has no token at all gets a 401, of which npm prints words of its own.
  @Test(arguments: [NpmClient.npm10, .npm11])
  func `npm login is refused with the way to a token`(client: NpmClient) throws {
    try NpmLab.withHosted { shell, server in
      for type in ["legacy", "web"] {
        let refused = try shell.run(
          ". ./team.env\n" + client.project(in: "app-\(type)", dependencies: "")
            + "python3 \(Checkout.support("npm_login.py")) \(type)"
        )
        #expect(!refused.succeeded, "\(type): \(refused.output)")
        let advice = "get a token with `aws codeartifact login --tool npm`"
        #expect(refused.output.contains(advice), "\(type): \(refused.output)\n\(server.said)")
      }
    }
  }

  @Test(arguments: [NpmClient.yarn, .berry, .bun])
  func `other clients publish too, and everyone installs it`(client: NpmClient) throws {
    try NpmLab.withHosted { shell, server in
      let publish =
        switch client {
        case .yarn: "yarnpkg publish --non-interactive --new-version 1.0.0 --access public"
        case .berry:
          "cp ../.yarnrc.yml .; touch yarn.lock; \(client.program) install; \(client.program) npm publish --access public"
        default: "NPM_CONFIG_TOKEN=$TOKEN bun publish --registry $REGISTRY"
        }
      let published = try shell.run(
        ". ./team.env\n" + client.project(in: "maker", dependencies: "") + NpmLab.widget("1.0.0")
          + "\n"
          + publish
      )
      try #require(published.succeeded, "\(published.output)\n\(server.said)")
      let again = try shell.run(
        ". ./team.env\n" + client.project(in: "maker", dependencies: "")
          + NpmLab.widget("1.0.0", module: "exports.value = 2") + "\n" + publish
      )
      #expect(!again.succeeded, "\(again.output)")
      #expect(again.output.contains("a published version never changes"), "\(again.output)")
      // Yarn 1 shows the words, and no status.
      #expect(client == .yarn || again.output.contains("409"), "\(again.output)")
      for user in NpmClient.allCases {
        let installed = try shell.run(
          ". ./team.env\n"
            + user.project(in: "user-\(user)", dependencies: #""@acme/widget": "^1.0.0""#)
            + user.install + "\n"
            + #"node -e 'console.log("value", require("@acme/widget").value)'"#
        )
        #expect(installed.succeeded, "\(user): \(installed.output)\n\(server.said)")
        #expect(installed.output.contains("value 1"), "\(user)")
      }
    }
  }

  /// Acceptance: a real tree, cold, warm, from the lock file, and with the upstream cut off.
  @Test func `every client installs npm's own tree through a downstream repository`() throws {
    try NpmLab.withProxy { shell, outside, server in
      func setup(_ client: NpmClient) -> String {
        ". ./team.env\n"
          + client.project(
            in: "app-\(client)",
            dependencies: #""pacote": "*", "@npmcli/arborist": "*""#
          )
      }
      func run(_ client: NpmClient, _ command: String, _ what: String) throws {
        let started = Date()
        let outcome = try shell.run(
          setup(client) + command + "\nls node_modules/pacote/package.json\n"
            + #"node -e 'require("pacote"); console.log("loaded")'"#
        )
        #expect(outcome.succeeded, "\(client), \(what): \(outcome.output)\n\(server.said)")
        #expect(outcome.output.contains("loaded"), "\(client), \(what)")
        print("\(client), \(what): \(String(format: "%.1f", -started.timeIntervalSinceNow)) s")
      }
      for client in NpmClient.allCases {
        try run(client, client.install, client == .npm10 ? "cold" : "warm")
        try run(client, client.reinstall, "from its lock file")
      }
      outside.stop()
      let words = try shell.run(". ./team.env; echo ${REGISTRY}pacote $TOKEN").output
        .split(whereSeparator: \.isWhitespace).map(String.init)
      #expect(try shell.isStale(words[0], token: words[1]), "\(words[0])\n\(server.said)")
      for client in NpmClient.allCases {
        try run(client, client.reinstall, "with the upstream cut off")
        // Resolving anew needs the packuments too.
        try run(client, client.resolveAnew, "resolved anew, cut off")
      }
    }
  }

  /// Acceptance 5: somebody outside who takes the name of a private package gains nothing.
  @Test func `a private name is not taken from outside`() throws {
    try NpmLab.withProxy { shell, outside, server in
      func publish(_ version: String, _ place: String) -> String {
        ". ./\(place).env\n" + NpmClient.npm10.project(in: place, dependencies: "")
          + NpmLab.widget(version) + "\nnpm publish"
      }
      for script in [publish("1.0.0", "team"), publish("9.9.9", "outside")] {
        let published = try shell.run(script)
        try #require(published.succeeded, "\(published.output)\n\(server.said)\n\(outside.said)")
      }
      let installed = try shell.run(
        ". ./team.env\n" + NpmClient.npm10.project(in: "app", dependencies: "")
          + "npm install @acme/widget; npm ls; npm view @acme/widget versions"
      )
      #expect(installed.succeeded, "\(installed.output)\n\(server.said)")
      #expect(installed.output.contains("@acme/widget@1.0.0"), "\(installed.output)")
      #expect(!installed.output.contains("9.9.9"), "\(installed.output)")
    }
  }
}

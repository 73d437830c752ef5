import Foundation
import Testing

/// What npm's clients make of a version that its publisher regrets.
@Suite(
  "npm clients and versions that are taken back",
  .serialized,
  .inTurn,
  .timeLimit(.minutes(15))
)
struct NpmResolverClientTests {
  private struct Lab {
    let shell: Shell
    let server: LarderServer

    /// Runs a script in a client's project, and then says what was installed.
    func attempt(_ client: NpmClient, _ wanted: String, _ script: String) throws -> Outcome {
      try shell.run(
        """
        . ./team.env
        \(client.project(in: "app-\(client)", dependencies: "\"@acme/widget\": \"\(wanted)\""))
        \(script)
        \(NpmClient.version(of: "@acme/widget"))
        """
      )
    }

    /// An attempt that has to succeed; returns what was said.
    func run(_ client: NpmClient, _ wanted: String, _ script: String) throws -> String {
      let outcome = try attempt(client, wanted, script)
      #expect(outcome.succeeded, "\(client): \(outcome.output)\n\(server.said)")
      return outcome.output
    }

    /// Runs a script of the maker, npm 10; it has to succeed.
    func make(_ script: String) throws {
      let outcome = try shell.run(
        ". ./team.env\n" + NpmClient.npm10.project(in: "maker", dependencies: "") + script
      )
      try #require(outcome.succeeded, "\(outcome.output)\n\(server.said)")
    }

    func set(_ status: String) throws {
      let outcome = try shell.run(
        """
        . ./team.aws; aws codeartifact update-package-versions-status --domain acme \
          --repository team --format npm --namespace acme --package widget --versions 1.1.0 \
          --target-status \(status)
        """
      )
      try #require(outcome.succeeded, "\(outcome.output)\n\(server.said)")
    }
  }

  /// Two versions, of which every client has the greater one in its lock file.
  private func withTwoVersions(_ body: (Lab) throws -> Void) throws {
    try NpmLab.withHosted { shell, server in
      let lab = Lab(shell: shell, server: server)
      for version in ["1.0.0", "1.1.0"] {
        try lab.make(NpmLab.widget(version) + "\nnpm publish")
      }
      for client in NpmClient.allCases {
        let installed = try lab.run(client, "^1.0.0", client.install)
        #expect(installed.contains("1.1.0 of @acme/widget"), "\(client): \(installed)")
      }
      try body(lab)
    }
  }

  /// The resolvers of Yarn 1 and Deno take the greatest version and say that it is deprecated.
  @Test func `a deprecated version is passed over, or taken with a warning`() throws {
    try withTwoVersions { lab in
      try lab.make("npm deprecate @acme/widget@1.1.0 'it leaks'")
      for client in NpmClient.allCases {
        let installed = try lab.run(client, "^1.0.0", client.resolveAnew)
        let takesIt = client == .yarn || client == .deno
        let found = "\(takesIt ? "1.1.0" : "1.0.0") of @acme/widget"
        #expect(installed.contains(found), "\(client): \(installed)")
        #expect(installed.contains("it leaks") == takesIt, "\(client): \(installed)")
      }
      try lab.make("npm deprecate @acme/widget@1.0.0 'it leaks too'")
      for client in NpmClient.allCases {
        let installed = try lab.run(client, "~1.0.0", client.resolveAnew)
        #expect(installed.contains("1.0.0 of @acme/widget"), "\(client): \(installed)")
        #expect(installed.contains("it leaks too"), "\(client): \(installed)")
      }
    }
  }

  @Test func `a version that is taken away is found no more, and unlisted a lock still has it`()
    throws
  {
    try withTwoVersions { lab in
      try lab.set("Unlisted")
      for client in NpmClient.allCases {
        let locked = try lab.run(client, "^1.0.0", client.reinstall)
        #expect(locked.contains("1.1.0 of @acme/widget"), "\(client): \(locked)")
        let other = "rm -rf ../anew; cp -r . ../anew; cd ../anew\n"
        let anew = try lab.run(client, "^1.0.0", other + client.resolveAnew)
        #expect(anew.contains("1.0.0 of @acme/widget"), "\(client): \(anew)")
      }
      try lab.set("Published")
      try lab.make("npm unpublish @acme/widget@1.1.0 --force")
      for client in [NpmClient.npm10, .npm11] {
        let locked = try lab.attempt(client, "^1.0.0", client.reinstall)
        #expect(!locked.succeeded && locked.output.contains("E404"), "\(locked.output)")
        let anew = try lab.run(client, "^1.0.0", client.resolveAnew)
        #expect(anew.contains("1.0.0 of @acme/widget"), "\(client): \(anew)")
      }
    }
  }
}

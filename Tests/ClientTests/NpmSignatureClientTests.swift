import Foundation
import Testing

/// `npm audit signatures` through a repository, against a registry that signs what it has.
@Suite("npm signature clients", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct NpmSignatureClientTests {
  @Test func `npm verifies a registry's signatures, and finds the one that is wrong`() throws {
    let npm = try Running(
      "/usr/bin/env",
      ["python3", Checkout.support("fake_npm.py"), "--signed"],
      ready: { Int($0) != nil }
    )
    defer { npm.stop() }
    let port = npm.said.prefix { $0 != "\n" }
    let server = try LarderServer(
      upstream: "http://127.0.0.1:9/simple/",
      flags: ["--external", "public:npmjs=http://127.0.0.1:\(port)/"]
    )
    defer { server.remove() }
    let shell = try Shell()
    defer { shell.remove() }
    let made = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      aws codeartifact create-domain --domain acme
      aws codeartifact create-repository --domain acme --repository team
      aws codeartifact associate-external-connection --domain acme --repository team \
        --external-connection public:npmjs
      registry=$(aws codeartifact get-repository-endpoint --domain acme --repository team \
        --format npm --query repositoryEndpoint --output text)
      token=$(aws codeartifact get-authorization-token --domain acme \
        --query authorizationToken --output text)
      echo "export REGISTRY=$registry TOKEN=$token" > team.env
      """
    )
    try #require(made.succeeded, "\(made.output)\n\(server.said)")
    func audit(_ version: String) throws -> Outcome {
      try shell.run(
        ". ./team.env\nrm -rf app\n" + NpmClient.npm10.project(in: "app", dependencies: "")
          + "npm install --no-audit aged@\(version)\n"
          + "NODE_OPTIONS='--require \(Checkout.support("without_tuf.js"))' npm audit signatures"
      )
    }
    let right = try audit("1.1.0")
    #expect(right.succeeded, "\(right.output)\n\(server.said)")
    #expect(right.output.contains("1 package has a verified registry signature"))
    let wrong = try audit("1.0.0")
    #expect(!wrong.succeeded)
    #expect(wrong.output.contains("1 package has an invalid registry signature"), "\(wrong.output)")
  }
}

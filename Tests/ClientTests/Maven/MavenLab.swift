import Foundation
import Testing

/// A server with repositories for Maven's clients, and a scratch home to run them in.
///
/// `store` is connected to `public:maven-central`, which points to `upstream`; `team` has it as its
/// upstream. The variables `BASE` and `TOKEN` are `team`'s address and a token.
struct MavenLab {
  var shell: Shell
  let server: LarderServer

  /// Runs `body` in a lab of its own.
  static func run(
    upstream: String = "http://127.0.0.1:9/",
    flags: [String] = [],
    _ body: (MavenLab) throws -> Void
  ) throws {
    let server = try LarderServer(
      upstream: "http://127.0.0.1:9/simple/",
      flags: ["--external", "public:maven-central=\(upstream)"] + flags
    )
    defer { server.remove() }
    var lab = MavenLab(shell: try Shell(), server: server)
    defer { lab.shell.remove() }
    try lab.prepare()
    try body(lab)
  }

  private mutating func prepare() throws {
    let made = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      export -p | grep AWS_ > exports
      aws codeartifact create-domain --domain acme > /dev/null
      aws codeartifact create-repository --domain acme --repository store > /dev/null
      aws codeartifact associate-external-connection --domain acme --repository store \
        --external-connection public:maven-central > /dev/null
      aws codeartifact create-repository --domain acme --repository team \
        --upstreams repositoryName=store > /dev/null
      aws codeartifact get-authorization-token --domain acme --query authorizationToken \
        --output text
      aws codeartifact get-repository-endpoint --domain acme --repository team --format maven \
        --query repositoryEndpoint --output text
      """
    )
    let lines = made.output.split(separator: "\n").map(String.init)
    try #require(made.succeeded && lines.count >= 2, "\(made.output)\n\(server.said)")
    shell.environment["TOKEN"] = lines[lines.count - 2]
    shell.environment["BASE"] = lines[lines.count - 1]
    let settings = [
      (
        "local.xml",
        "<id>debian</id><mirrorOf>central</mirrorOf><url>file://\(StaticRepository.folder)</url>"
      ),
      ("mirror.xml", "<id>lab</id><mirrorOf>*</mirrorOf><url>\(base)</url>"),
    ]
    for (name, mirror) in settings {
      try Self.settings(mirror: mirror, token: token)
        .write(to: shell.home.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
  }

  var base: String { shell.environment["BASE"] ?? "" }
  var token: String { shell.environment["TOKEN"] ?? "" }

  /// `team`'s address with the token in it, for another server's `--external`.
  var addressWithToken: String { base.replacing("http://", with: "http://aws:\(token)@") }

  /// Settings whose plugins come through `mirror`, with the token for the server `lab`.
  static func settings(mirror: String, token: String, policy: String = "ignore") -> String {
    let repository = """
      <id>central</id><url>https://central.invalid</url>
      <releases><checksumPolicy>\(policy)</checksumPolicy></releases>
      <snapshots><enabled>false</enabled></snapshots>
      """
    return """
      <settings>
      <mirrors><mirror>\(mirror)</mirror></mirrors>
      <servers><server><id>lab</id><username>aws</username><password>\(token)</password></server></servers>
      <profiles><profile><id>d</id><activation><activeByDefault>true</activeByDefault></activation>
      <repositories><repository>\(repository)</repository></repositories>
      <pluginRepositories><pluginRepository>\(repository)</pluginRepository></pluginRepositories>
      </profile></profiles></settings>

      """
  }

  /// Writes a project that is built with the plugins of this machine, and deployed to `lab`;
  /// `needs` are versions by the names of other such projects.
  func write(
    _ artifact: String,
    _ version: String,
    needs: [String: String] = [:],
    says text: String = "first"
  ) throws {
    let folder = shell.home.appendingPathComponent(artifact)
    let sources = folder.appendingPathComponent("src/main/java/org/acme")
    try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
    let source = "package org.acme; public class C_\(artifact) { String says = \"\(text)\"; }\n"
    try source.write(
      to: sources.appendingPathComponent("C_\(artifact).java"),
      atomically: true,
      encoding: .utf8
    )
    try project(artifact, version, needs: needs)
      .write(to: folder.appendingPathComponent("pom.xml"), atomically: true, encoding: .utf8)
  }

  private func project(_ artifact: String, _ version: String, needs: [String: String]) -> String {
    let plugins = [
      ("deploy", "3.0.0"), ("install", "3.1.0"), ("jar", "3.3.0"), ("compiler", "3.10.1"),
      ("resources", "3.3.0"), ("surefire", "2.22.3"), ("source", "3.2.1"),
    ]
    let pinned = plugins.map {
      "<plugin><artifactId>maven-\($0.0)-plugin</artifactId><version>\($0.1)</version></plugin>"
    }.joined()
    let dependencies = needs.map {
      "<dependency><groupId>org.acme</groupId><artifactId>\($0.key)</artifactId>"
        + "<version>\($0.value)</version></dependency>"
    }.joined()
    return """
      <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
      <groupId>org.acme</groupId><artifactId>\(artifact)</artifactId><version>\(version)</version>
      <name>The \(artifact)</name><description>Made for a test</description>
      <licenses><license><name>Apache-2.0</name></license></licenses>
      <properties>
      <maven.compiler.source>11</maven.compiler.source><maven.compiler.target>11</maven.compiler.target>
      <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
      <maven.test.skip>true</maven.test.skip>
      </properties>
      <repositories><repository><id>lab</id><url>\(base)</url>
      <releases><checksumPolicy>fail</checksumPolicy></releases>
      <snapshots><enabled>true</enabled><checksumPolicy>fail</checksumPolicy></snapshots>
      </repository></repositories>
      <distributionManagement><repository><id>lab</id><url>\(base)</url></repository></distributionManagement>
      <build><plugins>\(pinned)</plugins></build>
      <dependencies>\(dependencies)</dependencies>
      </project>

      """
  }

  /// How many requests of Maven's clients the server has answered.
  var requestCount: Int {
    server.said.split(separator: "\n").count { $0.contains(" method=GET path=/maven/") }
  }

  /// Sets the status of a version of a package of `org.acme`.
  func set(_ version: String, of package: String = "widget", to status: String) throws {
    let outcome = try shell.run(
      """
      . ./exports
      aws codeartifact update-package-versions-status --domain acme --repository team \
        --format maven --namespace org.acme --package \(package) --versions \(version) \
        --target-status \(status)
      """
    )
    try #require(outcome.succeeded, "\(outcome.output)\n\(server.said)")
  }

  /// Starts a second server on the data of the first, which has to have been stopped, and points
  /// the settings to it.
  func restart(flags: [String]) throws -> LarderServer {
    let second = try LarderServer(
      data: server.data,
      upstream: "http://127.0.0.1:9/simple/",
      flags: flags
    )
    let moved = try shell.run("sed -i 's#\(server.address)#\(second.address)#' *.xml exports")
    try #require(moved.succeeded, "\(moved.output)")
    return second
  }

  /// Runs Maven in a project's folder with the local repository `cache`.
  func maven(
    _ goals: String,
    in artifact: String,
    settings: String = "local.xml",
    cache: String = "m2"
  ) throws -> Outcome {
    try shell.run(
      "cd \(artifact); rm -rf target\nmvn -B -ntp -s ../\(settings) -Dmaven.repo.local=$HOME/\(cache) \(goals)"
    )
  }
}

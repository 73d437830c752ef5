import Foundation
import Testing

/// Maven itself, hosted and through upstreams.
@Suite("Maven", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct MavenClientTests {
  @Test func `a project is deployed, found by version and by range, and cannot be changed`() throws
  {
    try MavenLab.run { lab in
      try lab.write("widget", "1.0")
      let first = try lab.maven("deploy source:jar", in: "widget")
      try #require(first.succeeded, "\(first.output)\n\(lab.server.said)")
      try lab.write("widget", "1.1", says: "second")
      let second = try lab.maven("deploy", in: "widget")
      try #require(second.succeeded, "\(second.output)")

      try lab.write("app", "1", dependency: "1.0")
      let exact = try lab.maven("package", in: "app", cache: "one")
      #expect(exact.succeeded, "\(exact.output)\n\(lab.server.said)")
      try lab.write("app", "1", dependency: "[1.0,2.0)")
      let range = try lab.maven("package", in: "app", cache: "two")
      #expect(range.succeeded, "\(range.output)")
      let found = try lab.shell.run("ls two/org/acme/widget/1.1/widget-1.1.jar")
      #expect(found.succeeded, "the greatest version in the range: \(found.output)")

      try lab.write("widget", "1.0", says: "changed")
      let changed = try lab.maven("deploy", in: "widget")
      #expect(!changed.succeeded)
      #expect(changed.output.contains("409"), "\(changed.output)")
      let metadata = try lab.shell.run(
        "curl -sf -u aws:$TOKEN ${BASE}org/acme/widget/maven-metadata.xml"
      )
      #expect(metadata.output.contains("<release>1.1</release>"), "\(metadata.output)")
      let described = try lab.shell.run(
        """
        . ./exports
        aws codeartifact describe-package-version --domain acme --repository team --format maven \
          --namespace org.acme --package widget --package-version 1.0
        """
      )
      #expect(described.output.contains("Made for a test"), "\(described.output)")
      #expect(described.output.contains("Apache-2.0"))
    }
  }

  @Test func `a snapshot is deployed again and again, and the newest is found`() throws {
    try MavenLab.run { lab in
      for text in ["first", "second"] {
        try lab.write("widget", "1.0-SNAPSHOT", says: text)
        let deployed = try lab.maven("deploy", in: "widget")
        try #require(deployed.succeeded, "\(deployed.output)\n\(lab.server.said)")
        try lab.write("app", "1", dependency: "1.0-SNAPSHOT")
        let built = try lab.maven("-U package", in: "app", cache: "app-cache")
        #expect(built.succeeded, "\(built.output)\n\(lab.server.said)")
        let said = try lab.shell.run(
          """
          cd app-cache/org/acme/widget/1.0-SNAPSHOT
          unzip -p widget-1.0-SNAPSHOT.jar org/acme/C_widget.class | grep -ao "\(text)"
          """
        )
        #expect(said.succeeded, "\(text): \(said.output)")
      }
      let metadata = try lab.shell.run(
        "curl -sf -u aws:$TOKEN ${BASE}org/acme/widget/1.0-SNAPSHOT/maven-metadata.xml"
      )
      #expect(metadata.output.contains("<buildNumber>2</buildNumber>"), "\(metadata.output)")
      let versions = try lab.shell.run(
        """
        . ./exports
        aws codeartifact list-package-versions --domain acme --repository team --format maven \
          --namespace org.acme --package widget --query 'versions[].status' --output text
        """
      )
      #expect(
        versions.output.split(whereSeparator: \.isWhitespace).sorted() == [
          "Published", "Unlisted", "Unlisted",
        ]
      )
    }
  }

  /// Plugins, parents and dependencies, all through one address.
  @Test func `a whole build comes through a mirror of everything, cold, warm and cut off`() throws {
    let upstream = try StaticRepository()
    defer { upstream.stop() }
    try MavenLab.run(upstream: upstream.address) { lab in
      try lab.write("widget", "1.0")
      let straight = "<id>lab</id><mirrorOf>*</mirrorOf><url>\(upstream.address)</url>"
      try MavenLab.settings(mirror: straight, token: lab.token)
        .write(
          to: lab.shell.home.appendingPathComponent("straight.xml"),
          atomically: true,
          encoding: .utf8
        )
      // Once unmeasured, so that neither measured run pays for starting cold.
      _ = try lab.maven("package", in: "widget", settings: "straight.xml", cache: "zero")
      var times: [String] = []
      func build(_ name: String, settings: String) throws {
        let began = ContinuousClock.now
        let outcome = try lab.maven("package", in: "widget", settings: settings, cache: name)
        try #require(
          outcome.succeeded,
          "\(name): \(outcome.output.suffix(4000))\n\(lab.server.said)"
        )
        times.append("\(name) \(ContinuousClock.now - began)")
      }
      try build("straight", settings: "straight.xml")
      let before = upstream.hitCount
      try build("cold", settings: "mirror.xml")
      let fetched = upstream.hitCount - before
      #expect(fetched > 50)
      try build("warm", settings: "mirror.xml")
      #expect(upstream.hitCount - before == fetched, "nothing is fetched twice")
      upstream.stop()
      try build("cut-off", settings: "mirror.xml")
      print("Maven, \(fetched) files: \(times.joined(separator: ", "))")
    }
  }

  @Test func `another server's repository is an upstream, with its checksums`() throws {
    try MavenLab.run { first in
      try first.write("widget", "1.0")
      let deployed = try first.maven("deploy", in: "widget")
      try #require(deployed.succeeded, "\(deployed.output)")
      try MavenLab.run(upstream: first.addressWithToken) { lab in
        try lab.write("app", "1", dependency: "[1.0,2.0)")
        for cache in ["cold", "warm"] {
          let built = try lab.maven("package", in: "app", cache: cache)
          #expect(built.succeeded, "\(cache): \(built.output)\n\(lab.server.said)")
        }
        first.server.stop()
        let built = try lab.maven("package", in: "app", cache: "cut-off")
        #expect(built.succeeded, "\(built.output)\n\(lab.server.said)")
        try lab.write("widget", "1.0", says: "mine")
        let published = try lab.maven("deploy", in: "widget")
        #expect(!published.succeeded, "a version that is there cannot be published")
      }
    }
  }

  @Test func `without a token nothing is had, and Maven says why`() throws {
    try MavenLab.run { lab in
      try lab.write("widget", "1.0")
      let refused = try lab.shell.run(
        "sed -i 's#<password>.*</password>#<password>wrong</password>#' local.xml\n"
          + "cd widget; mvn -B -ntp -s ../local.xml -Dmaven.repo.local=$HOME/m2 deploy"
      )
      #expect(!refused.succeeded)
      #expect(refused.output.contains("401"), "\(refused.output)")
    }
  }
}

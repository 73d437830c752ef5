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

      try lab.write("app", "1", needs: ["widget": "1.0"])
      let exact = try lab.maven("package", in: "app", cache: "one")
      #expect(exact.succeeded, "\(exact.output)\n\(lab.server.said)")
      try lab.write("app", "1", needs: ["widget": "[1.0,2.0)"])
      let range = try lab.maven("package", in: "app", cache: "two")
      #expect(range.succeeded, "\(range.output)")
      let found = try lab.shell.run("ls two/org/acme/widget/1.1/widget-1.1.jar")
      #expect(found.succeeded, "the greatest version in the range: \(found.output)")

      try lab.set("1.1", to: "Unlisted")
      let fewer = try lab.maven("package", in: "app", cache: "three")
      #expect(fewer.succeeded, "\(fewer.output)")
      let lesser = try lab.shell.run("ls three/org/acme/widget/1.0/widget-1.0.jar")
      #expect(lesser.succeeded, "what is unlisted is in no range: \(lesser.output)")
      try lab.write("app", "1", needs: ["widget": "1.1"])
      let pinned = try lab.maven("package", in: "app", cache: "four")
      #expect(pinned.succeeded, "what is unlisted is had by its version: \(pinned.output)")
      try lab.set("1.1", to: "Archived")
      let archived = try lab.maven("package", in: "app", cache: "five")
      #expect(!archived.succeeded)
      #expect(archived.output.contains("org.acme:widget:jar:1.1"), "\(archived.output)")
      try lab.set("1.1", to: "Published")

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
        try lab.write("app", "1", needs: ["widget": "1.0-SNAPSHOT"])
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
      let filesBefore = upstream.hitCount
      try build("cold", settings: "mirror.xml")
      // 260 were seen, and 308 where this machine has more plugins; what nobody has is among them.
      let asked = lab.requestCount
      #expect(asked > 200)
      let fetched = upstream.hitCount - filesBefore
      #expect(fetched > 100, "most of them are files of plugins and their parents")
      let requested = upstream.requestCount
      try build("warm", settings: "mirror.xml")
      #expect(lab.requestCount >= 2 * asked, "a new local repository asks for everything again")
      #expect(upstream.requestCount == requested, "nothing is fetched or missed twice")
      upstream.stop()
      try build("cut-off", settings: "mirror.xml")
      // The same when all that may be asked again has to be.
      lab.server.stop()
      let second = try lab.restart(
        flags: ["--external", "public:maven-central=\(upstream.address)", "--freshness", "0"]
      )
      defer { second.stop() }
      try build("cut-off-anew", settings: "mirror.xml")
      print("Maven, \(asked) requests, \(fetched) files: \(times.joined(separator: ", "))")
    }
  }

  @Test func `another server's repository is an upstream, with its checksums`() throws {
    // One that lives: the first server would answer 503 for a dead one, and be taken for dead.
    let outside = try StaticRepository()
    defer { outside.stop() }
    try MavenLab.run(upstream: outside.address) { first in
      try first.write("widget", "1.0")
      let deployed = try first.maven("deploy", in: "widget")
      try #require(deployed.succeeded, "\(deployed.output)")
      let address = first.addressWithToken
      try MavenLab.run(upstream: address, flags: ["--freshness", "0"]) { lab in
        // Snapshots never come from outside.
        try lab.write("gear", "1.0-SNAPSHOT")
        let snapshot = try lab.maven("deploy", in: "gear")
        try #require(snapshot.succeeded, "\(snapshot.output)\n\(lab.server.said)")
        try lab.write("app", "1", needs: ["widget": "[1.0,2.0)", "gear": "1.0-SNAPSHOT"])
        for cache in ["cold", "warm"] {
          let built = try lab.maven("package", in: "app", cache: cache)
          #expect(built.succeeded, "\(cache): \(built.output)\n\(lab.server.said)")
        }
        first.server.stop()
        let metadata = lab.base + "org/acme/widget/maven-metadata.xml"
        #expect(try lab.shell.isStale(metadata, token: lab.token), "\(lab.server.said)")
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

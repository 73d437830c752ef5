import Foundation
import Testing

/// Gradle and Ivy, which read what Maven deployed and what comes from outside, and publish in
/// Maven's layout with Ivy's description of a module.
@Suite("Gradle and Ivy", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct MavenFamilyClientTests {
  /// A library of this machine's own repository with all that it needs.
  private static let tree = [
    "httpclient-4.5.14.jar", "httpcore-debian.jar", "commons-logging-debian.jar",
    "commons-codec-debian.jar",
  ]

  /// One lab for both: a JVM takes seconds to start, and Maven is needed to begin with.
  @Test func `both find versions and trees, cold, warm and cut off, and publish`() throws {
    let upstream = try StaticRepository()
    defer { upstream.stop() }
    try MavenLab.run(upstream: upstream.address, flags: ["--freshness", "0"]) { lab in
      for version in ["1.0", "1.1"] {
        try lab.write("widget", version, says: version)
        let deployed = try lab.maven("deploy", in: "widget")
        try #require(deployed.succeeded, "\(deployed.output)\n\(lab.server.said)")
      }
      try writeGradle(lab)
      try writeIvy(lab)
      func found(_ outcome: Outcome, _ more: String..., by client: String) {
        for name in Self.tree + more {
          #expect(outcome.output.contains("found \(name)\n"), "\(client): \(outcome.output)")
        }
      }
      let gradle = try self.gradle(lab, "show publish", home: "cold")
      #expect(gradle.succeeded, "\(gradle.output)\n\(lab.server.said)")
      found(gradle, "widget-1.1.jar", "pinned widget-1.0.jar", by: "Gradle, cold")
      let ivy = try retrieve(lab, ["widget": "[1.0,2.0)"], cache: "cold")
      #expect(ivy.succeeded, "\(ivy.output)\n\(lab.server.said)")
      found(ivy, "widget-1.1.jar", by: "Ivy")

      try lab.set("1.1", to: "Unlisted")
      let warm = try self.gradle(lab, "show publish", home: "warm", says: "changed")
      #expect(!warm.succeeded)
      #expect(warm.output.contains("Received status code 409"), "\(warm.output)")
      found(warm, "widget-1.0.jar", by: "Gradle, warm")
      let published = try publish(lab, "widget/target/widget-1.1.jar")
      #expect(published.succeeded, "\(published.output)\n\(lab.server.said)")
      let changed = try publish(lab, "/usr/share/java/ivy.jar")
      #expect(!changed.succeeded)
      #expect(changed.output.contains("failed with status code 409"), "\(changed.output)")
      // Neither of them says when it is done, as Maven does by its metadata.
      for package in ["sprocket", "cog"] { try lab.set("1.0", of: package, to: "Published") }

      upstream.stop()
      let offline = try self.gradle(lab, "show", home: "cut-off")
      #expect(offline.succeeded, "\(offline.output)\n\(lab.server.said)")
      found(offline, "widget-1.0.jar", by: "Gradle, cut off")
      let needs = ["widget": "[1.0,2.0)", "cog": "1.0", "sprocket": "1.0"]
      let last = try retrieve(lab, needs, cache: "cut-off")
      #expect(last.succeeded, "\(last.output)\n\(lab.server.said)")
      found(last, "widget-1.0.jar", "cog-1.0.jar", "sprocket-1.0.jar", by: "Ivy, cut off")
    }
  }

  private func writeGradle(_ lab: MavenLab) throws {
    let made = try lab.shell.run(
      """
      mkdir -p sprocket/src/main/java; cd sprocket
      cat > build.gradle <<'END'
      apply plugin: 'java'
      apply plugin: 'ivy-publish'
      group = 'org.acme'; version = '1.0'
      repositories { maven { url System.env.BASE
        credentials { username 'aws'; password System.env.TOKEN } } }
      configurations { pinned }
      dependencies { compile 'org.acme:widget:1.+', 'org.apache.httpcomponents:httpclient:4.5.14'
        pinned 'org.acme:widget:1.0' }
      task show { doLast {
        configurations.compile.each { println "found ${it.name}" }
        configurations.pinned.each { println "found pinned ${it.name}" } } }
      publishing {
        publications { ivy(IvyPublication) { from components.java } }
        repositories { ivy { layout 'maven'
          url System.env.BASE
          credentials { username 'aws'; password System.env.TOKEN } } } }
      END
      """
    )
    try #require(made.succeeded, "\(made.output)")
  }

  /// Runs Gradle with nothing at hand but the project, whose class says `text`.
  private func gradle(
    _ lab: MavenLab,
    _ tasks: String,
    home: String,
    says text: String = "first"
  ) throws -> Outcome {
    try lab.shell.run(
      """
      cd sprocket; rm -rf .gradle build
      echo 'public class Sprocket { String says = "\(text)"; }' > src/main/java/Sprocket.java
      GRADLE_USER_HOME=$HOME/gradle-\(home) \
        gradle --no-daemon --console=plain --continue \(tasks)
      """
    )
  }

  private func writeIvy(_ lab: MavenLab) throws {
    let made = try lab.shell.run(
      """
      mkdir cog
      cat > cog/ivysettings.xml <<END
      <ivysettings>
        <settings defaultResolver="lab"/>
        <credentials host="127.0.0.1" realm="acme/team" username="aws" passwd="$TOKEN"/>
        <resolvers>
          <ibiblio name="lab" m2compatible="true" root="$BASE"/>
          <url name="out" m2compatible="true">
            <ivy pattern="${BASE}[organisation]/[module]/[revision]/ivy-[revision].xml"/>
            <artifact
              pattern="${BASE}[organisation]/[module]/[revision]/[artifact]-[revision].[ext]"/>
          </url>
        </resolvers>
      </ivysettings>
      END
      cat > cog/ivy.xml <<'END'
      <ivy-module version="2.0"><info organisation="org.acme" module="cog" revision="1.0"/>
      <configurations><conf name="default"/></configurations>
      <publications><artifact name="cog" type="jar" ext="jar"/></publications></ivy-module>
      END
      """
    )
    try #require(made.succeeded, "\(made.output)")
  }

  private static let ivy = "cd cog; java -jar /usr/share/java/ivy.jar -settings ivysettings.xml"

  /// Retrieves a project's dependencies: ours with these versions, and the tree from outside.
  private func retrieve(
    _ lab: MavenLab,
    _ needs: [String: String],
    cache: String
  ) throws -> Outcome {
    let ours = needs.map {
      "<dependency org=\"org.acme\" name=\"\($0.key)\" rev=\"\($0.value)\" conf=\"default\"/>"
    }.joined(separator: "\n")
    return try lab.shell.run(
      """
      cat > cog/app.xml <<'END'
      <ivy-module version="2.0"><info organisation="org.acme" module="app" revision="1.0"/>
      <configurations><conf name="default"/></configurations>
      <dependencies>\(ours)
      <dependency org="org.apache.httpcomponents" name="httpclient" rev="4.5.14" conf="default"/>
      </dependencies></ivy-module>
      END
      \(Self.ivy) -ivy app.xml -cache $HOME/ivy-\(cache) \
        -retrieve '\(cache)/[artifact]-[revision].[ext]'
      ls \(cache) | sed 's/^/found /'
      """
    )
  }

  /// Publishes a file as `org.acme:cog:1.0`.
  private func publish(_ lab: MavenLab, _ file: String) throws -> Outcome {
    try lab.shell.run(
      """
      mkdir -p cog/out; cp \(file) cog/out/cog-1.0.jar
      \(Self.ivy) -ivy ivy.xml -cache $HOME/ivy-cold -publish out -revision 1.0 -overwrite \
        -publishpattern 'out/[artifact]-[revision].[ext]'
      """
    )
  }
}

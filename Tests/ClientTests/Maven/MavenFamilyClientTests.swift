import Foundation
import Testing

/// Gradle and Ivy, which read what Maven deployed.
@Suite("Gradle and Ivy", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct MavenFamilyClientTests {
  private func withWidgets(_ body: (MavenLab) throws -> Void) throws {
    try MavenLab.run { lab in
      for version in ["1.0", "1.1"] {
        try lab.write("widget", version, says: version)
        let deployed = try lab.maven("deploy", in: "widget")
        try #require(deployed.succeeded, "\(deployed.output)\n\(lab.server.said)")
      }
      try body(lab)
    }
  }

  @Test func `Gradle resolves a version and a dynamic one`() throws {
    try withWidgets { lab in
      for (wanted, found) in [("1.0", "widget-1.0.jar"), ("1.+", "widget-1.1.jar")] {
        let outcome = try lab.shell.run(
          """
          rm -rf gradle-app; mkdir gradle-app; cd gradle-app
          cat > build.gradle <<'END'
          apply plugin: 'java'
          repositories { maven { url System.env.BASE
            credentials { username 'aws'; password System.env.TOKEN } } }
          dependencies { compile 'org.acme:widget:\(wanted)' }
          task show { doLast { configurations.compile.each { println "found ${it.name}" } } }
          END
          GRADLE_USER_HOME=$HOME/gradle-home gradle --no-daemon --console=plain show
          """
        )
        #expect(outcome.succeeded, "\(outcome.output)\n\(lab.server.said)")
        #expect(outcome.output.contains("found \(found)"), "\(outcome.output)")
      }
    }
  }

  @Test func `Ivy resolves a version and a range`() throws {
    try withWidgets { lab in
      let authority = lab.base.split(separator: "/")[1].split(separator: ":")[0]
      for (wanted, found) in [("1.0", "widget-1.0.jar"), ("[1.0,2.0)", "widget-1.1.jar")] {
        let outcome = try lab.shell.run(
          """
          rm -rf lib
          cat > ivysettings.xml <<END
          <ivysettings>
            <settings defaultResolver="lab"/>
            <credentials host="\(authority)" realm="acme/team" username="aws" passwd="$TOKEN"/>
            <resolvers><ibiblio name="lab" m2compatible="true" root="$BASE"/></resolvers>
          </ivysettings>
          END
          java -jar /usr/share/java/ivy.jar -settings ivysettings.xml -cache $HOME/ivy-cache \
            -dependency org.acme widget '\(wanted)' -retrieve 'lib/[artifact]-[revision].[ext]'
          ls lib
          """
        )
        #expect(outcome.succeeded, "\(outcome.output)\n\(lab.server.said)")
        #expect(outcome.output.contains(found), "\(outcome.output)")
      }
    }
  }
}

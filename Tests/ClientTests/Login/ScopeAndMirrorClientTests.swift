import Foundation
import Testing

/// `larder login` for one scope of npm's, and in place of every other Maven repository.
@Suite("larder login --scope and --mirror", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct ScopeAndMirrorClientTests {
  /// Their default registry is a port where nobody listens.
  @Test func `one scope, by Yarn 1 and 3, Bun and Deno`() throws {
    try LoginLab.run { lab in
      try lab.run(
        """
        user maker; login npm
        mkdir widget; cd widget; echo 'exports.value = 1' > index.js
        echo '{"name": "@acme/widget", "version": "1.0.0"}' > package.json
        npm publish
        """
      )
      let npmrc = "echo 'registry=http://127.0.0.1:9/' > .npmrc"
      let tools = [
        (
          "yarn", "\(npmrc); echo 'registry \"http://127.0.0.1:9/\"' > .yarnrc",
          "NODE_PATH=/usr/share/nodejs yarnpkg install --non-interactive"
        ),
        (
          "yarn-berry",
          """
          printf 'nodeLinker: node-modules\\nenableTelemetry: false\\n' > .yarnrc.yml
          echo 'npmRegistryServer: "http://127.0.0.1:9"' >> .yarnrc.yml
          """,
          "touch yarn.lock; \(NpmClient.berry.program) install"
        ),
        (
          "bun", "printf '[install]\\nregistry = \"http://127.0.0.1:9/\"\\n' > .bunfig.toml",
          "bun install"
        ),
        ("deno", npmrc, NpmClient.deno.install),
      ]
      for (tool, before, install) in tools {
        let said = try lab.run(
          """
          user \(tool); \(before)
          login \(tool) --scope acme
          mkdir app; cd app
          echo '{"name": "app", "version": "1.0.0", "dependencies": {"@acme/widget": "1.0.0"}}' \
            > package.json
          \(install)
          node -e 'console.log("value", require("@acme/widget").value)'
          """
        )
        #expect(said.contains("value 1"), "\(tool): \(said)")
      }
    }
  }

  /// Plugins, parents and all, with no other address in the settings.
  @Test func `Maven builds through a mirror of everything`() throws {
    let upstream = try StaticRepository()
    defer { upstream.stop() }
    let flags = ["--external", "public:maven-central=\(upstream.address)"]
    try LoginLab.run(flags: flags) { lab in
      let jar = ("jar", "3.3.0")
      let plugins = [jar, ("compiler", "3.10.1"), ("resources", "3.3.0"), ("surefire", "2.22.3")]
        .map {
          "<plugin><artifactId>maven-\($0)-plugin</artifactId><version>\($1)</version></plugin>"
        }.joined()
      try lab.run(
        """
        aws codeartifact associate-external-connection --domain acme --repository team \
          --external-connection public:maven-central > connected
        user mirror; login maven --mirror
        mkdir -p app/src/main/java; cd app
        echo 'public class App { }' > src/main/java/App.java
        cat > pom.xml <<'END'
        <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
        <groupId>org.acme</groupId><artifactId>app</artifactId><version>1.0</version>
        <properties><maven.compiler.source>11</maven.compiler.source>
        <maven.compiler.target>11</maven.compiler.target><maven.test.skip>true</maven.test.skip>
        <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
        <build><plugins>\(plugins)</plugins></build></project>
        END
        mvn -B -q -s $HOME/.m2/settings.xml -Dmaven.repo.local=$HOME/local package
        test -f target/app-1.0.jar
        """,
        timeout: 600
      )
      #expect(upstream.hitCount > 50)
    }
  }
}

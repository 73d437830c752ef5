import Foundation
import Testing

/// The server's own TLS, as curl, the AWS tools, uv and SwiftPM see it.
@Suite("TLS clients", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct TLSClientTests {
  /// A server with TLS; the shell has `exports` and `ca.pem`.
  private func withServer(_ body: (Shell, LarderServer) throws -> Void) throws {
    var shell = try Shell()
    defer { shell.remove() }
    let made = try shell.run(TestAuthority.script)
    try #require(made.succeeded, "\(made.output)")
    let server = try LarderServer(
      upstream: "http://127.0.0.1:9/simple/",
      flags: [
        "--tls-certificate", shell.home.appendingPathComponent("chain.pem").path,
        "--tls-key", shell.home.appendingPathComponent("key.pem").path,
      ]
    )
    defer { server.remove() }
    for name in ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"] {
      shell.environment[name] = shell.home.appendingPathComponent("ca.pem").path
    }
    let prepared = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      export -p | grep AWS_ > exports
      aws codeartifact create-domain --domain acme
      aws codeartifact create-repository --domain acme --repository team
      """
    )
    try #require(prepared.succeeded, "\(prepared.output)\n\(server.said)")
    try body(shell, server)
  }

  @Test func `curl and the AWS tools are served, and told https`() throws {
    try withServer { shell, server in
      #expect(server.address.hasPrefix("https://127.0.0.1:"))
      let asked = try shell.run(
        """
        . ./exports; echo "at $AWS_ENDPOINT_URL_CODEARTIFACT"
        curl -sS -o answer -w '%{http_code} %{ssl_verify_result} %{http_version}\\n' \
          $AWS_ENDPOINT_URL_CODEARTIFACT/health
        curl -sS --http1.1 -k --tls-max 1.1 $AWS_ENDPOINT_URL_CODEARTIFACT/health || echo too old
        curl -sS --max-time 5 http://${AWS_ENDPOINT_URL_CODEARTIFACT#https://}/health || echo plain
        aws codeartifact get-repository-endpoint --domain acme --repository team --format npm
        """
      )
      #expect(asked.output.contains("at \(server.address)"), "\(asked.output)")
      #expect(asked.output.contains("200 0 1.1"), "\(asked.output)")
      #expect(asked.output.contains("too old") && asked.output.contains("plain"))
      #expect(asked.output.contains("\(server.address)/npm/d/"), "\(asked.output)")
    }
  }

  @Test func `a renewed certificate is read at SIGHUP, a bad one is not`() throws {
    try withServer { shell, server in
      let serial = """
        serial() { openssl s_client -connect \(server.address.dropFirst(8)) </dev/null 2>/dev/null \
          | openssl x509 -noout -serial; }
        renewed() { for i in $(seq 100); do [ "$(serial)" != "$1" ] && return; done; return 1; }

        """
      let renewed = try shell.run(
        serial + "old=$(serial)\n" + TestAuthority.script
          + "kill -HUP \(server.processIdentifier); renewed $old; curl -sS \(server.address)/health"
      )
      #expect(renewed.succeeded, "\(renewed.output)\n\(server.said)")
      let bad = try shell.run(
        serial + """
          old=$(serial); echo nonsense > key.pem; kill -HUP \(server.processIdentifier)
          serial; serial; [ "$(serial)" = "$old" ] && curl -sS \(server.address)/health
          """
      )
      #expect(bad.succeeded, "\(bad.output)\n\(server.said)")
    }
  }

  @Test func `files that cannot serve keep the server from starting, with the reason`() throws {
    var shell = try Shell()
    defer { shell.remove() }
    shell.environment["days"] = "-1"
    let said = try shell.run(
      TestAuthority.script + """
        serve() {
          local words=$1; shift
          refused "$words" timeout 30 \(LarderServer.program) serve --data $HOME/data \
            --listen 127.0.0.1:0 "$@"
        }
        serve 'chain.pem expired on' --tls-certificate chain.pem --tls-key key.pem
        serve 'it should be given together with --tls-key' --tls-certificate chain.pem
        LARDER_TLS_CERTIFICATE=nowhere.pem serve 'nowhere.pem cannot be read' --tls-key key.pem
        serve 'key.pem is not the key of the first certificate in ca.pem' \
          --tls-certificate ca.pem --tls-key key.pem
        [ ! -e data ]
        """
    )
    #expect(said.succeeded, "\(said.output)")
  }

  @Test func `larder login and uv, whose own store knows the authority; and pip`() throws {
    try withServer { shell, server in
      let said = try shell.run(
        """
        . ./exports; unset PIP_CONFIG_FILE
        \(LarderServer.program) login --tool uv --domain acme --repository team
        mkdir -p mine; cd mine
        printf '[build-system]\\nrequires = ["setuptools"]\\n' > pyproject.toml
        printf 'build-backend = "setuptools.build_meta"\\n' >> pyproject.toml
        printf '[project]\\nname = "mine"\\nversion = "1.0"\\n[tool.setuptools]\\n' >> pyproject.toml
        printf 'py-modules = ["mine"]\\n' >> pyproject.toml; echo 'VALUE = 1' > mine.py
        python -m build --no-isolation --wheel . > /dev/null
        uv publish --index acme-team dist/*; cd ..
        uv venv --quiet two; uv pip install --no-cache --python two/bin/python mine
        two/bin/python -c 'import mine; print("value", mine.VALUE)'
        aws codeartifact login --tool pip --domain acme --repository team
        python3 -m venv --without-pip three
        # These variables beat pip's own --cert.
        unset CURL_CA_BUNDLE SSL_CERT_FILE
        install() { pip --cert $1 --python three/bin/python install --cache-dir cache mine; }
        refused CERTIFICATE_VERIFY_FAILED install \(TestAuthority.bundle)
        install ca.pem; three/bin/python -c 'import mine; print("value", mine.VALUE)'
        """
      )
      #expect(said.succeeded, "\(said.output)\n\(server.said)")
      #expect(said.output.components(separatedBy: "value 1").count == 3, "\(said.output)")
    }
  }

  @Test func `cargo, which is told the authority`() throws {
    try withServer { shell, server in
      let outside = ProcessInfo.processInfo.environment
      let rustup = outside["RUSTUP_HOME"] ?? (outside["HOME"] ?? "/root") + "/.rustup"
      let said = try shell.run(
        #"""
        . ./exports; export CARGO_HOME=$HOME/.cargo RUSTUP_HOME=\#(rustup)
        \#(LarderServer.program) login --tool cargo --domain acme --repository team
        cargo new --quiet --lib --vcs none leaf; cd leaf
        sed -i 's/^edition.*/edition = "2021"\nlicense = "MIT"\ndescription = "A leaf"/' Cargo.toml
        echo 'pub fn value() -> i32 { 1 }' > src/lib.rs
        publish() { cargo publish --registry acme-team --allow-dirty --no-verify; }
        CARGO_HTTP_CAINFO=\#(TestAuthority.bundle) CARGO_NET_RETRY=0 refused certificate publish
        export CARGO_HTTP_CAINFO=$HOME/ca.pem
        publish; cd ..
        cargo new --quiet --vcs none app; cd app
        echo 'leaf = { version = "0.1", registry = "acme-team" }' >> Cargo.toml
        echo 'fn main() { println!("value {}", leaf::value()); }' > src/main.rs
        cargo run --quiet
        """#
      )
      #expect(said.succeeded && said.output.contains("value 1"), "\(said.output)\n\(server.said)")
    }
  }

  @Test(.enabled(if: TestAuthority.canBeTrusted, "needs leave to mount over the trust store"))
  func `SwiftPM logs in, publishes and resolves`() throws {
    try withServer { shell, server in
      let steps = """
        . ./exports
        endpoint=$(aws codeartifact get-repository-endpoint --domain acme --repository team \
          --format swift --query repositoryEndpoint --output text)
        token=$(aws codeartifact get-authorization-token --domain acme \
          --query authorizationToken --output text)
        touch netrc; at=$PWD
        flags="--config-path $at/config --security-path $at/security --cache-path $at/cache"
        flags="$flags --netrc-file $at/netrc"
        mkdir -p leaf/Sources/Leaf app/Sources/App
        cat > leaf/Package.swift <<'END'
        // swift-tools-version:5.9
        import PackageDescription
        let package = Package(name: "leaf", products: [.library(name: "Leaf", targets: ["Leaf"])],
          targets: [.target(name: "Leaf")])
        END
        echo 'public let leaf = 1' > leaf/Sources/Leaf/Leaf.swift
        cat > app/Package.swift <<'END'
        // swift-tools-version:5.9
        import PackageDescription
        let package = Package(name: "app", dependencies: [.package(id: "acme.leaf", from: "1.0.0")],
          targets: [.executableTarget(name: "App",
            dependencies: [.product(name: "Leaf", package: "acme.leaf")])])
        END
        echo 'import Leaf' > app/Sources/App/main.swift
        cd leaf
        swift package-registry set $flags $endpoint
        swift package-registry login $flags ${endpoint}login --token $token --no-confirm
        swift package-registry publish acme.leaf 1.0.0 --url $endpoint $flags
        cd ../app
        swift package-registry set $flags $endpoint
        swift package $flags resolve; grep -A 4 acme.leaf Package.resolved
        echo "logged in by larder"; cd ..; rm -rf config security cache netrc app/.swiftpm app/.build
        HOME=$at/user \(LarderServer.program) login --tool swift --domain acme --repository team
        mkdir config; cp user/.swiftpm/configuration/registries.json config/; cp user/.netrc netrc
        cd app; rm Package.resolved
        swift package $flags resolve; grep -A 4 acme.leaf Package.resolved
        cd ../leaf; swift package-registry publish acme.leaf 1.1.0 $flags --url $endpoint
        echo "logged in by the AWS tools"; cd ..; rm -rf app/.swiftpm app/.build app/Package.resolved
        \(TestAuthority.emptyHome)
        cd app; aws codeartifact login --tool swift --domain acme --repository team
        swift package resolve; grep -A 4 acme.leaf Package.resolved
        """
      try steps.write(
        to: shell.home.appendingPathComponent("steps.sh"),
        atomically: true,
        encoding: .utf8
      )
      let said = try shell.run(TestAuthority.trusting("steps.sh"), timeout: 400)
      #expect(said.succeeded, "\(said.output)\n\(server.said)")
      let versions = said.output.components(separatedBy: #""version" : "1.0.0""#).count - 1
      #expect(versions == 2, "\(said.output)")
      #expect(said.output.contains("Login successful"), "\(said.output)")
      #expect(said.output.contains(#""version" : "1.1.0""#), "\(said.output)")
    }
  }
}

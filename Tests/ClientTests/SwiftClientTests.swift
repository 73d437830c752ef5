import Foundation
import Testing

/// SwiftPM as a registry's client.
///
/// Over http on loopback it takes a token from the address's user
/// part alone; its `login` asks for TLS.
@Suite("Swift clients", .serialized, .inTurn, .timeLimit(.minutes(20)))
struct SwiftClientTests {
  /// A server with a repository `shared` and one `team` that has it as its upstream; in `$shared`
  /// and `$team` are their addresses with a token.
  private func withRegistry(_ body: (inout Shell, LarderServer) throws -> Void) throws {
    let server = try LarderServer(upstream: "http://127.0.0.1:9/simple/")
    defer { server.remove() }
    var shell = try Shell()
    defer { shell.remove() }
    let made = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      export -p | grep AWS_ > exports
      aws codeartifact create-domain --domain acme
      aws codeartifact create-repository --domain acme --repository shared
      aws codeartifact create-repository --domain acme --repository team \
        --upstreams repositoryName=shared
      token=$(aws codeartifact get-authorization-token --domain acme \
        --query authorizationToken --output text)
      endpoint() { aws codeartifact get-repository-endpoint --domain acme --repository $1 \
        --format swift --query repositoryEndpoint --output text; }
      { echo "plain=$(endpoint shared)"; echo "token=$token"
        echo "shared=$(endpoint shared | sed "s#://#://aws:$token@#")"
        echo "team=$(endpoint team | sed "s#://#://aws:$token@#")"; } >> exports
      """
    )
    try #require(made.succeeded, "\(made.output)\n\(server.said)")
    try body(&shell, server)
  }

  /// SwiftPM finds its home in the password database, so every folder has to be told.
  private let tools = """
    . ./exports
    flags() { echo "--config-path $PWD/$1/config --security-path $PWD/$1/security \
      --cache-path $PWD/$1/cache --netrc-file $PWD/$1/netrc"; }
    library() { # folder, product, value, dependencies, uses
      mkdir -p "$1/Sources/$2"
      cat > "$1/Package.swift" <<END
    // swift-tools-version:5.9
    import PackageDescription
    let package = Package(name: "$1", products: [.library(name: "$2", targets: ["$2"])],
      dependencies: [$4], targets: [.target(name: "$2", dependencies: [$5])])
    END
      echo "public let $1 = \\"$1 $3\\"" > "$1/Sources/$2/Value.swift"
    }
    publish() { # folder, version, further arguments
      local name=$1 version=$2; shift 2
      mkdir -p state; touch state/netrc
      local flags; flags=$(flags state)
      (cd "$name" && swift package-registry publish "acme.$name" "$version" \
        --url "$shared" --allow-insecure-http $flags "$@")
    }
    application() { # folder, further dependency
      mkdir -p "$1/Sources/App"
      cat > "$1/Package.swift" <<END
    // swift-tools-version:5.9
    import PackageDescription
    let package = Package(name: "app",
      dependencies: [.package(id: "acme.leaf", from: "1.0.0"),
        .package(id: "acme.twig", from: "1.0.0")],
      targets: [.executableTarget(name: "App", dependencies: [
        .product(name: "Leaf", package: "acme.leaf"), .product(name: "Twig", package: "acme.twig")])])
    END
      echo 'import Leaf; import Twig; print("built of", leaf, "and", twig)' \
        | tr ';' '\\n' > "$1/Sources/App/main.swift"
    }
    use() { # application, registry, state
      mkdir -p "$3"; touch "$3/netrc"
      local flags; flags=$(flags "$3")
      (cd "$1" && swift package-registry set --allow-insecure-http "$2" $flags)
    }
    resolved() { # application, state, package
      local flags; flags=$(flags "$2")
      (cd "$1" && swift package $flags resolve && grep -A 4 "$3" Package.resolved)
    }
    build() { # application, state
      local flags; flags=$(flags "$2")
      (cd "$1" && swift run $flags App)
    }

    """

  private let two = """
    library leaf Leaf 1.0.0 "" ""
    cat > leaf/Package@swift-6.swift <<'END'
    // swift-tools-version:6.0
    import PackageDescription
    let package = Package(name: "leaf", products: [.library(name: "Leaf", targets: ["Leaf"])],
      targets: [.target(name: "Leaf", swiftSettings: [.define("NEWER")])])
    END
    echo '{"repositoryURLs": ["https://git.test/acme/leaf.git"], "description": "A leaf"}' > m.json
    publish leaf 1.0.0 --metadata-path ../m.json
    library twig Twig 1.0.0 '.package(id: "acme.leaf", from: "1.0.0")' \
      '.product(name: "Leaf", package: "acme.leaf")'
    publish twig 1.0.0

    """

  @Test func `two packages are published and built, here and through an upstream`() throws {
    try withRegistry { shell, server in
      let published = try shell.run(tools + two, timeout: 300)
      try #require(published.succeeded, "\(published.output)\n\(server.said)")
      let built = try shell.run(
        tools + """
          application app; use app "$team" cold; build app cold; cat app/Package.resolved
          """,
        timeout: 400
      )
      #expect(built.succeeded, "\(built.output)\n\(server.said)")
      #expect(built.output.contains("built of leaf 1.0.0 and twig 1.0.0"), "\(built.output)")
      // What was fetched stays, though the upstream is taken away; nothing is left of caches.
      let detached = try shell.run(
        tools + """
          aws codeartifact update-repository --domain acme --repository team --upstreams
          rm -rf app/.build; use app "$team" again; build app again
          rm -rf app/.build app/Package.resolved; use app "$team" unpinned
          resolved app unpinned acme.leaf; resolved app unpinned acme.twig
          """,
        timeout: 400
      )
      #expect(detached.succeeded, "\(detached.output)\n\(server.said)")
      #expect(detached.output.contains("built of leaf 1.0.0 and twig 1.0.0"))
      #expect(
        detached.output.components(separatedBy: #""version" : "1.0.0""#).count == 3,
        "\(detached.output)"
      )
    }
  }

  @Test func `a release never changes; the newest is chosen, while it is listed or pinned`() throws
  {
    try withRegistry { shell, server in
      let published = try shell.run(tools + two, timeout: 300)
      try #require(published.succeeded, "\(published.output)\n\(server.said)")
      let again = try shell.run(
        tools + "echo '// other' >> leaf/Sources/Leaf/Value.swift; publish leaf 1.0.0"
      )
      #expect(!again.succeeded)
      #expect(
        again.output.contains("409") && again.output.contains("never changes"),
        "\(again.output)"
      )
      let newest = try shell.run(
        tools + """
          library leaf Leaf 1.1.0 "" ""; publish leaf 1.1.0
          application one; use one "$shared" first; resolved one first acme.leaf
          """
      )
      #expect(newest.succeeded, "\(newest.output)\n\(server.said)")
      #expect(newest.output.contains(#""version" : "1.1.0""#), "\(newest.output)")
      let pinned = try shell.run(
        tools + """
          aws codeartifact update-package-versions-status --domain acme --repository shared \
            --format swift --namespace acme --package leaf --versions 1.1.0 \
            --target-status Unlisted
          # A pin alone is none to SwiftPM when the version is in no list any more.
          rm -rf one/.build; use one "$shared" second; flags=$(flags second)
          (cd one && swift package $flags --force-resolved-versions resolve)
          echo "has $(ls one/.build/registry/downloads/acme/leaf)"
          """
      )
      #expect(pinned.succeeded, "\(pinned.output)\n\(server.said)")
      #expect(pinned.output.contains("has 1.1.0\n"), "\(pinned.output)")
      let unpinned = try shell.run(
        tools + """
          rm -rf one/.build one/Package.resolved; use one "$shared" third
          resolved one third acme.leaf
          """
      )
      #expect(unpinned.succeeded, "\(unpinned.output)\n\(server.said)")
      #expect(unpinned.output.contains(#""version" : "1.0.0""#), "\(unpinned.output)")
    }
  }

  @Test func `a repository's address is replaced by the identity registered for it`() throws {
    try withRegistry { shell, server in
      let replaced = try shell.run(
        tools + two + """
          mkdir -p scm/Sources/App; echo 'import Leaf' > scm/Sources/App/main.swift
          cat > scm/Package.swift <<'END'
          // swift-tools-version:5.9
          import PackageDescription
          let package = Package(name: "scm",
            dependencies: [.package(url: "https://git.test/Acme/Leaf", from: "1.0.0")],
            targets: [.executableTarget(name: "App",
              dependencies: [.product(name: "Leaf", package: "leaf")])])
          END
          use scm "$shared" scmstate; flags=$(flags scmstate)
          (cd scm && swift package $flags --replace-scm-with-registry resolve; cat Package.resolved)
          """,
        timeout: 400
      )
      #expect(replaced.succeeded, "\(replaced.output)\n\(server.said)")
      #expect(replaced.output.contains(#""identity" : "acme.leaf""#), "\(replaced.output)")
    }
  }

  /// A signature by a key of our own: SwiftPM verifies what comes back with the release.
  @Test func `a signed release comes back signed`() throws {
    try withRegistry { shell, server in
      let signed = try shell.run(
        tools + """
          mkdir keys; cd keys
          openssl ecparam -name prime256v1 -genkey -noout -out root.key
          openssl req -x509 -new -key root.key -days 30 -subj '/CN=Root' -out root.pem \
            -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
          openssl ecparam -name prime256v1 -genkey -noout -out leaf.key
          openssl req -new -key leaf.key -subj '/CN=Acme/O=Acme' -out leaf.csr
          printf 'extendedKeyUsage=codeSigning\\nkeyUsage=critical,digitalSignature\\n' > ext
          openssl x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 \
            -extfile ext -out leaf.pem
          openssl pkcs8 -topk8 -nocrypt -in leaf.key -outform DER -out key.der
          for c in root leaf; do openssl x509 -in $c.pem -outform DER -out $c.der; done
          cd ..; mkdir -p state/security/trusted-root-certs cold/security/trusted-root-certs
          cp keys/root.der state/security/trusted-root-certs/
          cp keys/root.der cold/security/trusted-root-certs/
          library leaf Leaf 1.0.0 "" ""; library twig Twig 1.0.0 "" ""
          keys=$PWD/keys
          for p in leaf twig; do publish $p 1.0.0 --private-key-path $keys/key.der \
            --cert-chain-paths $keys/leaf.der $keys/root.der; done
          mkdir -p cold/config
          cat > cold/config/registries.json <<END
          {"authentication":{},"registries":{},"version":1,"security":{"default":{"signing":
          {"onUnsigned":"error","onUntrustedCertificate":"error",
          "trustedRootCertificatesPath":"$PWD/cold/security/trusted-root-certs",
          "validationChecks":{"certificateExpiration":"enabled","certificateRevocation":"disabled"}}}}}
          END
          application app; use app "$shared" cold; build app cold
          """,
        timeout: 500
      )
      #expect(signed.succeeded, "\(signed.output)\n\(server.said)")
      #expect(signed.output.contains("built of leaf 1.0.0"), "\(signed.output)")
    }
  }

  @Test func `login answers as SwiftPM asks, and says why it refuses`() throws {
    try withRegistry { shell, server in
      let login = try shell.run(
        """
        . ./exports
        ask() { curl -s -o body -D head -w '%{http_code} ' -X POST "$@"; }
        ask -H "Authorization: Bearer $token" "${plain}login"
        ask -u "token:$token" "${plain}login"; ask -u "token:wrong" "${plain}login"; cat head body
        """
      )
      #expect(login.output.contains("200 200 401"), "\(login.output)")
      #expect(login.output.lowercased().contains("content-version: 1"))
      #expect(login.output.contains(#""detail":"The token is unknown"#), "\(server.said)")
    }
  }
}

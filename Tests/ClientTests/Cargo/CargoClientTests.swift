import Foundation
import Testing

/// The real cargo, against a repository of its own and through one in front of another registry.
@Suite("Cargo", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct CargoClientTests {
  private func withRegistries(_ body: (inout RegistryPair) throws -> Void) throws {
    try RegistryPair.run(connection: "public:crates-io", format: "cargo") { pair in
      let configured = try pair.shell.run(
        """
        mkdir -p cargo-home
        for name in lab team; do
          . ./$name
          printf '[registries.%s]\\nindex = "sparse+%s"\\ntoken = "%s"\\n' \
            $name "$ENDPOINT" "$TOKEN" >> cargo-home/config.toml
        done
        printf '[registry]\\nglobal-credential-providers = ["cargo:token"]\\n' \
          >> cargo-home/config.toml
        """
      )
      try #require(configured.succeeded, "\(configured.output)")
      try body(&pair)
    }
  }

  private let leaf = """
    mkdir -p leaf/src
    cat > leaf/Cargo.toml <<'END'
    [package]
    name = "Lab_Leaf"
    version = "0.1.0+build.5"
    edition = "2021"
    description = "A leaf"
    license = "MIT"
    [features]
    extra = []
    END
    echo '#[cfg(feature = "extra")] pub fn leaf() -> i32 { 1 }' > leaf/src/lib.rs
    (cd leaf; cargo publish --registry lab --allow-dirty)

    """

  private let app = """
    mkdir -p app/src
    cat > app/Cargo.toml <<'END'
    [package]
    name = "app"
    version = "0.1.0"
    edition = "2021"
    [dependencies]
    leaf = { package = "Lab_Leaf", version = "0.1", registry = "lab", features = ["extra"] }
    END
    echo 'fn main() { println!("value {}", leaf::leaf()); }' > app/src/main.rs

    """

  @Test func `publish, build, yank and own`() throws {
    try withRegistries { pair in
      let started = ContinuousClock.now
      let built = try pair.shell.run(leaf + app + "cd app; cargo run")
      #expect(built.succeeded && built.output.contains("value 1"), "\(built.output)")
      let took = ContinuousClock.now - started
      #expect(took < .seconds(60) && !built.output.contains("Timeout"), "\(built.output)")
      let again = try pair.shell.run("cd leaf; cargo publish --registry lab --allow-dirty")
      #expect(again.output.contains("already exists"), "\(again.output)")
      let yanked = try pair.shell.run(
        """
        cargo yank Lab_Leaf@0.1.0+build.5 --registry lab
        cd app
        rm -rf $CARGO_HOME/registry; cargo fetch --locked
        mv Cargo.lock ..; ! cargo fetch; mv ../Cargo.lock .
        cargo yank --undo Lab_Leaf@0.1.0+build.5 --registry lab
        rm Cargo.lock; cargo fetch
        """
      )
      #expect(yanked.succeeded && yanked.output.contains("is yanked"), "\(yanked.output)")
      let owned = try pair.shell.run(
        """
        cargo owner --add bob Lab_Leaf --registry lab
        cargo owner --list Lab_Leaf --registry lab
        cargo owner --remove bob Lab_Leaf --registry lab
        cargo search leaf --registry lab
        cargo info Lab_Leaf --registry lab
        """
      )
      #expect(owned.succeeded, "\(owned.output)")
      #expect(owned.output.contains("administrator\nbob"), "\(owned.output)")
      #expect(owned.output.contains("Lab_Leaf = \"0.1.0+build.5\""), "\(owned.output)")
      let other = try pair.shell.run(
        """
        sed -i 's/Lab_Leaf/lab-leaf/; s/0.1.0+build.5/0.2.0/' leaf/Cargo.toml
        cd leaf; ! cargo publish --registry lab --allow-dirty --no-verify
        """
      )
      #expect(other.succeeded && other.output.contains("is taken"), "\(other.output)")
    }
  }

  /// Real crates of Debian, less their dependencies for development.
  private let tree = """
    . ./lab
    cp cargo-home/config.toml plain.toml
    printf '[source.crates-io]\\nreplace-with = "lab"\\n' >> cargo-home/config.toml
    for name in unicode-ident proc-macro2 quote syn; do
      folder=$(ls -d /usr/share/cargo/registry/$name-[0-9]*)
      cp -r $folder $name
      rm -f $name/.cargo-checksum.json $name/Cargo.lock $name/rust-toolchain*
      awk '/^\\[/ { skip = /dev-dependencies|\\[\\[(test|bench|example)/ } !skip' \
        $folder/Cargo.toml > $name/Cargo.toml
      (cd $name; cargo publish --registry lab --allow-dirty --no-verify)
    done
    cp plain.toml cargo-home/config.toml
    printf '[source.crates-io]\\nreplace-with = "team"\\n' >> cargo-home/config.toml
    mkdir -p app/src
    cat > app/Cargo.toml <<'END'
    [workspace]
    members = ["tool"]
    [package]
    name = "app"
    version = "0.1.0"
    edition = "2021"
    [dependencies]
    syn = { version = "1", default-features = false, features = ["parsing", "derive"] }
    tool = { path = "tool" }
    END
    echo 'fn main() { println!("{} {}", 7, tool::seven()); }' \
      > app/src/main.rs
    mkdir -p app/tool/src
    cat > app/tool/Cargo.toml <<'END'
    [package]
    name = "tool"
    version = "0.1.0"
    edition = "2021"
    [dependencies]
    quote = "1"
    END
    echo 'pub fn seven() -> String { "seven".into() }' > app/tool/src/lib.rs

    """

  @Test func `a workspace builds through a proxy, again from its lock, and with the registry gone`()
    throws
  {
    try withRegistries { pair in
      let cold = try pair.shell.run(tree + "cd app; cargo run")
      #expect(cold.succeeded && cold.output.contains("7 seven"), "\(cold.output)")
      #expect(cold.output.contains("Downloaded syn"), "\(cold.output)")
      let fresh = "rm -rf $CARGO_HOME/registry; cd app; "
      let warm = try pair.shell.run(fresh + "cargo fetch --locked; cargo update; cargo run")
      #expect(warm.succeeded, "\(warm.output)\n\(pair.proxy.said)")
      pair.origin.stop()
      let offline = try pair.shell.run(fresh + "cargo fetch --locked; rm Cargo.lock; cargo run")
      #expect(offline.succeeded, "\(offline.output)\n\(pair.proxy.said)")
    }
  }

  @Test func `a private crate is never asked of the registry, in no spelling`() throws {
    try withRegistries { pair in
      let published = try pair.shell.run(
        leaf.replacingOccurrences(of: "--registry lab", with: "--registry team")
      )
      #expect(published.succeeded, "\(published.output)")
      // Before it was published, the registry was asked whether it has it.
      let before = pair.origin.said.components(separatedBy: "/lab/la/b").count
      let asked = try pair.shell.run(
        """
        . ./team
        for path in la/b_/lab_leaf la/b-/lab-leaf; do
          curl -s -o answer -w "%{http_code} " -H "Authorization: $TOKEN" "$ENDPOINT$path"
        done
        for path in api/v1/crates/lab-leaf/0.1.0/download api/v1/crates/..%2f..%2fx/1.0.0/download \
          __/pr/__proto__ a/../b; do
          curl -s --path-as-is -o answer -w "%{http_code} " -H "Authorization: $TOKEN" \
            "$ENDPOINT$path"
        done
        curl -s -o answer -w "%{http_code} " "$ENDPOINT/config.json"
        curl -s --http2 -H "Authorization: $TOKEN" "${ENDPOINT}config.json" \
          "${ENDPOINT}config.json" \
          -m 5
        """
      )
      #expect(asked.output.hasPrefix("200 404 404 404 404 404 401 "), "\(asked.output)")
      #expect(asked.output.components(separatedBy: "auth-required").count == 3, "\(asked.output)")
      let after = pair.origin.said.components(separatedBy: "/lab/la/b").count
      #expect(before == after, "\(pair.origin.said)")
    }
  }
}

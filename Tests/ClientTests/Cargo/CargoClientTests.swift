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
      try conflict(pair)
      let yanked = try pair.shell.run(
        """
        cargo yank Lab_Leaf@0.1.0+build.5 --registry lab
        cd app
        rm -rf $CARGO_HOME/registry; cargo fetch --locked
        mv Cargo.lock ..; refused 'is yanked' cargo fetch; mv ../Cargo.lock .
        cargo yank --undo Lab_Leaf@0.1.0+build.5 --registry lab
        rm Cargo.lock; cargo fetch
        """
      )
      #expect(yanked.succeeded, "\(yanked.output)")
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
        cd leaf; refused 'is taken' cargo publish --registry lab --allow-dirty --no-verify
        """
      )
      #expect(other.succeeded, "\(other.output)")
    }
  }

  /// The crate as it was published, packed at another time: cargo looks before it sends such a
  /// thing, so that it is sent by hand.
  private func conflict(_ pair: RegistryPair) throws {
    let again = try pair.shell.run(
      """
      . ./lab
      refused 'already exists' cargo publish --manifest-path leaf/Cargo.toml --registry lab \
        --allow-dirty
      publish() { python3 - <<'END'
      import glob, gzip, json, struct
      crate = open(glob.glob("cargo-home/registry/cache/*/Lab_Leaf-*.crate")[0], "rb").read()
      crate = gzip.compress(gzip.decompress(crate), mtime=1)
      about = {"name": "Lab_Leaf", "vers": "0.1.0+build.5", "deps": [], "features": {"extra": []}}
      about = json.dumps(about | {"description": "x", "license": "MIT"}).encode()
      body = struct.pack("<I", len(about)) + about + struct.pack("<I", len(crate)) + crate
      open("body", "wb").write(body)
      END
        curl -s -w ' %{http_code}\\n' -T body -H "Authorization: $TOKEN" \
          "${ENDPOINT}api/v1/crates/new"
      }
      sum() { curl -s -H "Authorization: $TOKEN" "${ENDPOINT}la/b_/lab_leaf" | sha256sum; }
      before=$(sum)
      publish
      [ "$before" = "$(sum)" ]
      """
    )
    #expect(again.succeeded, "\(again.output)")
    #expect(again.output.contains("is there already"), "\(again.output)")
  }

  @Test func `a crate that the registry yanks is chosen no more, and a lock still has it`() throws {
    try withRegistries { pair in
      let consumer = """
        mkdir -p app/src; echo 'fn main() {}' > app/src/main.rs
        printf '[package]\\nname = "app"\\nversion = "0.1.0"\\nedition = "2021"\\n' > app/Cargo.toml
        printf '[dependencies]\\nLab_Leaf = { version = "0.1", registry = "team" }\\n' \
          >> app/Cargo.toml
        fresh() { rm -rf $CARGO_HOME/registry; (cd app; cargo fetch "$@"); }
        locked() { grep -A 1 Lab_Leaf app/Cargo.lock | grep -x "version = .$1."; }

        """
      let yanked = try pair.shell.run(
        leaf.replacingOccurrences(of: "0.1.0+build.5", with: "0.1.5")
          + "sed -i 's/0.1.5/0.1.6/' leaf/Cargo.toml\n"
          + "(cd leaf; cargo publish --registry lab --allow-dirty --no-verify)\n" + consumer
            + """
            fresh; locked 0.1.6
            cargo yank Lab_Leaf@0.1.6 --registry lab
            fresh --locked
            mv app/Cargo.lock .; fresh; locked 0.1.5
            cargo yank Lab_Leaf@0.1.5 --registry lab
            rm app/Cargo.lock; refused 'is yanked' fresh
            mv Cargo.lock app; fresh --locked; locked 0.1.6
            """
      )
      #expect(yanked.succeeded, "\(yanked.output)\n\(pair.proxy.said)")
      pair.origin.stop()
      let offline = try pair.shell.run(consumer + "fresh --locked; locked 0.1.6")
      #expect(offline.succeeded, "\(offline.output)\n\(pair.proxy.said)")
    }
  }

  /// What the workspace needs beside those that cargo itself publishes.
  private static let crates = """
    serde serde_derive serde_json itoa ryu indexmap hashbrown autocfg rand rand_core rand_chacha \
    ppv-lite86 getrandom cfg-if libc rayon rayon-core either num_cpus crossbeam-channel \
    crossbeam-deque crossbeam-epoch crossbeam-utils memoffset scopeguard
    """

  /// Real crates of Debian, less their dependencies for development: four by cargo and the rest by
  /// hand, a second faster each; and a workspace of two members whose features need them.
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
    python3 \(Checkout.support("publish_crates.py")) $ENDPOINT $TOKEN \(Self.crates)
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
    [features]
    default = ["json"]
    json = ["dep:serde_json"]
    [dependencies]
    serde = { version = "1", features = ["derive"] }
    serde_json = { version = "1", features = ["preserve_order"], optional = true }
    tool = { path = "tool", features = ["parallel"] }
    END
    cat > app/src/main.rs <<'END'
    #[derive(serde::Serialize)]
    struct Said { zeal: u32, also: u32 }
    fn main() {
        let said = Said { zeal: tool::seven(), also: 1 };
        println!("{}", serde_json::to_value(said).unwrap());
    }
    END
    mkdir -p app/tool/src
    cat > app/tool/Cargo.toml <<'END'
    [package]
    name = "tool"
    version = "0.1.0"
    edition = "2021"
    [features]
    parallel = ["dep:rayon"]
    [dependencies]
    rand = "0.8"
    rayon = { version = "1", optional = true }
    END
    cat > app/tool/src/lib.rs <<'END'
    #[cfg(feature = "parallel")]
    pub fn seven() -> u32 {
        use rayon::prelude::*;
        (0..8u32).into_par_iter().map(|_| rand::random::<bool>() as u32 * 0 + 1).sum::<u32>() - 1
    }
    END

    """

  @Test func `a workspace builds through a proxy, again from its lock, and with the registry gone`()
    throws
  {
    try withRegistries { pair in
      let cold = try pair.shell.run(tree + "cd app; cargo fetch; grep -c '^name = ' Cargo.lock")
      #expect(cold.succeeded && cold.output.contains("Downloaded syn"), "\(cold.output)")
      #expect(cold.output.contains("\n31\n"), "29 crates and two members: \(cold.output)")
      let fresh = "rm -rf $CARGO_HOME/registry; cd app; "
      let warm = try pair.shell.run(
        fresh + "cargo fetch --locked; cargo update; cargo tree --edges features"
      )
      #expect(warm.succeeded, "\(warm.output)\n\(pair.proxy.said)")
      #expect(warm.output.contains(#"serde_json feature "preserve_order""#), "\(warm.output)")
      pair.origin.stop()
      let offline = try pair.shell.run(fresh + "cargo fetch --locked; rm Cargo.lock; cargo run")
      #expect(offline.succeeded, "\(offline.output)\n\(pair.proxy.said)")
      #expect(offline.output.contains(#"{"zeal":7,"also":1}"#), "\(offline.output)")
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

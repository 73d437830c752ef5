"""The package managers: what fills an upstream for them, and how each installs a real tree.

Scripts are run by bash in an empty home. They see BASE, the repository's address, TOKEN, and
AUTHORISED, the address with the token in it.
"""

import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SUPPORT = os.path.join(ROOT, "Tests", "ClientTests", "Support")


class Client:
    """One client: `publish` once, `install` for each measurement, `needs` to be there.

    Where there is nothing to publish, the files of `folder` are the upstream.
    """

    def __init__(self, name, format, connection, needs, publish, install, folder=None):
        self.name, self.format, self.connection = name, format, connection
        self.needs, self.publish, self.install = needs, publish, install
        self.folder = folder


NPM_PROJECT = """
export npm_config_cache=$HOME/cache npm_config_update_notifier=false npm_config_progress=false
cat > package.json <<END
{"name": "app", "version": "1.0.0", "private": true,
 "dependencies": {"pacote": "*", "@npmcli/arborist": "*"}}
END
printf 'registry=%s\\n%s:_authToken=%s\\nalways-auth=true\\n' "$BASE" "${BASE#http:}" "$TOKEN" \
  > .npmrc
"""

NPM_TREE = f'node "{SUPPORT}/publish_npm_tree.js" "$BASE" "$TOKEN"'

# Poetry's own tree: some forty wheels.
PYTHON_TREE = """
pip download --quiet --disable-pip-version-check --dest wheels poetry
printf '[pypi]\\n' > .pypirc
TWINE_USERNAME=aws TWINE_PASSWORD=$TOKEN twine upload --repository-url "$BASE" \
  --disable-progress-bar wheels/*
"""

CARGO_HOME = """
export CARGO_HOME=$HOME/cargo
mkdir -p $CARGO_HOME
cat > $CARGO_HOME/config.toml <<END
[registries.lab]
index = "sparse+$BASE"
token = "$TOKEN"
[registry]
global-credential-providers = ["cargo:token"]
[source.crates-io]
replace-with = "lab"
END
"""

# Real crates of Debian, less their dependencies for development: four by cargo, and the rest by
# hand, a second faster each.
CARGO_TREE = (
    CARGO_HOME
    + r"""
for name in unicode-ident proc-macro2 quote syn; do
  folder=$(ls -d /usr/share/cargo/registry/$name-[0-9]*)
  cp -r $folder $name
  rm -f $name/.cargo-checksum.json $name/Cargo.lock $name/rust-toolchain*
  awk '/^\[/ { skip = /dev-dependencies|\[\[(test|bench|example)/ } !skip' \
    $folder/Cargo.toml > $name/Cargo.toml
  (cd $name; cargo publish --registry lab --allow-dirty --no-verify)
done
"""
    + f'python3 "{SUPPORT}/publish_crates.py" $BASE $TOKEN '
    + "serde serde_derive serde_json itoa ryu indexmap hashbrown autocfg rand rand_core "
    + "rand_chacha ppv-lite86 getrandom cfg-if libc rayon rayon-core either num_cpus "
    + "crossbeam-channel crossbeam-deque crossbeam-epoch crossbeam-utils memoffset scopeguard"
)

# A workspace of two members, whose features need 29 crates.
CARGO_INSTALL = (
    CARGO_HOME
    + """
mkdir -p src tool/src; echo 'fn main() {}' > src/main.rs; touch tool/src/lib.rs
cat > Cargo.toml <<END
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
cat > tool/Cargo.toml <<END
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
cargo fetch
"""
)

# Rails and Sinatra, 47 gems, put as `gem push` puts them; a second faster each.
RUBY_TREE = f"""
ruby "{SUPPORT}/repack_gems.rb" built
for file in built/*.gem; do
  curl -sS -f -o pushed --data-binary @$file -H "Authorization: $TOKEN" \\
    -H 'Content-Type: application/octet-stream' "${{BASE}}api/v1/gems"
done
"""

RUBY_INSTALL = """
export BUNDLE_USER_HOME=$HOME/user BUNDLE_PATH=$HOME/gems BUNDLE_SILENCE_ROOT_WARNING=1
bundle config set --global $BASE aws:$TOKEN
printf 'source "%s"\\ngem "rails"\\ngem "sinatra"\\ngem "rake"\\n' "$BASE" > Gemfile
bundle install --jobs 4
"""

# SwiftPM takes a token over http from the address's user part alone, and its home from the password
# database, so that every folder has to be told.
SWIFT_FLAGS = """
flags="--config-path $HOME/config --security-path $HOME/security --cache-path $HOME/cache"
flags="$flags --netrc-file $HOME/netrc"
touch netrc
"""

SWIFT_TREE = (
    SWIFT_FLAGS
    + """
release() { # name, module, dependencies, uses
  mkdir -p $1/Sources/$2; echo "public let $1 = 1" > $1/Sources/$2/Value.swift
  cat > $1/Package.swift <<END
// swift-tools-version:5.9
import PackageDescription
let package = Package(name: "$1", products: [.library(name: "$2", targets: ["$2"])],
  dependencies: [$3], targets: [.target(name: "$2", dependencies: [$4])])
END
  (cd $1; swift package-registry publish acme.$1 1.0.0 --url $AUTHORISED \\
    --allow-insecure-http $flags)
}
release leaf Leaf '' ''
release twig Twig '.package(id: "acme.leaf", from: "1.0.0")' \\
  '.product(name: "Leaf", package: "acme.leaf")'
"""
)

SWIFT_INSTALL = (
    SWIFT_FLAGS
    + """
mkdir -p Sources/App; echo 'import Leaf' > Sources/App/main.swift
cat > Package.swift <<'END'
// swift-tools-version:5.9
import PackageDescription
let package = Package(name: "app",
  dependencies: [.package(id: "acme.leaf", from: "1.0.0"),
    .package(id: "acme.twig", from: "1.0.0")],
  targets: [.executableTarget(name: "App", dependencies: [
    .product(name: "Leaf", package: "acme.leaf"), .product(name: "Twig", package: "acme.twig")])])
END
swift package-registry set --allow-insecure-http $AUTHORISED $flags
swift package $flags resolve
"""
)

BERRY = f"{ROOT}/.venv-node/lib/python3*/site-packages/jupyter_builder/yarn.js"

BERRY_INSTALL = f"""
touch yarn.lock
cat > .yarnrc.yml <<END
npmRegistryServer: "${{BASE%/}}"
unsafeHttpWhitelist: ["127.0.0.1"]
npmAuthToken: "$TOKEN"
npmAlwaysAuth: true
nodeLinker: node-modules
enableTelemetry: false
enableGlobalCache: false
cacheFolder: ./cache
END
node $(echo {BERRY}) install
"""

BUN_INSTALL = """
cat > bunfig.toml <<END
[install]
registry = { url = "$BASE", token = "$TOKEN" }
cache = { dir = "./cache" }
END
bun install
"""

# What was published a moment ago is too young for Deno's default.
DENO_INSTALL = """
export DENO_DIR=$HOME/cache DENO_NO_UPDATE_CHECK=1
deno install --node-modules-dir=auto --minimum-dependency-age=0
"""

MAVEN_PLUGINS = {
    "install": "3.1.0",
    "jar": "3.3.0",
    "compiler": "3.10.1",
    "resources": "3.3.0",
    "surefire": "2.22.3",
}

# Plugins, their parents and dependencies: some three hundred requests.
MAVEN_BUILD = (
    """
cat > settings.xml <<END
<settings><mirrors><mirror><id>lab</id><mirrorOf>*</mirrorOf><url>$BASE</url></mirror></mirrors>
<servers><server><id>lab</id><username>aws</username><password>$TOKEN</password></server></servers>
</settings>
END
cat > pom.xml <<END
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>org.acme</groupId><artifactId>widget</artifactId><version>1.0</version>
<properties>
<maven.compiler.source>11</maven.compiler.source>
<maven.compiler.target>11</maven.compiler.target>
<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
<maven.test.skip>true</maven.test.skip>
</properties>
<build><plugins>"""
    + "".join(
        f"<plugin><artifactId>maven-{name}-plugin</artifactId><version>{version}</version></plugin>"
        for name, version in MAVEN_PLUGINS.items()
    )
    + """</plugins></build>
</project>
END
mkdir -p src/main/java/org/acme
echo 'package org.acme; public class Widget { }' > src/main/java/org/acme/Widget.java
mvn -B -ntp -q -s settings.xml -Dmaven.repo.local=$HOME/m2 package
"""
)

CLIENTS = [
    Client(
        "npm",
        "npm",
        "public:npmjs",
        ["npm", "node"],
        NPM_TREE,
        NPM_PROJECT + "npm install --no-audit --no-fund",
    ),
    Client(
        "yarn",
        "npm",
        "public:npmjs",
        ["yarnpkg", "node"],
        NPM_TREE,
        NPM_PROJECT
        + "NODE_PATH=/usr/share/nodejs YARN_CACHE_FOLDER=$HOME/yarn yarnpkg --non-interactive",
    ),
    Client("berry", "npm", "public:npmjs", ["node"], NPM_TREE, NPM_PROJECT + BERRY_INSTALL),
    Client("bun", "npm", "public:npmjs", ["bun"], NPM_TREE, NPM_PROJECT + BUN_INSTALL),
    Client("deno", "npm", "public:npmjs", ["deno"], NPM_TREE, NPM_PROJECT + DENO_INSTALL),
    Client(
        "pip",
        "pypi",
        "public:pypi",
        ["pip", "twine"],
        PYTHON_TREE,
        "pip install --quiet --no-cache-dir --target there -i ${AUTHORISED}simple/ poetry",
    ),
    Client(
        "uv",
        "pypi",
        "public:pypi",
        ["uv", "twine"],
        PYTHON_TREE,
        "UV_NO_CONFIG=1 uv pip install --quiet --no-cache --target there "
        "--default-index ${AUTHORISED}simple/ poetry",
    ),
    Client("cargo", "cargo", "public:crates-io", ["cargo"], CARGO_TREE, CARGO_INSTALL),
    Client("bundler", "ruby", "public:ruby-gems-org", ["bundle"], RUBY_TREE, RUBY_INSTALL),
    # No public registry of Swift can be connected: the upstream is a repository of the same server.
    Client("swift", "swift", None, ["swift"], SWIFT_TREE, SWIFT_INSTALL),
    Client(
        "maven",
        "maven",
        "public:maven-central",
        ["mvn"],
        None,
        MAVEN_BUILD,
        folder="/usr/share/maven-repo",
    ),
]

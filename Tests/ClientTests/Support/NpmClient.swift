import Foundation
import Testing

/// A package manager that speaks npm's protocol: how it is told of a repository, and how it
/// installs.
enum NpmClient: String, CaseIterable, CustomTestStringConvertible {
  case npm10, npm11, yarn, berry, bun, deno

  var testDescription: String { rawValue }

  /// Shell lines that set a fresh project up in `folder`.
  ///
  /// They count on `$REGISTRY` (with a slash at
  /// its end) and `$TOKEN`.
  func project(in folder: String, dependencies: String) -> String {
    """
    mkdir -p \(folder); cd \(folder)
    export npm_config_cache=$PWD/.cache npm_config_update_notifier=false npm_config_progress=false
    cat > package.json <<END
    {"name": "app", "version": "1.0.0", "private": true, "dependencies": {\(dependencies)}}
    END
    cat > .npmrc <<END
    registry=$REGISTRY
    ${REGISTRY#http:}:_authToken=$TOKEN
    always-auth=true
    END
    \(settings)

    """
  }

  private var settings: String {
    switch self {
    case .npm10: "hash -r"
    case .npm11: "export PATH=\(Checkout.root.path)/.venv-node/bin:$PATH; hash -r"
    case .yarn: "export NODE_PATH=/usr/share/nodejs YARN_CACHE_FOLDER=$PWD/.cache"
    case .berry:
      """
      touch yarn.lock
      cat > .yarnrc.yml <<END
      npmRegistryServer: "${REGISTRY%/}"
      unsafeHttpWhitelist: ["127.0.0.1"]
      npmAuthToken: "$TOKEN"
      npmAlwaysAuth: true
      nodeLinker: node-modules
      enableTelemetry: false
      enableGlobalCache: false
      enableMirror: false
      cacheFolder: ./.cache
      END
      """
    case .bun:
      """
      cat > bunfig.toml <<END
      [install]
      registry = { url = "$REGISTRY", token = "$TOKEN" }
      [install.cache]
      dir = "./.cache"
      END
      """
    case .deno: "export DENO_DIR=$PWD/.cache DENO_NO_UPDATE_CHECK=1"
    }
  }

  /// The client's program.
  var program: String {
    switch self {
    case .npm10, .npm11: "npm"
    case .yarn: "yarnpkg"
    case .berry:
      "node $(echo \(Checkout.root.path)/.venv-node/lib/python3*/site-packages/jupyter_builder/yarn.js)"
    case .bun: "bun"
    case .deno: "deno"
    }
  }

  /// Installs what `package.json` asks for, and writes the lock file.
  var install: String {
    switch self {
    case .npm10, .npm11: "npm install --no-fund"
    case .yarn: "yarnpkg install --non-interactive"
    case .berry, .bun: "\(program) install"
    // What was published a moment ago is too young for its default.
    case .deno: "deno install --node-modules-dir=auto --minimum-dependency-age=0"
    }
  }

  /// Installs again what the lock file says, with nothing at hand.
  var reinstall: String {
    let clean = "rm -rf node_modules .cache\n"
    return switch self {
    case .npm10, .npm11: clean + "npm ci --no-fund"
    case .yarn: clean + "yarnpkg install --non-interactive --frozen-lockfile"
    case .berry: clean + "\(program) install --immutable"
    case .bun: clean + "bun install --frozen-lockfile"
    case .deno: clean + "deno install --node-modules-dir=auto --minimum-dependency-age=0 --frozen"
    }
  }

  /// Resolves all again, with neither a lock file nor anything else at hand.
  var resolveAnew: String {
    let gone = "rm -rf node_modules .cache *lock* deno.lock\n"
    return gone + (self == .berry ? "touch yarn.lock\n" : "") + install
  }

  /// Shell lines that say `VERSION of NAME` of what is installed.
  static func version(of name: String) -> String {
    """
    node -p 'JSON.parse(require("fs").readFileSync("node_modules/\(name)/package.json")).version \
      + " of \(name)"'
    """
  }
}

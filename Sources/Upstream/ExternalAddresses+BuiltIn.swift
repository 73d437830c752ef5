internal import Catalog

extension ExternalAddresses {
  /// What stands as the source of an address that nobody on this machine has said.
  static let builtInSource = "built-in default"

  /// The address that each public registry documents for its clients; nil for the Python index,
  /// which is asked of the machine's pip.
  ///
  /// Sources: npm's `registry` default (npm-config(7)); Maven's super POM; Gradle's `google()` and
  /// `gradlePluginPortal()`; the CommonsWare libraries' README; Clojars' wiki; NuGet's V3 service
  /// index; Cargo's registry index reference; RubyGems' default source.
  static func builtIn(_ connection: ExternalConnection) -> String? {
    switch connection {
    case .cratesIO: "https://index.crates.io/"
    case .mavenCentral: "https://repo.maven.apache.org/maven2/"
    case .mavenClojars: "https://repo.clojars.org/"
    // The bucket's name has dots, so only the path form has a certificate that fits.
    case .mavenCommonsWare: "https://s3.amazonaws.com/repo.commonsware.com/"
    case .mavenGoogleAndroid: "https://dl.google.com/dl/android/maven2/"
    case .mavenGradlePlugins: "https://plugins.gradle.org/m2/"
    case .npmjs: "https://registry.npmjs.org/"
    case .nugetOrg: "https://api.nuget.org/v3/index.json"
    case .pypi: nil
    case .rubyGemsOrg: "https://rubygems.org/"
    }
  }

  /// Fills in what nobody has said.
  mutating func addBuiltIn() {
    for connection in ExternalConnection.allCases {
      guard let address = Self.builtIn(connection) else { continue }
      take(address, for: connection.rawValue, from: Self.builtInSource)
    }
  }
}

extension ExternalAddress {
  /// Whether this is what every machine would use, so that nobody needs to be told.
  package var isBuiltIn: Bool { source == ExternalAddresses.builtInSource }
}

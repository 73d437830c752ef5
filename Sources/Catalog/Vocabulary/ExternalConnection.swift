/// The public registries that a repository can be connected to: a closed list, as the service has
/// it (CodeArtifact user guide, "Supported external connection repositories").
package enum ExternalConnection: String, CaseIterable, Sendable {
  case cratesIO = "public:crates-io"
  case mavenCentral = "public:maven-central"
  case mavenClojars = "public:maven-clojars"
  case mavenCommonsWare = "public:maven-commonsware"
  case mavenGoogleAndroid = "public:maven-googleandroid"
  case mavenGradlePlugins = "public:maven-gradleplugins"
  case npmjs = "public:npmjs"
  case nugetOrg = "public:nuget-org"
  case pypi = "public:pypi"
  case rubyGemsOrg = "public:ruby-gems-org"

  /// What the registry serves.
  package var format: PackageFormat {
    switch self {
    case .cratesIO: .cargo
    case .mavenCentral, .mavenClojars, .mavenCommonsWare, .mavenGoogleAndroid, .mavenGradlePlugins:
      .maven
    case .npmjs: .npm
    case .nugetOrg: .nuget
    case .pypi: .pypi
    case .rubyGemsOrg: .ruby
    }
  }
}

/// How a package version first came into its domain (`PackageVersionOriginType`).
package enum OriginType: String, CaseIterable, Sendable {
  case external = "EXTERNAL"
  case `internal` = "INTERNAL"
  case unknown = "UNKNOWN"
}

/// How and where a package version first came into its domain; carried along unchanged when
/// the version is retained downstream or copied.
package enum VersionOrigin: Hashable, Sendable {
  /// Published straight into the repository of this name.
  case published(repository: String)
  /// Fetched through the external connection of this name, such as `public:pypi`.
  case ingested(externalConnection: String)
  case unknown

  package var type: OriginType {
    switch self {
    case .published: .internal
    case .ingested: .external
    case .unknown: .unknown
    }
  }
}

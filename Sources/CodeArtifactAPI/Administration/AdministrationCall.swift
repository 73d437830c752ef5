import Access

/// Calls of this server's own about what the service's API has no words for: how a repository
/// treats the public registries behind it.
///
/// They are signed as the service's are and answer with its errors. Their paths begin with
/// `/v1/larder/`, where the model (2018-09-22) has nothing and will have nothing.
enum AdministrationCall: String, CaseIterable, Sendable {
  case getRepositorySettings = "GET /v1/larder/repository/settings"
  case putRepositorySettings = "PUT /v1/larder/repository/settings"
  case refreshRepository = "POST /v1/larder/repository/refresh"

  init?(method: String, path: String) {
    self.init(rawValue: "\(method) \(path)")
  }

  /// What records of the audit call it.
  var eventName: String {
    switch self {
    case .getRepositorySettings: "GetRepositorySettings"
    case .putRepositorySettings: "PutRepositorySettings"
    case .refreshRepository: "RefreshRepository"
    }
  }

  /// What the caller must be allowed: reading settings is describing a repository; changing them,
  /// and making it ask its registries anew, is changing it.
  var action: Action {
    switch self {
    case .getRepositorySettings: .describeRepository
    case .putRepositorySettings, .refreshRepository: .updateRepository
    }
  }
}

internal import Foundation

/// A call about how a repository treats the public registries behind it: this server's own, not of
/// the service's API.
package enum RepositoryCall: Hashable, Sendable {
  case showSettings
  /// Changes what a JSON object names.
  case changeSettings([UInt8])
  /// Has registries asked anew: for one package, or for all.
  case refresh(format: String?, namespace: String?, package: String?)
}

extension ServiceClient {
  /// Makes a call about a repository and returns the JSON of its answer.
  ///
  /// - Throws: ``LoginError``: `refused` with the server's own words when it says no.
  package func call(
    _ call: RepositoryCall,
    domain: String,
    owner: String?,
    repository: String
  ) async throws(LoginError) -> [UInt8] {
    let place: [(String, String?)] = [
      ("domain", domain), ("domain-owner", owner), ("repository", repository),
    ]
    return [UInt8](try await reply(to: ServiceCall(call, at: place)))
  }
}

extension ServiceCall {
  private static let root = "/v1/larder/repository"

  init(_ call: RepositoryCall, at place: [(String, String?)]) {
    switch call {
    case .showSettings:
      self.init("Reading the settings", "GET", Self.root + "/settings", place)
    case .changeSettings(let body):
      self.init("Changing the settings", "PUT", Self.root + "/settings", place, body: body)
    case .refresh(let format, let namespace, let package):
      self.init(
        "The refresh",
        "POST",
        Self.root + "/refresh",
        place + [("format", format), ("namespace", namespace), ("package", package)]
      )
    }
  }
}

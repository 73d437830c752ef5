import Access
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// One request at an npm repository: what was asked, where, and by whom.
struct NpmVisit: Sendable {
  let request: Request
  let endpoint: RepositoryEndpoint
  let caller: Caller

  var path: RepositoryPath { caller.path }

  /// The repository's address as the client reached it, without a slash at its end.
  ///
  /// In the host form the domain stands in the host, and the path begins with the format.
  var root: String {
    let segments = request.target.rawPath.split(separator: "/", omittingEmptySubsequences: false)
    let isPathForm = segments.count > 2 && segments[2] == "d"
    let owned = "\(path.domain)-\(path.owner)"
    let place = isPathForm ? "d/\(owned)/\(path.repository)" : path.repository
    return "\(request.base)/\(endpoint.format)/\(place)"
  }

  /// Who asks, in the one word that npm has for a user: the last part of the principal's name.
  var username: String {
    let parts = caller.principal.arn.split { $0 == "/" || $0 == ":" }
    return parts.last.map(String.init) ?? caller.principal.account
  }

  /// How npm writes a person.
  var person: JSONValue {
    .object([.init("name", .string(username)), .init("email", .string(""))])
  }

  /// The failure of asking for a package that nobody knows.
  func unknown(_ name: NpmName) -> RepositoryError {
    RepositoryError(
      .notFound,
      "Repository \(path.repository) knows no package \(name).",
      resourceID: name.text,
      resourceType: .package
    )
  }
}

extension NpmName {
  /// The package in the terms that all formats share.
  var coordinates: PackageCoordinates {
    PackageCoordinates(format: .npm, namespace: scope, name: base)
  }

  /// The name that coordinates mean; nil when npm has no such names.
  init?(_ coordinates: PackageCoordinates) {
    self.init(coordinates.namespace.map { "@\($0)/\(coordinates.name)" } ?? coordinates.name)
  }
}

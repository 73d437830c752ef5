import Exchange
import Repository

/// Where the client sees the repository: what addresses in documents begin with.
struct CargoAddress {
  /// Without a slash at its end; cargo appends `/api/v1/…` to it.
  let root: String

  init(_ request: Request, _ endpoint: RepositoryEndpoint) {
    let path = endpoint.path
    // By the host form, the host names the domain and the path begins with the format.
    let segments = (request.target.segments ?? []).dropLast(endpoint.rest.count)
    let isPathForm = segments.count > 2
    let domain = isPathForm ? "d/\(path.domain)-\(path.owner)/" : ""
    root = "\(request.base)/\(endpoint.format)/\(domain)\(path.repository)"
  }

  /// Cargo appends `/{crate}/{version}/download`.
  var downloads: String { root + "/api/v1/crates" }

  /// The index, as users configure it behind `sparse+`.
  var index: String { root + "/" }
}

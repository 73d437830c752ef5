import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// The endpoint of Swift packages: the registry service specification (SE-0292, SE-0391) below the
/// repository's address.
///
/// Every reply, refusals included, has `Content-Version: 1`: without it SwiftPM does not read the
/// body.
struct SwiftRegistryFormat: FormatEndpoint {
  private let releases: SwiftReleases
  private let sources: SwiftSources
  private let publishing: SwiftPublishing
  private let identifiers: SwiftIdentifiers

  init(depot: Depot, documents: RenderedDocuments) {
    self.releases = SwiftReleases(depot: depot, documents: documents)
    self.sources = SwiftSources(depot: depot)
    self.publishing = SwiftPublishing(depot: depot)
    self.identifiers = SwiftIdentifiers(depot: depot)
  }

  func respond(
    to request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    let place = SwiftPlace(endpoint, request)
    var reply = try await answer(request, place, caller)
    reply.headers[.contentVersion] = "1"
    return reply
  }

  func refusal(
    of request: Request,
    for error: RepositoryError,
    at endpoint: RepositoryEndpoint
  ) -> Reply {
    .swiftProblem(error, at: endpoint)
  }

  private func answer(
    _ request: Request,
    _ place: SwiftPlace,
    _ caller: Caller
  ) async throws(RepositoryError) -> Reply {
    switch SwiftRoute(place.rest) {
    case .login: return try login(request, caller)
    case .availability:
      if let refusal = try await read(request, caller, form: "json") { return refusal }
      return Reply(.ok)
    case .identifiers:
      if let refusal = try await read(request, caller, form: "json") { return refusal }
      return try await identifiers.lookUp(request, in: caller.path)
    case .releases(let package):
      if let refusal = try await read(request, caller, form: "json") { return refusal }
      return try await releases.list(package, request, at: place, in: caller.path)
    case .release(let package, let version):
      if request.method == .put {
        return try await publishing.publish(package, version, request, at: place, for: caller)
      }
      if let refusal = try await read(request, caller, form: "json", "GET, HEAD, PUT") {
        return refusal
      }
      return try await releases.information(package, version, request, at: place, in: caller.path)
    case .manifest(let package, let version):
      if let refusal = try await read(request, caller, form: "swift") { return refusal }
      return try await sources.manifest(package, version, request, at: place, in: caller.path)
    case .archive(let package, let version):
      if let refusal = try await read(request, caller, form: "zip") { return refusal }
      return try await sources.archive(package, version, request, in: caller.path)
    case nil: return .swiftProblem(.notFound, "There is nothing at this address.")
    }
  }

  /// SE-0391, "Registry authentication": the gate has checked the token already.
  private func login(_ request: Request, _ caller: Caller) throws(RepositoryError) -> Reply {
    guard request.method == .post else { return .swiftMethodNotAllowed("POST") }
    return Reply(.ok)
  }

  /// Checks that the request reads what the address has, and that the caller may; returns the
  /// refusal of anything else.
  private func read(
    _ request: Request,
    _ caller: Caller,
    form: String,
    _ allowed: String = "GET, HEAD"
  ) async throws(RepositoryError) -> Reply? {
    guard request.method == .get || request.method == .head else {
      return .swiftMethodNotAllowed(allowed)
    }
    try await caller.requireReading()
    switch SwiftMediaType.judge(accept: request.headers[values: .accept], form: form) {
    case .acceptable: return nil
    case .unknownVersion(let version):
      return .swiftProblem(
        .badRequest,
        "Version \(version.prefix(32)) of the registry protocol is not spoken here; ask for v1."
      )
    case .otherForm(let other):
      return .swiftProblem(
        .unsupportedMediaType,
        "This resource comes as application/vnd.swift.registry.v1+\(form), not as "
          + "\(other.prefix(32))."
      )
    }
  }
}

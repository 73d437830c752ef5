import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// The endpoint of Rust's crates: the sparse index at the repository's own address, and the web API
/// under `api/v1/` (the Cargo Book, "Registry Index" and "Web API"; the paths are CodeArtifact's,
/// user guide, "Cargo compatibility").
struct CargoFormat: FormatEndpoint {
  private let index: CrateIndex
  private let publishing: CratePublishing
  private let versions: CrateVersions
  private let owners: CrateOwners
  private let search: CrateSearch

  init(depot: Depot, documents: RenderedDocuments) {
    let names = CrateSpellings(depot: depot)
    self.index = CrateIndex(depot: depot, documents: documents, names: names)
    self.publishing = CratePublishing(depot: depot, names: names)
    self.versions = CrateVersions(depot: depot, names: names)
    self.owners = CrateOwners(depot: depot, names: names)
    self.search = CrateSearch(depot: depot)
  }

  func respond(
    to request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    if CargoLogin.isPage(request, at: endpoint) { return CargoLogin.page(at: endpoint) }
    guard let route = CargoRoute(endpoint.rest) else {
      return CargoReply.failure(
        .notFound,
        "There is nothing at this address. The index begins at config.json, the API at "
          + "api/v1/crates."
      )
    }
    guard let allowed = route.refusedMethods(request.method) else {
      return try await answer(request, route, CargoAddress(request, endpoint), caller)
    }
    return CargoReply.failure(
      .methodNotAllowed,
      "This address answers to \(allowed) only.",
      headers: [.allow: allowed]
    )
  }

  /// The error in the form that cargo prints, with the status it has in every format.
  ///
  /// Who has no token is told where to get one, by a challenge and at the address that it names.
  func refusal(
    of request: Request,
    for error: RepositoryError,
    at endpoint: RepositoryEndpoint
  ) -> Reply {
    var reply = Reply(error, at: endpoint)
    if error.code == .unauthenticated {
      // Nobody needs a token for that, but a wrong one is refused, and on record as such.
      if request.headers[.authorization] == nil, CargoLogin.isPage(request, at: endpoint) {
        return CargoLogin.page(at: endpoint)
      }
      let challenge = CargoLogin.challenge(at: CargoAddress(request, endpoint))
      reply.headers[values: .wwwAuthenticate].insert(challenge, at: 0)
    }
    let text = error.code == .internalFailure ? nil : error.message
    let errors = CargoReply.errors(text ?? "The server failed at this request; its log says why.")
    reply.headers[.contentType] = CargoReply.contentType
    reply.body = .bytes(errors)
    return reply
  }

  private func answer(
    _ request: Request,
    _ route: CargoRoute,
    _ address: CargoAddress,
    _ caller: Caller
  ) async throws(RepositoryError) -> Reply {
    switch route {
    case .configuration:
      try await caller.requireReading()
      return await index.configuration(request, at: address, for: caller)
    case .indexFile(let name):
      try await caller.requireReading()
      return try await index.file(of: name, request, in: caller.path)
    case .download(let name, let version):
      try await caller.requireReading()
      return try await versions.download(name, version, request, in: caller.path)
    case .publish:
      return try await publishing.accept(request, at: address, from: caller)
    case .yank(let name, let version):
      return try await versions.setYanked(true, name, version, for: caller)
    case .unyank(let name, let version):
      return try await versions.setYanked(false, name, version, for: caller)
    case .owners(let name):
      return try await owners.respond(to: request, about: name, for: caller)
    case .versions(let name):
      try await caller.requireReading()
      return try await versions.list(name, in: caller.path)
    case .search:
      try await caller.requireReading()
      return try await search.results(request, in: caller.path)
    }
  }
}

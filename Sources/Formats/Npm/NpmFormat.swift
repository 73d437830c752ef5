import Exchange
import FormatRules
import HTTPTypes
import Repository

/// The endpoint of npm packages: packuments, archives, publishing, and what clients ask beside
/// them (npm registry API, github.com/npm/registry; what no document says, by the requests that
/// npm, yarn, bun and deno send).
struct NpmFormat: FormatEndpoint {
  private let documents: NpmDocuments
  private let files: NpmFiles
  private let uploads: NpmUploads
  private let changes: NpmChanges
  private let tags: NpmTags
  private let services: NpmServices

  init(depot: Depot, documents: RenderedDocuments) {
    self.documents = NpmDocuments(depot: depot, rendered: documents)
    self.files = NpmFiles(depot: depot)
    self.changes = NpmChanges(depot: depot)
    self.uploads = NpmUploads(depot: depot, changes: changes)
    self.tags = NpmTags(depot: depot)
    self.services = NpmServices(depot: depot)
  }

  /// Answers in JSON whatever happens: npm prints the member `error`.
  func respond(
    to request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    do {
      return try await answer(request, at: endpoint, for: caller)
    } catch {
      request.trail.note(error)
      return .npm(error, at: endpoint)
    }
  }

  private func answer(
    _ request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    let visit = NpmVisit(request: request, endpoint: endpoint, caller: caller)
    guard let route = NpmRoute(endpoint.rest) else {
      return .npm(.notFound, "There is nothing at this address of an npm repository.")
    }
    guard route.methods.contains(request.method) else {
      return .npmMethodNotAllowed(route.methods.map(\.rawValue).joined(separator: ", "))
    }
    switch route {
    case .root:
      try await caller.requireReading()
      return .npm(.ok, .object([]))
    case .package(let name): return try await package(name, visit)
    case .manifest(let name, let version):
      try await caller.requireReading()
      return try await documents.manifest(version, of: name, visit)
    case .archive(let name, let file):
      try await caller.requireReading()
      return try await files.archive(file, of: name, visit)
    case .packageRevision(let name, let revision):
      return request.method == .put
        ? try await uploads.change(name, at: revision, visit)
        : try await changes.removeAll(of: name, at: revision, visit)
    case .archiveRevision(let name, let file, let revision):
      return try await changes.remove(file, of: name, at: revision, visit)
    case .tags(let name):
      try await caller.requireReading()
      return try await tags.list(name, visit)
    case .tag(let name, let tag):
      return request.method == .delete
        ? try await tags.remove(tag, of: name, visit)
        : try await tags.set(tag, of: name, visit)
    case .attestations(let name, let version):
      try await caller.requireReading()
      return try await files.attestations(of: name, version: version, visit)
    case .search:
      try await caller.requireReading()
      return try await documents.search(visit)
    case .service(let service): return try await services.answer(service, visit)
    }
  }

  private func package(_ name: NpmName, _ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    guard visit.request.method == .put else {
      try await visit.caller.requireReading()
      return try await documents.packument(of: name, visit)
    }
    return try await uploads.accept(name, visit)
  }
}

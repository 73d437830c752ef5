import Exchange
import FormatRules
import HTTPTypes
import Repository

/// The endpoint of NuGet packages: the resources of V3 below `v3/`, and those of V2 at the
/// repository's own address and below `api/v2/`.
struct NuGetFormat: FormatEndpoint {
  private let documents: NuGetDocuments
  private let files: NuGetFiles
  private let searches: NuGetSearches
  private let feeds: NuGetFeeds
  private let publishing: NuGetPublishing

  init(depot: Depot, documents: RenderedDocuments) {
    let packages = NuGetPackages(depot: depot)
    self.documents = NuGetDocuments(packages: packages, documents: documents)
    self.files = NuGetFiles(depot: depot)
    self.searches = NuGetSearches(packages: packages)
    self.feeds = NuGetFeeds(packages: packages)
    self.publishing = NuGetPublishing(depot: depot)
  }

  func respond(
    to request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    let route = NuGetRoute(endpoint.rest)
    switch route {
    case .push, .version:
      if let reply = try await publish(request, route, caller) { return reply }
    default: break
    }
    guard request.method == .get || request.method == .head else {
      return .methodNotAllowed(route.methods)
    }
    try await caller.requireReading()
    let addresses = NuGetAddresses(root: endpoint.address(in: request))
    return try await read(request, route, addresses, caller.path)
  }

  /// Pushes, unlists or lists again; nil for a request that does none of it.
  private func publish(
    _ request: Request,
    _ route: NuGetRoute,
    _ caller: Caller
  ) async throws(RepositoryError) -> Reply? {
    switch (route, request.method) {
    case (.push, .put): try await publishing.push(request, for: caller)
    case (.version(let id, let version), .delete):
      try await publishing.list(false, id, version, for: caller)
    case (.version(let id, let version), .post):
      try await publishing.list(true, id, version, for: caller)
    default: nil
    }
  }

  private func read(
    _ request: Request,
    _ route: NuGetRoute,
    _ addresses: NuGetAddresses,
    _ path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    switch route {
    case .index: await documents.index(request, addresses)
    case .versions(let id): try await documents.versions(id, request, in: path)
    case .file(let id, let version, let name):
      try await files.file(name, of: id, version: version, request, in: path)
    case .registration(let hive, let document):
      try await documents.registration(document, hive, request, addresses, in: path)
    case .search: try await searches.search(request, addresses, in: path)
    case .autocomplete: try await searches.autocomplete(request, in: path)
    case .feed(let resource):
      try await feeds.feed(resource, request, addresses, in: path)
    case .push: try await feeds.feed([""], request, addresses, in: path)
    case .version, .nothing:
      .text(
        .notFound,
        "There is nothing at this address. The service index is at v3/index.json."
      )
    }
  }
}

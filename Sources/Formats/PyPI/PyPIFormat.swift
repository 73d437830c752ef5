import Exchange
import FormatRules
import HTTPTypes
import Repository

/// The endpoint of Python packages: the simple index, the files, and the legacy upload.
///
/// The paths are CodeArtifact's (user guide, "Python compatibility"), and those that clients of the
/// public index use beside them.
struct PyPIFormat: FormatEndpoint {
  private let pages: SimplePages
  private let files: ProjectFiles
  private let uploads: LegacyUploads

  init(depot: Depot, documents: RenderedDocuments) {
    self.pages = SimplePages(depot: depot, rendered: documents)
    self.files = ProjectFiles(depot: depot, rendered: documents)
    self.uploads = LegacyUploads(depot: depot)
  }

  func respond(
    to request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    switch Route(endpoint.rest) {
    case .upload:
      guard request.method == .post else { return .methodNotAllowed("POST") }
      return try await uploads.accept(request, from: caller)
    case .slashless:
      return try await read(request, caller) ?? Self.addSlash(to: request)
    case .index:
      if let refusal = try await read(request, caller) { return refusal }
      return try await pages.index(request, in: caller.path)
    case .project(let name):
      if let refusal = try await read(request, caller) { return refusal }
      return try await pages.project(name, request, at: endpoint, in: caller.path)
    case .file(let project, let version, let name):
      if let refusal = try await read(request, caller) { return refusal }
      return try await files.file(
        name,
        of: project,
        version: version,
        request,
        in: caller.path
      )
    case nil:
      return .text(
        .notFound,
        "There is nothing at this address. Projects are under simple/, uploads go to the "
          + "repository's own address."
      )
    }
  }

  /// Checks that the request reads and that the caller may; returns the refusal of other methods.
  private func read(_ request: Request, _ caller: Caller) async throws(RepositoryError) -> Reply? {
    guard request.method == .get || request.method == .head else {
      return .methodNotAllowed("GET, HEAD")
    }
    try await caller.requireReading()
    return nil
  }

  /// Relative links on a page count from its address, so it must end in a slash.
  private static func addSlash(to request: Request) -> Reply {
    let query = request.target.rawQuery.isEmpty ? "" : "?" + request.target.rawQuery
    let address = request.base + request.target.rawPath + "/" + query
    return .text(
      .movedPermanently,
      "This page is at \(address).",
      headers: [.location: address]
    )
  }

  /// What an address within the repository means.
  private enum Route {
    case upload
    case index
    case project(String)
    case slashless
    case file(project: String, version: String, name: String)

    init?(_ rest: [String]) {
      switch rest.count {
      case 0: self = .upload
      case 1 where rest[0] == "" || rest[0] == "legacy": self = .upload
      case 2 where rest == ["legacy", ""]: self = .upload
      case 1 where rest[0] == "simple": self = .slashless
      case 2 where rest == ["simple", ""]: self = .index
      case 2 where rest[0] == "simple": self = .slashless
      case 3 where rest[0] == "simple" && rest[2] == "": self = .project(rest[1])
      case 4 where rest[0] == "simple" && rest[3] != "":
        self = .file(project: rest[1], version: rest[2], name: rest[3])
      default: return nil
      }
    }
  }
}

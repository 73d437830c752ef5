import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// The endpoint of Ruby's gems: the compact index, the files, push and yank, and the documents that
/// older clients read (RubyGems guides, "RubyGems.org API" and "Compact Index API"; the paths are
/// CodeArtifact's, user guide, "RubyGems compatibility").
struct RubyFormat: FormatEndpoint {
  private let index: CompactIndex
  private let legacy: LegacyIndex
  private let files: GemFiles
  private let pushing: GemPushing
  private let yanks: GemYanks
  private let owners: GemOwners

  init(depot: Depot, documents: RenderedDocuments) {
    self.index = CompactIndex(depot: depot, documents: documents)
    self.legacy = LegacyIndex(depot: depot, documents: documents)
    self.files = GemFiles(depot: depot, documents: documents)
    self.pushing = GemPushing(depot: depot)
    self.yanks = GemYanks(depot: depot)
    self.owners = GemOwners(depot: depot)
  }

  static func coordinates(_ name: String) -> PackageCoordinates {
    PackageCoordinates(format: .ruby, name: name)
  }

  func respond(
    to request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    guard let route = RubyRoute(endpoint.rest) else {
      return .text(
        .notFound,
        "There is nothing at this address. The index begins at versions, gems are at gems/."
      )
    }
    let allowed = route.methods
    guard allowed.contains(request.method) else {
      return .methodNotAllowed(allowed.map(\.rawValue).joined(separator: ", "))
    }
    if route.isReading { try await caller.requireReading() }
    return try await answer(request, route, caller)
  }

  private func answer(
    _ request: Request,
    _ route: RubyRoute,
    _ caller: Caller
  ) async throws(RepositoryError) -> Reply {
    let path = caller.path
    switch route {
    case .root: return .text(.ok, "Repository \(path.repository) serves gems here.")
    case .versions: return try await index.versions(request, in: path)
    case .names: return try await index.names(request, in: path)
    case .info(let name): return try await index.info(name, request, in: path)
    case .gem(let fullName): return try await files.gem(fullName, request, in: path)
    case .specification(let fullName):
      return try await files.specification(fullName, request, in: path)
    case .specifications(let selection):
      return try await legacy.specifications(selection, request, in: path)
    case .dependencies(let isJSON):
      return try await legacy.dependencies(request, isJSON: isJSON, in: path)
    case .push: return try await pushing.accept(request, from: caller)
    case .yank: return try await yanks.accept(request, from: caller)
    case .owners(let name, let isJSON):
      return try await owners.respond(to: request, about: name, isJSON: isJSON, for: caller)
    case .key: return Self.key(of: request)
    }
  }

  /// `gem signin` asks for the key to store: here that is the token the client came with.
  private static func key(of request: Request) -> Reply {
    .text(.ok, Gate.presentedToken(in: request) ?? "")
  }
}

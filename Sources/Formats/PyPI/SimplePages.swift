import Access
import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for the pages of the simple index, in the representation the client likes best.
struct SimplePages: Sendable {
  /// How many packages are asked for at a time when all are listed.
  private static let listingStep = 1000

  private let depot: Depot
  private let rendered: RenderedDocuments

  init(depot: Depot, rendered: RenderedDocuments) {
    self.depot = depot
    self.rendered = rendered
  }

  /// The page of one project, by any spelling of its name.
  func project(
    _ name: String,
    _ request: Request,
    at endpoint: RepositoryEndpoint,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let representation = Self.representation(for: request) else {
      return Self.notAcceptable()
    }
    guard let project = ProjectName(name),
      let found = try await depot.projectPage(project.normalized, in: path)
    else {
      return .text(
        .notFound,
        "Repository \(path.repository) knows no project \(name)."
      )
    }
    // Addresses in a page are relative: the page is the same by whatever address it is asked for,
    // unless it tells of provenance.
    let address =
      found.page.hasProvenance
      ? endpoint.address(in: request) + "/simple/\(project.normalized)/" : ""
    return await rendered.reply(
      to: request,
      key: "pypi \(representation) \(path) \(project.normalized) \(address)",
      stamp: found.stamp,
      contentType: representation.contentType,
      staleness: found.staleness
    ) { found.page.provenanceResolved(against: address).render(representation) }
  }

  /// The list of the projects that the repository itself holds.
  func index(
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let representation = Self.representation(for: request) else {
      return Self.notAcceptable()
    }
    let index = SimpleIndex(projects: try await projects(in: path))
    let bytes = representation == .json ? index.renderJSON() : index.renderHTML()
    return await rendered.reply(
      to: request,
      key: "pypi \(representation) \(path)",
      stamp: PayloadHash.sha256(bytes),
      contentType: representation.contentType
    ) { bytes }
  }

  private func projects(in path: RepositoryPath) async throws(RepositoryError) -> [String] {
    var names: [String] = []
    var token: String?
    repeat {
      let page = try await depot.listPackages(
        in: path,
        PackageFilter(format: .pypi),
        limit: Self.listingStep,
        token: token
      )
      names += page.items.map(\.displayName)
      token = page.nextToken
    } while token != nil
    return names
  }

  private static func representation(for request: Request) -> SimpleRepresentation? {
    SimpleRepresentation.negotiate(accept: request.headers[values: .accept])
  }

  private static func notAcceptable() -> Reply {
    let types = SimpleRepresentation.allCases.map(\.contentType).joined(separator: ", ")
    return .text(
      .notAcceptable,
      "This page comes as \(types); the Accept header allows none of them.",
      headers: [.vary: "Accept, Authorization"]
    )
  }
}

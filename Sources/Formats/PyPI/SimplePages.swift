import Access
import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for the pages of the simple index, in the representation the client likes best.
struct SimplePages: Sendable {
  /// Part of every `ETag`, to be raised when a page is written differently for the same content.
  private static let rendering = 1
  /// How many packages are asked for at a time when all are listed.
  private static let listingStep = 1000

  private let depot: Depot
  private let rendered = RenderedPages()

  init(depot: Depot) {
    self.depot = depot
  }

  /// The page of one project, by any spelling of its name.
  func project(
    _ name: String,
    _ request: Request,
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
    return Self.reply(to: request, representation, found.stamp, found.staleness) {
      rendered.bytes(of: found.page, as: representation, stamp: found.stamp)
    }
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
    return Self.reply(to: request, representation, PayloadHash.sha256(bytes), nil) { bytes }
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

  /// The stamp stands for the content, and the tag for these very bytes of it.
  private static func reply(
    to request: Request,
    _ representation: SimpleRepresentation,
    _ stamp: SHA256Digest,
    _ staleness: Duration?,
    bytes: () -> [UInt8]
  ) -> Reply {
    let tag = EntityTag("\(stamp.hexadecimal.prefix(40))-\(representation)-\(rendering)")
    var headers: HTTPFields = [
      .eTag: tag.text, .vary: "Accept, Authorization",
      .cacheControl: "private, max-age=0, must-revalidate",
    ]
    headers.tell(staleness: staleness)
    if tag.matches(ifNoneMatch: request.headers[values: .ifNoneMatch]) {
      return Reply(.notModified, headers: headers)
    }
    headers[.contentType] = representation.contentType
    return Reply(.ok, headers: headers, body: .bytes(bytes()))
  }
}

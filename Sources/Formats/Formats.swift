import Bytes
package import Exchange
import HTTPTypes
package import Repository

/// The repository endpoints of every package format: `/{format}/d/{domain}-{owner}/{repository}/…`.
///
/// Finds out which repository a request means, who is asking, and hands it to the format's own
/// folder. A format that is not served is a 404 in plain text, as package managers print it.
package struct Formats: Responder {
  private let gate: Gate
  private let region: String
  private let endpoints: [String: any FormatEndpoint]

  /// Makes the endpoints of every repository in `depot`.
  package init(depot: Depot) {
    self.gate = Gate(depot: depot)
    self.region = depot.options.region
    let documents = RenderedDocuments()
    self.endpoints = [
      "cargo": CargoFormat(depot: depot, documents: documents),
      "generic": GenericFormat(depot: depot),
      "maven": MavenFormat(depot: depot, documents: documents),
      "npm": NpmFormat(depot: depot, documents: documents),
      "nuget": NuGetFormat(depot: depot, documents: documents),
      "pypi": PyPIFormat(depot: depot, documents: documents),
      "ruby": RubyFormat(depot: depot, documents: documents),
      "swift": SwiftRegistryFormat(depot: depot, documents: documents),
    ]
  }

  /// How public registries are read, for every format that has any; the Python index is the
  /// depot's own business.
  package static let registries: [any ExternalFormat] = [
    CargoRegistry(), MavenRegistry(), NpmRegistry(), NuGetRegistry(), RubyRegistry(),
  ]

  package func respond(to request: Request) async -> Reply {
    guard let segments = request.target.segments else {
      return .text(.badRequest, "The path has a broken percent-escape or is not UTF-8.")
    }
    guard let endpoint = RepositoryEndpoint(segments: segments, base: request.base) else {
      return .text(
        .notFound,
        "There is no repository at this address; one has the form "
          + "/{format}/d/{domain}-{owner}/{repository}/."
      )
    }
    guard let format = endpoints[endpoint.format] else {
      return .text(.notFound, "Packages of the format \(endpoint.format) are not served here.")
    }
    guard segments.allSatisfy(\.isComposed) else { return Self.decomposed(request.method) }
    request.trail.note(request.method, at: endpoint, in: region)
    do {
      let caller = try await gate.admit(request, to: endpoint)
      return try await format.respond(to: request, at: endpoint, for: caller)
    } catch {
      request.trail.note(error)
      return format.refusal(of: request, for: error, at: endpoint)
    }
  }

  /// Nothing that is not composed has a name here (``Swift/String/isComposed``).
  private static func decomposed(_ method: HTTPRequest.Method) -> Reply {
    .text(
      method == .get || method == .head ? .notFound : .badRequest,
      "The path is not in Unicode's composed form (NFC), in which everything here is named."
    )
  }
}

import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for archives, and for what is attested of them.
struct NpmFiles: Sendable {
  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// A version's archive by any of the names that clients have for it.
  func archive(
    _ file: String,
    of name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> Reply {
    guard let version = name.version(ofFile: file),
      let found = try await depot.packageFile(
        PackageListing.npmArchiveName,
        of: name.coordinates,
        version: version,
        in: visit.path
      )
    else { throw Self.absent(file, visit) }
    return FileReply.make(found, for: visit.request)
  }

  /// The attestations of a version that was published with provenance.
  func attestations(
    of name: NpmName,
    version: String,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> Reply {
    guard
      let found = try await depot.packageFile(
        PackageListing.npmAttestationsName,
        of: name.coordinates,
        version: version,
        in: visit.path
      )
    else { throw Self.absent("\(name)@\(version) with attestations", visit) }
    var reply = FileReply.make(found, for: visit.request)
    if reply.status == .ok { reply.headers[.contentType] = "application/json" }
    return reply
  }

  private static func absent(_ what: String, _ visit: NpmVisit) -> RepositoryError {
    RepositoryError(
      .notFound,
      "Repository \(visit.path.repository) has no \(what).",
      resourceID: what,
      resourceType: .asset
    )
  }
}

import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for distribution files, and for the metadata beside them (PEP 658).
struct ProjectFiles: Sendable {
  private static let metadataEnding = ".metadata"

  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// A file by its stable address, `{project}/{version}/{name}`, or `{name}.metadata`.
  func file(
    _ name: String,
    of project: String,
    version: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let known = ProjectName(project) else { return Self.absent(name, path) }
    guard name.hasSuffix(Self.metadataEnding) else {
      guard
        let file = try await depot.projectFile(
          name,
          of: known.normalized,
          version: version,
          in: path
        )
      else { return Self.absent(name, path) }
      return FileReply.make(file, for: request)
    }
    let owner = String(name.dropLast(Self.metadataEnding.count))
    guard
      let metadata = try await depot.coreMetadata(
        of: owner,
        project: known.normalized,
        version: version,
        in: path
      )
    else { return Self.absent(name, path) }
    return FileReply.make(metadata, for: request)
  }

  private static func absent(_ name: String, _ path: RepositoryPath) -> Reply {
    .text(.notFound, "Repository \(path.repository) has no file \(name).")
  }
}

import Access
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for distribution files, and for what lies beside them: metadata (PEP 658) and provenance
/// (PEP 740).
struct ProjectFiles: Sendable {
  private static let metadataEnding = ".metadata"

  private let depot: Depot
  private let rendered: RenderedDocuments

  init(depot: Depot, rendered: RenderedDocuments) {
    self.depot = depot
    self.rendered = rendered
  }

  /// A file by its stable address, `{project}/{version}/{name}`, or what lies beside it under that
  /// address with an ending.
  func file(
    _ name: String,
    of project: String,
    version: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let project = ProjectName(project)?.normalized else { return Self.absent(name, path) }
    let reply: Reply? =
      if let owner = name.removing(Self.metadataEnding) {
        try await depot.coreMetadata(of: owner, project: project, version: version, in: path)
          .map { FileReply.make($0, for: request) }
      } else if let owner = name.removing(Provenance.addressEnding) {
        try await provenance(of: owner, project, version, request, path)
      } else {
        try await depot.projectFile(name, of: project, version: version, in: path)
          .map { FileReply.make($0, for: request) }
      }
    return reply ?? Self.absent(name, path)
  }

  private func provenance(
    of name: String,
    _ project: String,
    _ version: String,
    _ request: Request,
    _ path: RepositoryPath
  ) async throws(RepositoryError) -> Reply? {
    let found = try await depot.provenance(
      of: name,
      project: project,
      version: version,
      in: path
    )
    guard let found else { return nil }
    return await rendered.reply(
      to: request,
      key: "pypi provenance \(path) \(name)",
      stamp: PayloadHash.sha256(found.bytes),
      contentType: found.contentType,
      staleness: found.staleness
    ) { found.bytes }
  }

  private static func absent(_ name: String, _ path: RepositoryPath) -> Reply {
    .text(.notFound, "Repository \(path.repository) has no file \(name).")
  }
}

extension String {
  /// What stands before an ending; nil when this does not end so.
  fileprivate func removing(_ ending: String) -> String? {
    hasSuffix(ending) ? String(dropLast(ending.count)) : nil
  }
}

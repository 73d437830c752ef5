import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for dist-tags (`npm dist-tag`, `yarn tag`).
struct NpmTags: Sendable {
  /// How long the body of a request may be: a version in quotes.
  private static let longestBody = 4096

  private let depot: Depot
  private let changes: NpmChanges

  init(depot: Depot) {
    self.depot = depot
    self.changes = NpmChanges(depot: depot)
  }

  func list(_ name: NpmName, _ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    let merged = try await package(name, visit)
    var reply = Reply.npm(
      .ok,
      NpmPackument(merged.listing, of: name, root: visit.root).tagObject
    )
    reply.headers.tell(staleness: merged.staleness)
    return reply
  }

  /// Points a tag to a version; the body is the version as a JSON string.
  func set(
    _ tag: String,
    of name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> Reply {
    try await visit.caller.requireTagging(of: name.coordinates)
    if let obstacle = NpmTag.obstacle(tag) { throw .npm(MalformedInput("tag", obstacle)) }
    let text = try await Self.version(in: visit.request)
    let packument = try await packument(name, visit)
    guard packument.versions.contains(text) else {
      throw RepositoryError(
        .notFound,
        "Repository \(visit.path.repository) has no version \(text) of \(name).",
        resourceID: text,
        resourceType: .packageVersion
      )
    }
    try await changes.amend(name, visit) { attributes in
      let tags = attributes["dist-tags"] ?? .object([])
      return attributes.setting("dist-tags", tags.setting(tag, .string(text)))
    }
    return try await list(name, visit)
  }

  /// Takes a tag away; `latest` stays, for every client relies on it.
  func remove(
    _ tag: String,
    of name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> Reply {
    try await visit.caller.requireTagging(of: name.coordinates)
    guard tag != "latest" else {
      throw .npm(MalformedInput("removal of the tag latest", "every package has that tag"))
    }
    guard try await packument(name, visit).tags.contains(where: { $0.name == tag }) else {
      throw RepositoryError(.notFound, "\(name) has no tag \(tag).")
    }
    try await changes.amend(name, visit) { attributes in
      attributes.setting("dist-tags", attributes["dist-tags"]?.setting(tag, nil))
    }
    guard try await !packument(name, visit).tags.contains(where: { $0.name == tag }) else {
      throw RepositoryError(
        .accessDenied,
        "The tag \(tag) of \(name) comes from an upstream of repository "
          + "\(visit.path.repository); remove it there."
      )
    }
    return try await list(name, visit)
  }

  private func packument(
    _ name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> NpmPackument {
    NpmPackument(try await package(name, visit).listing, of: name, root: visit.root)
  }

  private func package(
    _ name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> MergedPackage {
    guard let merged = try await depot.package(name.coordinates, in: visit.path) else {
      throw visit.unknown(name)
    }
    return merged
  }

  private static func version(in request: Request) async throws(RepositoryError) -> String {
    do {
      let body = try await request.body.collect(upTo: longestBody)
      if let text = try JSONReader.read(body).string { return text }
      throw MalformedInput("request", "its body is no JSON string")
    } catch let error as MalformedInput {
      throw .npm(error)
    } catch {
      throw RepositoryError(.validation, "The version did not come: \(error)", cause: error)
    }
  }
}

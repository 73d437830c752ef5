import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers what npm's clients ask that is not about one package.
struct NpmServices: Sendable {
  private static let loginAdvice =
    "This registry takes no npm logins: get a token with `aws codeartifact login --tool npm`, or "
    + "put one into .npmrc as _authToken."

  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  func answer(_ service: NpmService, _ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    switch service {
    case .ping:
      try await visit.caller.requireReading()
      return .npm(.ok, .object([]))
    case .whoami:
      try await visit.caller.requireReading()
      try visit.caller.requireName()
      return .npm(.ok, .object([.init("username", .string(visit.username))]))
    // A 404 sends npm to the older way to log in, where it prints the reason.
    case .webLogin: return .npm(.notFound, Self.loginAdvice)
    case .user(let name): return try await user(name, visit)
    case .logout(let token): return try await logOut(token, visit)
    case .signingKeys: return try await signingKeys(visit)
    case .bulkAudit:
      _ = try await auditBody(visit)
      return .npm(.ok, bytes: NpmAudit.emptyBulk)
    case .audit: return .npm(.ok, bytes: try await auditReport(visit))
    }
  }

  /// The keys of all registries that the repository reaches, as they publish them: what comes from
  /// there keeps its `dist.signatures`, and npm looks for their keys where it got the packument.
  ///
  /// There is none of ours: what is published here is not signed, and npm says so of it.
  private func signingKeys(_ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    try await visit.caller.requireReading()
    var keys = NpmSigningKeys()
    var staleness: Duration?
    for document in try await depot.registryDocuments(
      NpmSigningKeys.path,
      of: .npm,
      in: visit.path
    ) {
      guard let bytes = try await depot.contents(of: document.key) else { continue }
      do { try keys.add(bytes) } catch {
        throw RepositoryError(
          .upstreamUnavailable,
          "A registry's signing keys cannot be read: \(error)."
        )
      }
      if let age = document.staleness { staleness = max(staleness ?? .zero, age) }
    }
    guard !keys.isEmpty else {
      throw RepositoryError(
        .notFound,
        "Repository \(visit.path.repository) reaches no registry that signs its packages."
      )
    }
    var reply = Reply.npm(.ok, bytes: keys.render())
    reply.headers.tell(staleness: staleness)
    return reply
  }

  /// `npm owner add` looks users up by it: any name will do, for owners are only who should be told
  /// of a package, and rights are set elsewhere.
  private func user(_ name: String, _ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    guard visit.request.method != .put else { return .npm(.forbidden, Self.loginAdvice) }
    try await visit.caller.requireReading()
    guard !name.isEmpty else { throw RepositoryError(.notFound, "A user has a name.") }
    return .npm(
      .ok,
      .object([
        .init("_id", .string("org.couchdb.user:\(name)")), .init("name", .string(name)),
        .init("email", .string("")),
      ])
    )
  }

  /// Forgets a token: the one that the caller shows, or another of the caller's own.
  private func logOut(_ token: String, _ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    guard let holder = try await depot.holder(ofToken: token),
      holder.principal == visit.caller.principal
    else { throw RepositoryError(.notFound, "There is no such token of \(visit.username).") }
    _ = try await depot.revokeToken(token)
    return .npm(.ok, .object([.init("ok", .bool(true))]))
  }

  /// The reply to an audit of the older kind, which counts what it was asked about.
  private func auditReport(_ visit: NpmVisit) async throws(RepositoryError) -> [UInt8] {
    let body = try await auditBody(visit)
    do { return try NpmAudit.emptyReport(of: body) } catch { throw .npm(error) }
  }

  /// The body of an audit, as it came: which packages and versions are asked about.
  ///
  /// Nothing of it is passed on: the names may be private, and no advisories are kept here. A bulk
  /// request is not even unpacked.
  private func auditBody(_ visit: NpmVisit) async throws(RepositoryError) -> [UInt8] {
    try await visit.caller.requireReading()
    do {
      return try await visit.request.body.collect(upTo: NpmAudit.longestRequest)
    } catch is BodyTooLong {
      throw RepositoryError(.tooLarge, "The audit request is longer than it may be.")
    } catch {
      throw RepositoryError(.validation, "The audit request broke off.", cause: error)
    }
  }
}

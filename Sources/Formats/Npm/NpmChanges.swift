import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Changes what is there: deprecates, takes versions away, sets owners and stars.
///
/// Only what was published into the repository itself can be changed in it; what comes from an
/// upstream is the upstream's.
struct NpmChanges: Sendable {
  private static let listingStep = 1000

  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// Applies the differences between a document that a client sends back and what is there.
  ///
  /// - Parameters:
  ///   - change: what the document says.
  ///   - name: the package.
  ///   - revision: what the address says the package's revision is; without one, no version is
  ///     taken away.
  ///   - visit: the request.
  /// - Returns: the answer, with the new revision.
  /// - Throws: `conflict` when the revision is an old one, `accessDenied` for what comes from an
  ///   upstream, `validation`, `notFound`.
  func apply(
    _ change: NpmChange,
    to name: NpmName,
    at revision: String? = nil,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> Reply {
    let packument = try await packument(name, visit)
    try Self.require(revision ?? change.revision, of: packument)
    if revision != nil, let removed = try Self.removed(by: change, from: packument) {
      try await remove(removed, of: name, visit)
      try await retag(name, without: removed, change.tags, visit)
      return try await done(name, visit)
    }
    if change.deprecations != nil {
      try await deprecate(change, packument, name, visit)
    } else if change.maintainers != nil || change.users != nil {
      try await amend(name, visit) { attributes in
        attributes.setting("maintainers", change.maintainers ?? attributes["maintainers"])
          .setting("users", change.users ?? attributes["users"])
      }
    }
    return try await done(name, visit)
  }

  /// Takes a version away by its archive's name: the second step of npm's `unpublish`, whose first
  /// has done it already.
  func remove(
    _ file: String,
    of name: NpmName,
    at revision: String,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> Reply {
    try await visit.caller.requireDeleting(of: name.coordinates)
    guard let version = name.version(ofFile: file) else {
      throw .npm(MalformedInput("file name \(file)", "it is no archive of \(name)"))
    }
    if let merged = try await depot.package(name.coordinates, in: visit.path),
      merged.listing.versions.contains(where: { $0.version == version })
    {
      let packument = NpmPackument(merged.listing, of: name, root: visit.root)
      try Self.require(revision, of: packument)
      try await remove(version, of: name, visit)
      try await retag(name, without: version, nil, visit)
    }
    return try await done(name, visit)
  }

  /// Takes all versions away that the repository itself holds.
  func removeAll(
    of name: NpmName,
    at revision: String,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> Reply {
    try await visit.caller.requireDeleting(of: name.coordinates)
    try Self.require(revision, of: try await packument(name, visit))
    let held = try await heldVersions(of: name, visit)
    guard held.contains(where: { $0.origin.type == .internal }) else {
      throw Self.foreign("\(name)", visit)
    }
    // Tags first: those of versions that are gone mean nothing, and must not come back with them.
    _ = try await depot.amendPackage(name.coordinates, in: visit.path) { _ in .object([]) }
    for record in held {
      _ = try await depot.removeVersion(record.version, of: name.coordinates, in: visit.path)
    }
    return .npm(.ok, .object([.init("ok", .bool(true))]))
  }

  /// Changes what belongs to a package as a whole.
  ///
  /// - Throws: `accessDenied` when the repository itself does not hold it.
  func amend(
    _ name: NpmName,
    _ visit: NpmVisit,
    _ change: @escaping @Sendable (JSONValue) -> JSONValue
  ) async throws(RepositoryError) {
    let now = UploadTime(microseconds: depot.clock.now().microseconds)
    let amended = try await depot.amendPackage(name.coordinates, in: visit.path) { attributes in
      change(attributes).setting("modified", .string(now.npmText))
    }
    guard amended != nil else { throw Self.foreign("\(name)", visit) }
  }

  private func packument(
    _ name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> NpmPackument {
    guard let merged = try await depot.package(name.coordinates, in: visit.path) else {
      throw visit.unknown(name)
    }
    return NpmPackument(merged.listing, of: name, root: visit.root)
  }

  private static func require(
    _ revision: String?,
    of packument: NpmPackument
  ) throws(RepositoryError) {
    guard let revision else { return }
    let current = packument.revision
    guard revision != current else { return }
    throw RepositoryError(
      .conflict,
      "The package was changed meanwhile: its revision is \(current), not \(revision). "
        + "Read it again and repeat the change."
    )
  }

  private static func foreign(_ what: String, _ visit: NpmVisit) -> RepositoryError {
    RepositoryError(
      .accessDenied,
      "\(what) was not published to repository \(visit.path.repository) but comes from an upstream "
        + "of it; change it there."
    )
  }

  /// The version that a document lacks; nil when it has all.
  ///
  /// - Throws: `validation` when it lacks several: clients take one away at a time, and a document
  ///   without versions is rather a mistake than a wish.
  private static func removed(
    by change: NpmChange,
    from packument: NpmPackument
  ) throws(RepositoryError) -> String? {
    guard let kept = change.deprecations?.keys else { return nil }
    let removed = packument.versions.filter { !kept.contains($0) }
    guard removed.count <= 1 else {
      throw .npm(
        MalformedInput(
          "package document",
          "it lacks \(removed.count) versions; remove one at a time"
        )
      )
    }
    return removed.first
  }

  private func remove(
    _ version: String,
    of name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) {
    try await visit.caller.requireDeleting(of: name.coordinates)
    try await requireOwn(version, of: name, visit)
    _ = try await depot.removeVersion(version, of: name.coordinates, in: visit.path)
  }

  private func requireOwn(
    _ version: String,
    of name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) {
    let what = "\(name)@\(version)"
    let record: VersionRecord
    do {
      record = try await depot.describePackageVersion(
        version,
        of: name.coordinates,
        in: visit.path
      )
    } catch  where error.code == .notFound { throw Self.foreign(what, visit) }
    guard record.origin.type == .internal else { throw Self.foreign(what, visit) }
  }

  /// Lets no tag point to what is gone; the client says where `latest` goes.
  private func retag(
    _ name: NpmName,
    without removed: String,
    _ wanted: [String: String]?,
    _ visit: NpmVisit
  ) async throws(RepositoryError) {
    try await amend(name, visit) { attributes in
      let tags = (attributes["dist-tags"]?.members ?? []).compactMap {
        member -> JSONValue.Member? in
        guard member.value.string == removed else { return member }
        return wanted?[member.name].map { .init(member.name, .string($0)) }
      }
      return attributes.setting("dist-tags", .object(tags))
    }
  }

  private func deprecate(
    _ change: NpmChange,
    _ packument: NpmPackument,
    _ name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) {
    let changed = (change.deprecations ?? [:]).filter { version, reason in
      packument.versions.contains(version) && packument.deprecation(of: version) != reason
    }
    guard !changed.isEmpty else { return }
    try await visit.caller.requireUpdating(of: name.coordinates)
    // All are looked at before the first is changed.
    for version in changed.keys { try await requireOwn(version, of: name, visit) }
    for (version, reason) in changed {
      _ = try await depot.amendVersion(version, of: name.coordinates, in: visit.path) { amendment in
        amendment.metadata = amendment.metadata.setting(
          "deprecated",
          reason.map(JSONValue.string)
        )
      }
    }
    try await amend(name, visit) { $0 }
  }

  private func heldVersions(
    of name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> [VersionRecord] {
    var held: [VersionRecord] = []
    var token: String?
    do {
      repeat {
        let page = try await depot.listPackageVersions(
          of: name.coordinates,
          in: visit.path,
          limit: Self.listingStep,
          token: token
        ).versions
        held += page.items
        token = page.nextToken
      } while token != nil
    } catch  where error.code == .notFound { return [] }
    return held
  }

  private func done(_ name: NpmName, _ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    let merged = try await depot.package(name.coordinates, in: visit.path)
    let revision = merged.map {
      NpmPackument($0.listing, of: name, root: visit.root).revision
    }
    return .npm(
      .created,
      .object([
        .init("ok", .bool(true)), .init("id", .string(name.text)),
        .init("rev", .string(revision ?? "")),
      ])
    )
  }
}

import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Takes gems in the form that `gem push` sends: the file, and nothing else.
struct GemPushing: Sendable {
  private let depot: Depot
  private let queue = PublishQueue()

  init(depot: Depot) {
    self.depot = depot
  }

  func accept(_ request: Request, from caller: Caller) async throws(RepositoryError) -> Reply {
    let upload = try await depot.makeUpload(
      into: caller.path,
      announcing: request.body.announcedByteCount
    )
    let specification: GemSpecification
    let staged: StagedAsset
    do {
      specification = try await Self.read(request, into: upload)
      try await caller.requirePublishing(of: RubyFormat.coordinates(specification.identity.name))
      staged = try await upload.finish()
    } catch {
      await upload.cancel()
      throw UploadFailure.meaning(of: error, subject: "The gem")
    }
    let identity = specification.identity
    let key = "\(caller.path) \(identity.name.lowercased())"
    try await queue.run(key) { () async throws(RepositoryError) in
      try await publish(specification, staged, for: caller)
    }
    return .text(.ok, "Successfully registered gem: \(identity.name) (\(identity.version))")
  }

  private static func read(
    _ request: Request,
    into upload: AssetUpload
  ) async throws -> GemSpecification {
    var archive = GemArchive()
    while let chunk = try await request.body.next() {
      try archive.feed(chunk)
      try await upload.write(chunk)
    }
    return try archive.finish()
  }

  private func publish(
    _ specification: GemSpecification,
    _ staged: StagedAsset,
    for caller: Caller
  ) async throws(RepositoryError) {
    let identity = specification.identity
    try await requireFree(identity, in: caller.path)
    let owner = OwnerList.name(of: caller.principal)
    _ = try await depot.publish(
      VersionPublication(
        repository: caller.path,
        package: RubyFormat.coordinates(identity.name),
        displayName: identity.name,
        version: identity.version,
        metadata: specification.metadata,
        files: [VersionPublication.File(name: identity.fileName, staged: staged)],
        mustBeNew: true,
        amend: { OwnerList($0).startingWith(owner).written(into: $0) }
      )
    )
  }

  /// Checks that no gem has the name in another case, and no version of the platform the same
  /// number spelt with other zeros.
  private func requireFree(
    _ identity: GemIdentity,
    in path: RepositoryPath
  ) async throws(RepositoryError) {
    let package = RubyFormat.coordinates(identity.name)
    if let other = try await depot.otherCapitals(of: package, in: path) {
      throw Self.conflict(
        "The name \(identity.name) is taken: gem \(other.name) differs from it in case only."
      )
    }
    // Registries are not asked: the name may be a private one.
    let known = try await depot.keptPackage(package, in: path)
    let number = GemVersion(identity.number)
    let same = (known?.listing.versions ?? []).compactMap {
      GemIdentity(name: identity.name, version: $0.version)
    }.first { $0.platform == identity.platform && GemVersion($0.number) == number }
    if let same {
      throw Self.conflict(
        "Repushing of gem versions is not allowed: \(same.fullName) is there already, or was "
          + "yanked. Please choose another version and try again."
      )
    }
  }

  private static func conflict(_ message: String) -> RepositoryError {
    RepositoryError(.conflict, message, resourceType: .packageVersion)
  }
}

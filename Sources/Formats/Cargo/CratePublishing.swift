import Bytes
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Takes crates in the form that `cargo publish` sends.
struct CratePublishing: Sendable {
  private let depot: Depot
  private let names: CrateSpellings
  private let queue = PublishQueue()

  init(depot: Depot, names: CrateSpellings) {
    self.depot = depot
    self.names = names
  }

  /// Reads the request to its end, checks that everything in it agrees, and publishes the version.
  func accept(
    _ request: Request,
    at address: CargoAddress,
    from caller: Caller
  ) async throws(RepositoryError) -> Reply {
    var upload = CrateUploadReader(depot: depot, caller: caller, ownIndex: address.index)
    do {
      while let chunk = try await request.body.next() { try await upload.take(chunk) }
      let crate = try await upload.finish()
      let key = "\(caller.path) \(crate.description.name.canonical)"
      try await queue.run(key) { () async throws(RepositoryError) in
        try await publish(crate, for: caller)
      }
    } catch {
      await upload.cancel()
      throw UploadFailure.meaning(of: error, subject: "The crate")
    }
    return CargoReply.success { writer in
      writer.name("warnings")
      writer.beginObject()
      for name in ["invalid_categories", "invalid_badges", "other"] {
        writer.name(name)
        writer.value(.array([]))
      }
      writer.endObject()
    }
  }

  private func publish(
    _ crate: CrateUploadReader.Crate,
    for caller: Caller
  ) async throws(RepositoryError) {
    let description = crate.description
    let name = description.name
    try await requireFree(description, in: caller.path)
    let owner = OwnerList.name(of: caller.principal)
    _ = try await depot.publish(
      VersionPublication(
        repository: caller.path,
        package: CrateSpellings.coordinates(name),
        displayName: name.spelling,
        version: description.version.spelling,
        metadata: description.metadata(checksum: crate.staged.key.hexadecimal),
        files: [
          VersionPublication.File(
            name: CrateIndexFile.fileName(of: name.spelling, description.version.spelling),
            staged: crate.staged
          )
        ],
        mustBeNew: true,
        amend: { OwnerList($0).startingWith(owner).written(into: $0) }
      )
    )
  }

  /// Checks that no other spelling of the name is taken, and no version that differs in build
  /// metadata only.
  private func requireFree(
    _ description: CrateDescription,
    in path: RepositoryPath
  ) async throws(RepositoryError) {
    let name = description.name
    if let other = try await names.otherSpelling(of: name, in: path) {
      throw Self.conflict("The name \(name.spelling) is taken: the crate \(other) is the same.")
    }
    // Registries are not asked: the name may be a private one.
    guard let known = try await depot.keptPackage(CrateSpellings.coordinates(name), in: path)
    else { return }
    guard known.listing.name == name.spelling || known.listing.versions.isEmpty else {
      throw Self.conflict(
        "The name \(name.spelling) is taken: this crate is spelt \(known.listing.name)."
      )
    }
    let same = known.listing.versions.first { CrateVersion($0.version) == description.version }
    if let same {
      throw Self.conflict(
        "Crate version \(name.spelling) \(same.version) is there already, and a published version "
          + "never changes; versions that differ in build metadata only are the same."
      )
    }
  }

  private static func conflict(_ message: String) -> RepositoryError {
    RepositoryError(.conflict, message, resourceType: .packageVersion)
  }
}

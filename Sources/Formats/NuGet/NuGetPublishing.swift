import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Takes packages in, and lists and unlists them (NuGet V3, "Package publish").
struct NuGetPublishing: Sendable {
  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// Reads the form, and publishes what the nuspec inside the package says it is.
  ///
  /// A version that is there is a conflict, even with the same bytes: `--skip-duplicate` is how
  /// clients say that they do not mind.
  func push(_ request: Request, for caller: Caller) async throws(RepositoryError) -> Reply {
    try await caller.requireReading()
    let upload = try await NuGetUpload.read(request, into: depot.desk(at: caller.path))
    do {
      let staged = try await upload.finish()
      let description = try await describe(staged)
      try await publish(staged, description, for: caller)
      return Reply(.created)
    } catch {
      await upload.cancel()
      throw error
    }
  }

  private func describe(_ staged: StagedAsset) async throws(RepositoryError) -> NuGetDescription {
    do {
      return try await NuGetArchive(of: .staged(staged, in: depot)).description
    } catch let error as MalformedInput {
      throw .refusedUpload("The package cannot be published: \(error.subject): \(error.reason).")
    } catch let error as RepositoryError {
      throw error
    } catch {
      throw RepositoryError(.internalFailure, "Reading a package failed: \(error)", cause: error)
    }
  }

  private func publish(
    _ staged: StagedAsset,
    _ description: NuGetDescription,
    for caller: Caller
  ) async throws(RepositoryError) {
    guard let id = NuGetIdentifier(description.id),
      let version = NuGetVersion(description.version)
    else { throw .refusedUpload("The nuspec has no usable id or version.") }
    try await caller.requirePublishing(of: id.coordinates)
    guard !description.packageTypes.contains(where: { $0.name == "SymbolsPackage" }) else {
      throw .refusedUpload("\(id.text) is a package of symbols, and those are not kept here.")
    }
    _ = try await depot.publish(
      VersionPublication(
        repository: caller.path,
        package: id.coordinates,
        displayName: id.text,
        version: version.key,
        metadata: description.row,
        files: [.init(name: NuGetPackage.fileName(id.key, version.key), staged: staged)],
        mustBeNew: true
      )
    )
  }

  /// Lists a version or unlists it: `DELETE` removes nothing, as on the public gallery.
  func list(
    _ isListed: Bool,
    _ id: String,
    _ version: String,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    guard let id = NuGetIdentifier(id), let version = NuGetVersion(version) else {
      return .absent("\(id) \(version)", caller.path)
    }
    try await caller.requireUpdating(of: id.coordinates)
    let changed = try await depot.amendVersion(
      version.key,
      of: id.coordinates,
      in: caller.path
    ) { amendment in
      // What is archived or disposed of stays so.
      guard amendment.status == .published || amendment.status == .unlisted else { return }
      amendment.status = isListed ? .published : .unlisted
    }
    guard changed != nil else { return .absent("\(id.text) \(version.text)", caller.path) }
    return Reply(isListed ? .ok : .noContent)
  }
}

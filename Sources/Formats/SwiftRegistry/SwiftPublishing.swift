import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Takes releases in (SE-0292 section 4.6, SE-0391).
struct SwiftPublishing: Sendable {
  /// The one signature format there is (SE-0391, "Signature formats").
  private static let signatureFormat = "cms-1.0.0"

  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// Reads the form, looks the archive through, and publishes it with its manifests.
  ///
  /// Answered when all is done: clients that would rather wait elsewhere (`Prefer: respond-async`)
  /// need not. A release that is there is refused before its body is read, whatever it holds.
  func publish(
    _ package: SwiftPackageIdentity,
    _ version: String,
    _ request: Request,
    at place: SwiftPlace,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    try await caller.requirePublishing(of: package.coordinates)
    guard SwiftVersion(version) != nil else {
      return .swiftProblem(
        .badRequest,
        "\(version.prefix(128)) is no version of Semantic Versioning 2.0.0, such as 1.2.3 or "
          + "1.2.3-beta.1."
      )
    }
    try await refuseExisting(version, of: package, in: caller.path)
    let form = try await SwiftPublicationForm.read(request, into: depot.desk(at: caller.path))
    do {
      try await publish(package, version, form, request, in: caller.path)
    } catch {
      await form.archive?.cancel()
      guard error.code == .validation else { throw error }
      return .swiftProblem(.unprocessableContent, error.message)
    }
    return Reply(.created, headers: [.location: place.release(version, of: package)])
  }

  private func refuseExisting(
    _ version: String,
    of package: SwiftPackageIdentity,
    in path: RepositoryPath
  ) async throws(RepositoryError) {
    guard let merged = try await depot.package(package.coordinates, in: path),
      SwiftReleaseList(merged.listing).item(version) != nil
    else { return }
    throw RepositoryError(
      .conflict,
      "Release \(version) of \(package.text) exists already; a published release never changes. "
        + "Choose another version.",
      resourceID: version,
      resourceType: .packageVersion
    )
  }

  private func publish(
    _ package: SwiftPackageIdentity,
    _ version: String,
    _ form: SwiftPublicationForm,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) {
    guard let upload = form.archive else {
      throw .refusedUpload("The form has no part `source-archive`.")
    }
    let signature = try Self.signature(form, request)
    let metadata = try Self.metadata(form)
    let staged = try await upload.finish()
    let archive = try await inspect(staged)
    var files = [VersionPublication.File(name: package.archiveName(version), staged: staged)]
    for file in archive.manifests {
      files.append(try await stage(file, in: path))
    }
    let release = SwiftRelease(
      identifier: package.text,
      metadata: metadata.value,
      signature: signature,
      metadataSignature: form.metadataSignature.map(Base64.encode),
      manifests: archive.manifests.map(\.manifest),
      dependencies: archive.manifests.first.map { main in
        SwiftDependencyScanner.dependencies(in: main.bytes).map(\.json)
      } ?? []
    )
    _ = try await depot.publish(
      VersionPublication(
        repository: path,
        package: package.coordinates,
        displayName: package.text,
        version: version,
        metadata: release.row,
        files: files,
        mustBeNew: true
      )
    )
  }

  private static func signature(
    _ form: SwiftPublicationForm,
    _ request: Request
  ) throws(RepositoryError) -> SwiftRelease.Signature? {
    let format = request.headers[.swiftSignatureFormat]
    guard let signature = form.archiveSignature, !signature.isEmpty else {
      guard format == nil else {
        throw .refusedUpload(
          "The request announces a signature, and the form has no part `source-archive-signature`."
        )
      }
      return nil
    }
    guard format == signatureFormat else {
      throw .refusedUpload(
        "The signature's format must be \(signatureFormat), as the header "
          + "X-Swift-Package-Signature-Format says it."
      )
    }
    return SwiftRelease.Signature(format: signatureFormat, base64: Base64.encode(signature))
  }

  private static func metadata(
    _ form: SwiftPublicationForm
  ) throws(RepositoryError) -> SwiftReleaseMetadata {
    do { return try SwiftReleaseMetadata(form.metadata) } catch {
      throw .refusedUpload("The metadata cannot be used: \(error.reason).")
    }
  }

  private func inspect(_ staged: StagedAsset) async throws(RepositoryError) -> SwiftSourceArchive {
    do {
      return try await SwiftSourceArchive(of: .staged(staged, in: depot))
    } catch let error as MalformedInput {
      throw .refusedUpload("The source archive cannot be published: \(error.reason).")
    } catch let error as RepositoryError {
      throw error
    } catch {
      throw RepositoryError(.internalFailure, "Reading an archive failed: \(error)", cause: error)
    }
  }

  /// Manifests are files of the version in their own right: they are served thousands of times for
  /// each time that the archive is.
  private func stage(
    _ file: SwiftSourceArchive.ManifestFile,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> VersionPublication.File {
    let upload = try await depot.makeUpload(into: path)
    do {
      try await upload.write(file.bytes)
      return VersionPublication.File(
        name: file.manifest.name.text,
        staged: try await upload.finish()
      )
    } catch {
      await upload.cancel()
      throw error
    }
  }
}

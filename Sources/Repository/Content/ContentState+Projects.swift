internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// Publishes a file of a Python project.
  ///
  /// The file's name, the form and, in a wheel, the metadata inside must agree about project and
  /// version; a wheel's metadata is cut out and stored beside it.
  func publish(
    _ staged: StagedAsset,
    as upload: ProjectUpload
  ) async throws(RepositoryError) -> PublishedAsset {
    guard let project = ProjectName(upload.project) else {
      throw .invalid("\(upload.project) is no name for a Python project (PEP 508)")
    }
    guard let name = DistributionFileName(upload.fileName, project: project) else {
      throw .invalid(
        "\(upload.fileName) is no file name of a distribution of \(project.normalized)"
      )
    }
    guard name.version == PythonVersion(upload.version), !name.version.isLegacy else {
      throw .invalid(
        "\(upload.fileName) is not of version \(upload.version), which the upload states "
          + "(PEP 440 decides)"
      )
    }
    var attributes = ProjectFileAttributes()
    attributes.requiresPython = upload.requiresPython
    attributes.blake2b256 = staged.blake2b256.map { Hexadecimal.encode($0) }
    var publication = AssetPublication(
      repository: upload.repository,
      package: PackageCoordinates(format: .pypi, name: project.normalized),
      displayName: upload.project,
      version: name.version.normalized,
      assetName: upload.fileName,
      metadata: upload.metadata
    )
    if name.isWheel { try await cut(staged, name, into: &publication, &attributes) }
    publication.attributes = attributes.json
    return try await publish(staged, as: publication)
  }

  private func cut(
    _ staged: StagedAsset,
    _ name: DistributionFileName,
    into publication: inout AssetPublication,
    _ attributes: inout ProjectFileAttributes
  ) async throws(RepositoryError) {
    let cutter = WheelMetadataCutter(blobs: try await scopes.scope(of: staged.domain))
    do {
      let file = StoredFile(key: staged.key, byteCount: staged.byteCount, in: staged.domain)
      try await cutter.check(file, named: name)
      let bytes = try await cutter.metadata(of: file, named: name)
      let metadata = try CoreMetadata(reading: bytes)
      guard ProjectName(metadata.name) == name.project,
        PythonVersion(metadata.version) == name.version
      else {
        throw MalformedInput(
          "wheel \(name.fileName)",
          "its metadata is of \(metadata.name) \(metadata.version)"
        )
      }
      publication.attachment = try await cutter.store(bytes)
      if publication.metadata == "{}" { publication.metadata = ProjectMetadata.json(of: metadata) }
      attributes.requiresPython = metadata.requiresPython
    } catch let error as MalformedInput {
      throw .invalid(error.description)
    } catch let error as EngineError {
      throw RepositoryError(storing: name.fileName, failed: error)
    } catch {
      throw RepositoryError(
        .internalFailure,
        "Reading \(name.fileName) failed: \(error)",
        cause: error
      )
    }
  }
}

extension RepositoryError {
  fileprivate static func invalid(_ message: String) -> RepositoryError {
    RepositoryError(.validation, message + ".", reason: .fieldValidationFailed)
  }
}

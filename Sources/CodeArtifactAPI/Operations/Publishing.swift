import Access
import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

extension CodeArtifactAPI {
  /// Publishes one asset of a generic version, whose bytes go to the store as they come.
  ///
  /// A version begun with `unfinished` takes more assets until one comes without it; a published
  /// one takes none, but the same bytes under the same name again are a success (CodeArtifact API
  /// 2018-09-22, `PublishPackageVersion`).
  func publishPackageVersion(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (path, version) = call.packageVersion()
    let asset = call.input.required("asset", member: "assetName", .assetName)
    let isUnfinished = call.input.optionalFlag("unfinished", member: "unfinished") ?? false
    call.checkPublishedNames(path.coordinates, version, asset)
    try call.input.finish()
    try await authorize(call, to: .publishPackageVersion, on: arn(path))
    // Before the body, which may be long.
    _ = try await depotCall { () throws(RepositoryError) in
      try await depot.describeRepository(path.repository)
    }
    let staged = try await receive(call.upload, as: asset, into: path.repository)
    let record = try await depotCall { () throws(RepositoryError) in
      var publication = VersionPublication(
        of: version,
        at: path,
        files: [.init(name: asset, staged: staged)]
      )
      publication.status = isUnfinished ? .unfinished : .published
      return try await depot.publish(publication)
    }
    return Self.reply(
      about: record,
      of: path.coordinates,
      [
        "status": .string(record.status.rawValue),
        "asset": Self.summary(
          named: asset,
          byteCount: Int64(clamping: staged.byteCount),
          staged.digests
        ),
      ]
    )
  }

  /// Stores the content and holds it against the hash it was signed with.
  private func receive(
    _ upload: Call.Upload?,
    as asset: String,
    into path: RepositoryPath
  ) async throws(Fault) -> StagedAsset {
    guard let upload else { throw Fault(SignatureError.incomplete("There is no body.")) }
    guard upload.body.announcedByteCount ?? 0 <= depot.assetByteLimit else {
      throw Fault(.tooLongAsset(asset, limit: depot.assetByteLimit))
    }
    let receiving = try await depotCall { () throws(RepositoryError) in
      try await depot.makeUpload(into: path, announcing: upload.body.announcedByteCount)
    }
    do {
      while let chunk = try await upload.body.next() { try await receiving.write(chunk) }
      return try await receiving.finish(verifying: DeclaredDigests(sha256: upload.claimedHash))
    } catch let error as RepositoryError {
      await receiving.cancel()
      guard error.code == .tooLarge else { throw Fault(error) }
      throw Fault(.tooLongAsset(asset, limit: depot.assetByteLimit))
    } catch {
      await receiving.cancel()
      throw .validation(
        "The connection broke before the asset was whole; send it again.",
        reason: .cannotParse
      )
    }
  }
}

extension VersionPublication {
  /// A generic version, which takes assets while it is unfinished and no longer.
  fileprivate init(of version: String, at path: PackagePath, files: [File]) {
    self.init(
      repository: path.repository,
      package: path.coordinates,
      displayName: path.coordinates.name,
      version: version,
      files: files
    )
    openStatuses = [.unfinished]
  }
}

extension RepositoryError {
  /// The model has this error for quotas, and none for large bodies (CodeArtifact quotas, "Asset
  /// file size").
  fileprivate static func tooLongAsset(_ name: String, limit: UInt64) -> RepositoryError {
    RepositoryError(
      .quotaExceeded,
      "Asset \(name) is larger than the \(limit) bytes that an asset may have.",
      resourceID: name,
      resourceType: .asset
    )
  }
}

extension Call {
  /// Notes what may not be published under this operation: it is for generic packages, and what
  /// names them is narrower than the model's patterns (CodeArtifact user guide, "Generic packages
  /// overview").
  fileprivate mutating func checkPublishedNames(
    _ coordinates: PackageCoordinates,
    _ version: String,
    _ asset: String
  ) {
    if coordinates.format != .generic {
      input.note(
        "format",
        value: coordinates.format.rawValue,
        "Member must be generic: packages of other formats are published by their own clients"
      )
    }
    let names = [
      ("namespace", coordinates.namespace), ("package", coordinates.name),
      ("packageVersion", version),
    ]
    for case (let member, let name?) in names where !name.isEmpty && !GenericName.isName(name) {
      input.note(member, value: name, "Member must be a name, without control characters")
    }
    guard !asset.isEmpty, !GenericName.isAsset(asset) else { return }
    input.note(
      "assetName",
      value: asset,
      "Member must consist of letters, digits, single inner spaces and the characters "
        + GenericName.assetCharacters
    )
  }
}

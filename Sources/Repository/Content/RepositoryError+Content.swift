internal import BlobEngine
internal import Bytes
internal import Catalog

extension RepositoryError {
  /// An external source gave no usable answer.
  ///
  /// What is absent there is not found here, and so is what nobody may ask for: clients would try
  /// any other answer again, and it would not change.
  init(_ failure: ExternalFailure) {
    let isAbsent = failure.kind == .absent || failure.kind == .offline
    self.init(
      isAbsent ? .notFound : .upstreamUnavailable,
      failure.message,
      resourceType: isAbsent ? .asset : nil,
      retryAfter: isAbsent ? nil : failure.retryAfter ?? .seconds(5),
      cause: failure
    )
  }

  /// The engine would not take the bytes of `subject`.
  init(storing subject: String, failed error: EngineError) {
    switch error {
    case .storageFull:
      self.init(
        .storageFull,
        "There is no room left to store \(subject); free space and try again.",
        cause: error
      )
    case .tooLarge(let limit):
      self = .assetTooLarge(limit: limit)
    default:
      self.init(.internalFailure, "Storing \(subject) failed: \(error)", cause: error)
    }
  }

  /// The engine would not give the bytes of a blob.
  init(reading key: SHA256Digest, failed error: EngineError) {
    self.init(.internalFailure, "Reading blob \(key) failed: \(error)", cause: error)
  }

  /// The catalog would not answer.
  init(catalog error: CatalogError) {
    self.init(
      error == .full ? .storageFull : .internalFailure,
      "The catalog failed: \(error)",
      cause: error
    )
  }

  /// A row names a blob that the store does not have.
  static func missingBlob(_ key: SHA256Digest) -> RepositoryError {
    RepositoryError(
      .internalFailure,
      "Blob \(key) is named by the catalog and is not in the store; restore it from a backup."
    )
  }

  /// An asset is larger than any may be.
  static func assetTooLarge(limit: UInt64) -> RepositoryError {
    RepositoryError(
      .tooLarge,
      "The file is larger than the \(limit) bytes that an asset may have.",
      resourceType: .asset
    )
  }

  /// A client announced a digest that its bytes do not have.
  static func wrongDigest(_ algorithm: String) -> RepositoryError {
    RepositoryError(
      .validation,
      "The \(algorithm) digest sent with the file is not that of its bytes; nothing was kept. "
        + "Upload the file again.",
      resourceType: .asset,
      reason: .fieldValidationFailed
    )
  }
}

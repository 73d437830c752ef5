import Exchange
import FormatRules
import Repository

extension RepositoryError {
  /// What it means when the form of an upload could not be read to its end.
  init(ofUpload error: any Error) {
    switch error {
    case let error as RepositoryError: self = error
    case let error as MalformedInput:
      self = .refusedUpload("The upload is no usable form: \(error.reason).")
    case is BodyTooLong:
      self.init(.tooLarge, "The upload is larger than the server takes.", cause: error)
    default:
      self.init(
        .validation,
        "The upload broke off before its end; send it again.",
        cause: error
      )
    }
  }
}

extension ByteSource {
  /// An uploaded file that is in the store and not published yet.
  static func staged(_ asset: StagedAsset, in depot: Depot) -> ByteSource {
    stored(
      StoredFile(key: asset.key, byteCount: asset.byteCount, in: asset.domain),
      in: depot
    )
  }

  /// A file in the store.
  static func stored(_ file: StoredFile, in depot: Depot) -> ByteSource {
    ByteSource(byteCount: file.byteCount) { range in
      try await depot.contents(of: file.key, in: file.domain, range: range) ?? []
    }
  }
}

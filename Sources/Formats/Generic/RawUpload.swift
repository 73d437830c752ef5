import Exchange
import FormatRules
import HTTPTypes
import Repository

/// A file that comes as the body of a PUT: its bytes go to the store as they arrive, so that a
/// connection costs the same memory whatever the file's size.
struct RawUpload {
  let staged: StagedAsset
  /// The bytes, where they are few enough to be kept.
  let bytes: [UInt8]?

  /// Reads the body to its end.
  ///
  /// - Parameters:
  ///   - request: whose body it is; the digests its headers declare must turn out right.
  ///   - desk: where the repository takes it.
  ///   - limit: how many bytes are kept at hand for looking into.
  /// - Returns: the file, durable, and its bytes when there are at most `limit`.
  /// - Throws: `validation` for a wrong digest or a body that broke off, `tooLarge`, and what the
  ///   store throws. Nothing is kept then.
  static func receive(
    _ request: Request,
    into desk: UploadDesk,
    keepingUpTo limit: Int = 0
  ) async throws(RepositoryError) -> RawUpload {
    let declared = try UploadDigests(request.headers)
    let upload = try await desk.makeUpload(announcing: request.body.announcedByteCount)
    var kept: [UInt8]? = []
    do {
      while let chunk = try await request.body.next() {
        if let count = kept?.count, count + chunk.count <= limit {
          kept?.append(contentsOf: chunk)
        } else if !chunk.isEmpty {
          kept = nil
        }
        try await upload.write(chunk)
      }
      let staged = try await upload.finish()
      try declared.check(staged.digests)
      return RawUpload(staged: staged, bytes: kept)
    } catch {
      await upload.cancel()
      throw RepositoryError(receiving: error)
    }
  }
}

extension RepositoryError {
  /// A body that could not be taken.
  init(receiving error: any Error) {
    self =
      switch error {
      case let error as RepositoryError: error
      case is BodyTooLong:
        RepositoryError(.tooLarge, "The upload is larger than the server takes.", cause: error)
      default:
        RepositoryError(
          .validation,
          "The upload broke off before its end; send it again.",
          cause: error
        )
      }
  }
}

import Exchange
import FormatRules
import HTTPTypes
import Repository

/// The form of a push: one file, whatever its field is called.
enum NuGetUpload {
  /// Reads the request's body to its end.
  ///
  /// - Throws: `validation` for what is no form with a file in it.
  static func read(
    _ request: Request,
    into desk: UploadDesk
  ) async throws(RepositoryError) -> AssetUpload {
    var upload: AssetUpload?
    do {
      var parser = try MultipartForm(contentType: request.headers[.contentType] ?? "")
      while let chunk = try await request.body.next() {
        for event in try parser.feed(chunk) {
          switch event {
          case .part:
            guard upload == nil else {
              throw RepositoryError.refusedUpload("The form has more than one part.")
            }
            upload = try await desk.makeUpload()
          case .content(let bytes): try await upload?.write(bytes)
          case .endOfPart: break
          }
        }
      }
      try parser.finish()
    } catch {
      await upload?.cancel()
      throw RepositoryError(ofUpload: error)
    }
    guard let upload else { throw .refusedUpload("There is no package in the form.") }
    return upload
  }
}

import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Takes uploads in the form that twine, uv, poetry, flit and hatch send
/// (Warehouse, "Legacy API: Upload API").
struct LegacyUploads: Sendable {
  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// Reads the form to its end, checks that everything in it agrees, and publishes the file.
  ///
  /// The same bytes under the same name again are a success, because clients that lost our answer
  /// ask again.
  func accept(
    _ request: Request,
    from caller: Caller
  ) async throws(RepositoryError) -> Reply {
    // A right to publish one package is enough to be listened to; which one is known only later.
    let form = try await UploadForm.read(request, into: depot.desk(at: caller.path), for: caller)
    do {
      try await publish(form, for: caller)
      return .text(.ok, "OK")
    } catch {
      await form.file?.upload.cancel()
      throw error
    }
  }

  private func publish(
    _ form: UploadForm,
    for caller: Caller
  ) async throws(RepositoryError) {
    let description = try UploadDescription(form)
    guard let file = form.file else {
      throw .refusedUpload("There is no file in the form: the field `content` is missing.")
    }
    let staged = try await file.upload.finish(verifying: description.digests)
    let metadata = try await file.metadata(of: description.name, staged, in: depot)
    try description.check(metadata)
    _ = try await depot.publish(
      staged,
      as: ProjectUpload(
        repository: caller.path,
        project: description.project.spelling,
        version: description.version,
        fileName: description.name.fileName,
        requiresPython: description.requiresPython ?? metadata?.requiresPython,
        metadata: metadata.map { ProjectMetadata.json(of: $0) } ?? "{}"
      )
    )
  }
}

extension RepositoryError {
  /// An upload that contradicts itself or its format.
  static func refusedUpload(_ message: String) -> RepositoryError {
    RepositoryError(.validation, message, reason: .fieldValidationFailed)
  }
}

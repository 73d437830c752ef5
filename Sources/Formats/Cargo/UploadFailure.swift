import Exchange
import FormatRules
import Repository

/// What a failure at reading an upload means to its sender.
enum UploadFailure {
  static func meaning(of error: any Error, subject: String) -> RepositoryError {
    switch error {
    case let error as RepositoryError: error
    case let error as MalformedInput:
      .refusedUpload("\(subject) cannot be published: \(error.subject): \(error.reason).")
    case is BodyTooLong:
      RepositoryError(.tooLarge, "\(subject) is larger than the server takes.", cause: error)
    default:
      RepositoryError(
        .validation,
        "\(subject) broke off before its end; send it again.",
        cause: error
      )
    }
  }
}

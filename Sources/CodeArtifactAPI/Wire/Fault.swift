import Access
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// An error reply of the API: an exception of its model, or one that all AWS services share.
struct Fault: Error, Hashable, Sendable {
  var status: HTTPResponse.Status
  /// The exception's name on the wire.
  var exception: String
  /// What happened, to what, and what to do.
  var message: String
  var resourceID: String?
  var resourceType: RepositoryError.ResourceType?
  var reason: RepositoryError.ValidationReason?
  var retryAfterSeconds: Int64?
  /// What the server's log is told, and nobody else.
  var details: String?

  /// A `ValidationException`.
  static func validation(
    _ message: String,
    reason: RepositoryError.ValidationReason
  ) -> Fault {
    Fault(
      status: .badRequest,
      exception: "ValidationException",
      message: message,
      reason: reason
    )
  }

  /// What AWS answers to a path that no operation has.
  static let unknownOperation = Fault(
    status: .notFound,
    exception: "UnknownOperationException",
    message: "No operation of the CodeArtifact API has this method and path."
  )
}

extension Fault {
  init(_ error: SignatureError) {
    self.init(
      status: .init(code: error.status),
      exception: error.exceptionName,
      message: error.message
    )
  }

  /// The reply: the members the model gives the exception, and its name in a header, which is where
  /// the SDKs look first.
  var reply: Reply {
    let body = JSONValue.members([
      "message": .string(message),
      "resourceId": .text(resourceID),
      "resourceType": .text(resourceType?.rawValue),
      "reason": .text(reason?.rawValue),
    ])
    var headers: HTTPFields = [.contentType: "application/json", .amznErrorType: exception]
    if let retryAfterSeconds { headers[.retryAfter] = String(retryAfterSeconds) }
    return Reply(status, headers: headers, body: .bytes(body.bytes), fault: details)
  }
}

import Access
import Exchange
import FormatRules
import HTTPTypes

/// An error reply of the API: one of the model's exceptions, or one of those all AWS services share.
package struct Fault: Error, Hashable, Sendable {
  /// Why a request was not valid, in the model's words.
  enum Reason: String, CaseIterable, Sendable {
    case cannotParse = "CANNOT_PARSE"
    case encryptionKeyError = "ENCRYPTION_KEY_ERROR"
    case fieldValidationFailed = "FIELD_VALIDATION_FAILED"
    case unknownOperation = "UNKNOWN_OPERATION"
    case other = "OTHER"
  }

  let status: Int
  let exception: String
  let message: String
  var resourceID: String?
  var resourceType: String?
  var reason: String?
  var retryAfterSeconds: Int64?

  /// A `ValidationException`.
  static func validation(_ message: String, reason: Reason) -> Fault {
    Fault(
      status: 400, exception: "ValidationException", message: message, reason: reason.rawValue)
  }

  /// What AWS answers to a path that no operation has.
  static let unknownOperation = Fault(
    status: 404, exception: "UnknownOperationException",
    message: "No operation of the CodeArtifact API has this method and path.")

  /// The body is larger than any that an operation takes.
  static func tooLarge(limit: Int) -> Fault {
    Fault(
      status: 413, exception: "RequestEntityTooLargeException",
      message: "The request's body is longer than \(limit) bytes.")
  }
}

extension Fault {
  init(_ error: SignatureError) {
    self.init(status: error.status, exception: error.exceptionName, message: error.message)
  }

  init(_ error: AccessDenied) {
    self.init(status: 403, exception: "AccessDeniedException", message: error.message)
  }

  /// The reply: the members the model gives the exception, and its name in a header, which is where
  /// the SDKs look first.
  var reply: Reply {
    let body = JSONValue.members([
      "message": .string(message),
      "resourceId": .text(resourceID),
      "resourceType": .text(resourceType),
      "reason": .text(reason),
    ])
    var headers: HTTPFields = [.contentType: "application/json", .amznErrorType: exception]
    if let retryAfterSeconds { headers[.retryAfter] = String(retryAfterSeconds) }
    return Reply(.init(code: status), headers: headers, body: .bytes(body.bytes))
  }
}

extension HTTPField.Name {
  /// The name of the exception that a reply carries.
  static let amznErrorType = name("x-amzn-errortype")
  /// The request's name in our logs.
  static let amznRequestID = name("x-amzn-requestid")
  static let assetName = name("X-AssetName")
  static let packageVersion = name("X-PackageVersion")
  static let packageVersionRevision = name("X-PackageVersionRevision")

  private static func name(_ text: StaticString) -> HTTPField.Name {
    guard let name = HTTPField.Name("\(text)") else {
      preconditionFailure("\(text) is a header's name")
    }
    return name
  }
}

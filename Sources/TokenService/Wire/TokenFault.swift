import Access
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// An error reply of the service.
///
/// Codes and statuses are those of the service's model and of *Common Errors* in its API reference.
struct TokenFault: Error, Hashable, Sendable {
  var status: HTTPResponse.Status
  var code: String
  var message: String
  /// What the server's log is told, and nobody else.
  var details: String?

  init(
    _ status: HTTPResponse.Status,
    _ code: String,
    _ message: String,
    details: String? = nil
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.details = details
  }

  static func invalid(_ message: String) -> TokenFault {
    TokenFault(.badRequest, "ValidationError", message)
  }

  static func denied(_ message: String) -> TokenFault {
    TokenFault(.forbidden, "AccessDenied", message)
  }

  static func badToken(_ message: String) -> TokenFault {
    TokenFault(.badRequest, "InvalidIdentityToken", message)
  }

  static func expiredToken(_ message: String) -> TokenFault {
    TokenFault(.badRequest, "ExpiredTokenException", message)
  }

  func reply(to requestID: String) -> Reply {
    var writer = XMLWriter()
    let attributes = "xmlns=\"\(TokenAction.namespace)\""
    writer.element("ErrorResponse", attributes: attributes) { response in
      response.element("Error") { error in
        error.element("Type", status.code < 500 ? "Sender" : "Receiver")
        error.element("Code", code)
        error.element("Message", message)
      }
      response.element("RequestId", requestID)
    }
    return Reply(
      status,
      headers: [.contentType: "text/xml", .requestID: requestID],
      body: .bytes(writer.bytes),
      fault: details
    )
  }
}

extension TokenFault {
  init(_ error: SignatureError) {
    let code =
      switch error {
      case .missing: "MissingAuthenticationToken"
      case .incomplete: "IncompleteSignature"
      case .unknownAccessKey, .badSessionToken: "InvalidClientTokenId"
      case .sessionExpired: "ExpiredToken"
      case .wrongScope, .expired, .notYetCurrent, .mismatch, .bodyMismatch: "SignatureDoesNotMatch"
      }
    self.init(HTTPResponse.Status(code: error.status), code, error.message)
  }

  init(_ error: RepositoryError) {
    switch error.code {
    case .accessDenied: self = .denied(error.message)
    case .validation, .conflict, .notFound: self = .invalid(error.message)
    case .quotaExceeded:
      self.init(.badRequest, "PackedPolicyTooLarge", error.message)
    case .throttled: self.init(.badRequest, "Throttling", error.message)
    default:
      self.init(
        .internalServerError,
        "InternalFailure",
        "The request failed because of the server; its log says why.",
        details: error.logged ?? error.message
      )
    }
  }
}

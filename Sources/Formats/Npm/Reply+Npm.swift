import Exchange
import FormatRules
import HTTPTypes
import Repository

extension Reply {
  /// A short answer in JSON.
  static func npm(_ status: HTTPResponse.Status, _ value: JSONValue) -> Reply {
    var writer = JSONWriter()
    writer.value(value)
    return npm(status, bytes: writer.bytes)
  }

  /// An answer that is JSON already.
  static func npm(_ status: HTTPResponse.Status, bytes: [UInt8]) -> Reply {
    Reply(
      status,
      headers: [
        .contentType: "application/json", .cacheControl: "no-store", .vary: "Authorization",
      ],
      body: .bytes(bytes)
    )
  }

  /// A refusal in the form that npm prints.
  static func npm(_ status: HTTPResponse.Status, _ message: String) -> Reply {
    npm(status, .object([.init("error", .string(message))]))
  }

  /// The reply to a method that the address does not have.
  static func npmMethodNotAllowed(_ allowed: String) -> Reply {
    var reply = npm(.methodNotAllowed, "This address answers to \(allowed) only.")
    reply.headers[.allow] = allowed
    return reply
  }

  /// Tells npm why its request failed: the status, headers and words that every format has, as
  /// JSON.
  static func npm(_ error: RepositoryError, at endpoint: RepositoryEndpoint) -> Reply {
    var reply = Reply(error, at: endpoint)
    guard case .bytes(let text) = reply.body else { return reply }
    let message = String(decoding: text.dropLast(), as: UTF8.self)
    var writer = JSONWriter()
    writer.value(.object([.init("error", .string(message))]))
    reply.headers[.contentType] = "application/json"
    reply.body = .bytes(writer.bytes)
    return reply
  }
}

extension RepositoryError {
  /// What was sent contradicts itself or its format.
  static func npm(_ malformed: MalformedInput) -> RepositoryError {
    RepositoryError(
      .validation,
      "The \(malformed.subject) is refused: \(malformed.reason).",
      reason: .fieldValidationFailed,
      cause: malformed
    )
  }
}

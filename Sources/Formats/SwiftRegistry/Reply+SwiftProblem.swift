import Exchange
import FormatRules
import HTTPTypes
import Repository

extension HTTPField.Name {
  static let contentVersion = HTTPField.Name("Content-Version") ?? .contentType
  static let digest = HTTPField.Name("Digest") ?? .eTag
  static let swiftSignature = HTTPField.Name("X-Swift-Package-Signature") ?? .eTag
  static let swiftSignatureFormat = HTTPField.Name("X-Swift-Package-Signature-Format") ?? .eTag
}

extension Reply {
  /// A problem document (RFC 9457), from which SwiftPM prints the detail.
  static func swiftProblem(
    _ status: HTTPResponse.Status,
    _ detail: String,
    headers: HTTPFields = [:]
  ) -> Reply {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("status")
    writer.number(status.code)
    writer.name("title")
    writer.string(status.reasonPhrase)
    writer.name("detail")
    writer.string(detail)
    writer.endObject()
    var headers = headers
    headers[.contentType] = "application/problem+json"
    headers[.contentLanguage] = "en"
    headers[.contentVersion] = "1"
    headers[.cacheControl] = "no-store"
    return Reply(status, headers: headers, body: .bytes(writer.bytes))
  }

  static func swiftMethodNotAllowed(_ allowed: String) -> Reply {
    swiftProblem(
      .methodNotAllowed,
      "This address answers to \(allowed) only.",
      headers: [.allow: allowed]
    )
  }

  /// The house's failure as a problem; the table of statuses and the challenges are everybody's.
  static func swiftProblem(
    _ error: RepositoryError,
    at endpoint: RepositoryEndpoint
  ) -> Reply {
    let plain = Reply(error, at: endpoint)
    let detail =
      error.code == .internalFailure
      ? "The server failed at this request; its log says why." : error.message
    let status = Reply.row(for: error.code) ?? .internalServerError
    var reply = swiftProblem(status, detail, headers: plain.headers)
    reply.fault = plain.fault
    return reply
  }
}

import Exchange
import HTTPTypes

extension Reply {
  /// A short text for a person: what package managers print.
  static func text(
    _ status: HTTPResponse.Status,
    _ text: String,
    headers: HTTPFields = [:]
  ) -> Reply {
    var headers = headers
    headers[.contentType] = "text/plain; charset=utf-8"
    if status.kind != .successful, headers[.cacheControl] == nil {
      headers[.cacheControl] = "no-store"
    }
    return Reply(status, headers: headers, body: .bytes(Array((text + "\n").utf8)))
  }

  /// The reply to a method that the address does not have.
  static func methodNotAllowed(_ allowed: String) -> Reply {
    .text(
      .methodNotAllowed,
      "This address answers to \(allowed) only.",
      headers: [.allow: allowed]
    )
  }
}

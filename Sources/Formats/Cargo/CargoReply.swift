import Exchange
import FormatRules
import HTTPTypes

/// Replies of the web API: JSON, and for a failure the sentence that cargo prints.
enum CargoReply {
  static let contentType = "application/json; charset=utf-8"

  /// A success with a JSON body.
  static func success(_ write: (inout JSONWriter) -> Void) -> Reply {
    var writer = JSONWriter()
    writer.beginObject()
    write(&writer)
    writer.endObject()
    return Reply(
      .ok,
      headers: [.contentType: contentType, .cacheControl: "no-store"],
      body: .bytes(writer.bytes)
    )
  }

  /// `{"ok":true}`, and `msg` where cargo shows one.
  static func ok(_ message: String? = nil) -> Reply {
    success { writer in
      writer.name("ok")
      writer.bool(true)
      if let message {
        writer.name("msg")
        writer.string(message)
      }
    }
  }

  static func failure(
    _ status: HTTPResponse.Status,
    _ text: String,
    headers: HTTPFields = [:]
  ) -> Reply {
    var headers = headers
    headers[.contentType] = contentType
    headers[.cacheControl] = "no-store"
    return Reply(status, headers: headers, body: .bytes(errors(text)))
  }

  static func errors(_ text: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.value(
      .object([.init("errors", .array([.object([.init("detail", .string(text))])]))])
    )
    return writer.bytes
  }
}

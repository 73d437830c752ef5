import Exchange
import HTTPTypes

/// The head that goes on the wire for a reply.
struct ReplyHead {
  let response: HTTPResponse
  /// No body follows: the request was HEAD, or the status allows none (RFC 9110 section 6.4.1).
  let isAlone: Bool

  init(_ reply: Reply, to request: Request, bodyWasRead: Bool) {
    var headers = reply.headers
    let hasNoBody = [204, 304].contains(reply.status.code)
    if !hasNoBody, let byteCount = reply.body.byteCount {
      headers[.contentLength] = String(byteCount)
    }
    if headers[.requestIdentifier] == nil {
      headers[.requestIdentifier] = request.id
    }
    if headers[.server] == nil {
      headers[.server] = "larder"
    }
    headers[.date] = HTTPDate.now()
    // A client that waits for leave to send its body, and got an answer instead, may or may not
    // send it: only a new connection is unambiguous.
    if request.headers[.expect] != nil, !bodyWasRead {
      headers[.connection] = "close"
    }
    // Cargo and curl offer HTTP/2 over cleartext with every request. That is passed over, but the
    // library's decoder reads nothing behind such a request; so the client has to connect again.
    if request.headers[.upgrade] != nil {
      headers[.connection] = "close"
    }
    // For want of a length the library announces chunks, and ends them behind a head too. Five
    // bytes that do not belong there (RFC 9112 section 6.3): nobody may take them for a reply.
    if request.method == .head, !hasNoBody, reply.body.byteCount == nil {
      headers[.connection] = "close"
    }
    self.response = HTTPResponse(status: reply.status, headerFields: headers)
    self.isAlone = request.method == .head || hasNoBody
  }
}

extension ReplyBody {
  /// The length of the body in bytes, when it is known before it is sent.
  var byteCount: UInt64? {
    switch self {
    case .bytes(let bytes): UInt64(bytes.count)
    case .blob(_, let range): UInt64(range.count)
    case .stream(let byteCount, _): byteCount
    }
  }
}

extension HTTPField.Name {
  static let requestIdentifier = HTTPField.Name("x-amzn-requestid") ?? .server
}

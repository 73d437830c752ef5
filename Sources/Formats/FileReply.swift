import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// How immutable files go out: whole or by one range, from the store or as they arrive.
///
/// Whole ones that are stored compressed go to clients that take Zstandard as they are stored.
/// Archives are compressed by themselves and stored raw, so they are never coded on the way, which
/// breaks the checksums and ranges of some package managers, and would save nothing.
enum FileReply {
  /// Below this, in bytes, a compressed form saves no packet.
  private static let leastCompressed: UInt64 = 1 << 10
  /// Behind a token, a cache in between must not share; but what is named once never changes.
  private static let cacheControl = "private, max-age=31536000, immutable"

  static func make(_ file: FoundFile, for request: Request) -> Reply {
    switch file {
    case .stored(let file): make(file, for: request)
    case .arriving(let file): make(file, for: request)
    }
  }

  /// Sends a stored file.
  ///
  /// With `date` it says when it was last modified, and a client that has it since then is told so,
  /// unless it sent a tag, which is the better word (RFC 9110 section 13.1.3).
  static func make(
    _ file: StoredFile,
    for request: Request,
    dated date: UploadTime? = nil
  ) -> Reply {
    guard let date, let text = date.httpDate else { return undated(file, for: request) }
    var reply =
      request.has(since: date)
      ? Reply(.notModified, headers: headers(EntityTag(file.key.hexadecimal)))
      : undated(file, for: request)
    reply.headers[.lastModified] = text
    return reply
  }

  private static func undated(_ file: StoredFile, for request: Request) -> Reply {
    let tag = EntityTag(file.key.hexadecimal)
    let coded = takesZstandard(request, file) ? tag.zstandard : nil
    // A client has the file whichever form it has, as long as it can still read it.
    let known = [tag, coded].compactMap(\.self)
      .first { $0.matches(ifNoneMatch: request.headers[values: .ifNoneMatch]) }
    if let known { return Reply(.notModified, headers: headers(known)) }
    var reply = reply(to: request, tag: tag, byteCount: file.byteCount) { range in
      .blob(BlobName(file.key, scope: file.domain?.rawValue), range)
    }
    reply.zstandardTag = coded?.text
    return reply
  }

  /// Whether the client would have the stored frames.
  ///
  /// Never of a part: ranges count bytes of what is sent (RFC 9110 section 14.1.2), and a part that
  /// is asked for is one of the file.
  private static func takesZstandard(_ request: Request, _ file: StoredFile) -> Bool {
    file.byteCount >= leastCompressed && request.headers[.range] == nil
      && AcceptEncoding(request.headers[values: .acceptEncoding]).prefers("zstd")
  }

  private static func make(_ file: ArrivingFile, for request: Request) -> Reply {
    guard let byteCount = file.byteCount else {
      let reader = file.chunks()
      return Reply(
        .ok,
        headers: headers(nil),
        body: .stream(byteCount: nil, ReplyStream { try await reader.next() })
      )
    }
    return reply(to: request, tag: nil, byteCount: byteCount) { range in
      let reader = file.chunks(in: range)
      return .stream(
        byteCount: UInt64(range.count),
        ReplyStream { try await reader.next() }
      )
    }
  }

  private static func reply(
    to request: Request,
    tag: EntityTag?,
    byteCount: UInt64,
    body: (Range<UInt64>) -> ReplyBody
  ) -> Reply {
    var headers = headers(tag)
    headers[.acceptRanges] = "bytes"
    guard let wanted = range(of: request, tag: tag) else {
      return Reply(.ok, headers: headers, body: body(0..<byteCount))
    }
    guard let range = wanted.resolve(in: byteCount) else {
      return .text(
        .rangeNotSatisfiable,
        "The file has \(byteCount) bytes, and none of those asked for.",
        headers: [.contentRange: "bytes */\(byteCount)", .acceptRanges: "bytes"]
      )
    }
    headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(byteCount)"
    return Reply(.partialContent, headers: headers, body: body(range))
  }

  /// Ranges are defined for GET alone, and `If-Range` drops them when the file is another.
  private static func range(of request: Request, tag: EntityTag?) -> RangeRequest? {
    guard request.method == .get, let header = request.headers[.range] else { return nil }
    if let condition = request.headers[.ifRange], tag?.matches(ifRange: condition) != true {
      return nil
    }
    return RangeRequest(header)
  }

  private static func headers(_ tag: EntityTag?) -> HTTPFields {
    var headers: HTTPFields = [
      .contentType: "application/octet-stream", .cacheControl: cacheControl,
      .vary: "Accept-Encoding, Authorization",
    ]
    if let tag { headers[.eTag] = tag.text }
    return headers
  }
}

extension Request {
  /// Whether the client says by a date alone that it has what was last modified at `time`.
  fileprivate func has(since time: UploadTime) -> Bool {
    guard method == .get || method == .head, headers[.ifNoneMatch] == nil,
      let date = headers[.ifModifiedSince].flatMap({ UploadTime(httpDate: $0) })
    else { return false }
    return time.wholeSecond <= date
  }
}

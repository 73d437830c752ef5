import Bytes
import Catalog
import Exchange
import HTTPTypes
import Repository

/// How immutable files go out: whole or by one range, from the store or as they arrive.
enum FileReply {
  /// Behind a token, a cache in between must not share; but what is named once never changes.
  private static let cacheControl = "private, max-age=31536000, immutable"

  static func make(_ file: FoundFile, for request: Request) -> Reply {
    switch file {
    case .stored(let file): make(file, for: request)
    case .arriving(let file): make(file, for: request)
    }
  }

  static func make(_ file: StoredFile, for request: Request) -> Reply {
    let tag = EntityTag(file.key.hexadecimal)
    if tag.matches(ifNoneMatch: request.headers[values: .ifNoneMatch]) {
      return Reply(.notModified, headers: headers(tag))
    }
    return reply(to: request, tag: tag, byteCount: file.byteCount) { range in
      .blob(BlobName(file.key, scope: file.domain?.rawValue), range)
    }
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
      .vary: "Authorization",
    ]
    if let tag { headers[.eTag] = tag.text }
    return headers
  }
}

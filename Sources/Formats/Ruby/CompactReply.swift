import Bytes
import Codec
import Exchange
import HTTPTypes
import Repository

/// How documents of the compact index go out: they grow at their end, so clients ask for that end,
/// and compare the whole with a checksum (RubyGems, `Bundler::CompactIndexClient::Updater`).
///
/// The entity tag is the MD5 of the whole, which old clients compare with their file; newer ones
/// take SHA-256 from `Repr-Digest` (RFC 9530). Bytes are never compressed, for ranges of them.
enum CompactReply {
  static func make(
    _ bytes: [UInt8],
    for request: Request,
    staleness: Duration? = nil
  ) -> Reply {
    let digests = digests(of: bytes)
    let tag = EntityTag(Hexadecimal.encode(digests.md5))
    var headers = headers(tag, digests.sha256, staleness)
    if tag.matches(ifNoneMatch: request.headers[values: .ifNoneMatch]) {
      return Reply(.notModified, headers: headers)
    }
    headers[.contentType] = "text/plain; charset=utf-8"
    guard let wanted = range(of: request, tag) else {
      return Reply(.ok, headers: headers, body: .bytes(bytes))
    }
    let count = UInt64(bytes.count)
    guard let range = wanted.resolve(in: count) else {
      return .text(
        .rangeNotSatisfiable,
        "The document has \(count) bytes, and none of those asked for.",
        headers: [.contentRange: "bytes */\(count)", .acceptRanges: "bytes"]
      )
    }
    headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(count)"
    let part = Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    return Reply(.partialContent, headers: headers, body: .bytes(part))
  }

  private static func headers(
    _ tag: EntityTag,
    _ sha256: SHA256Digest,
    _ staleness: Duration?
  ) -> HTTPFields {
    let digest = Base64.encode(sha256.bytes)
    var headers: HTTPFields = [
      .eTag: tag.text, .acceptRanges: "bytes", .vary: "Authorization",
      .cacheControl: "private, max-age=0, must-revalidate",
      .reprDigest: "sha-256=:\(digest):", .digest: "sha-256=\(digest)",
    ]
    headers.tell(staleness: staleness)
    return headers
  }

  private static func range(of request: Request, _ tag: EntityTag) -> RangeRequest? {
    guard request.method == .get, let header = request.headers[.range] else { return nil }
    if let condition = request.headers[.ifRange], !tag.matches(ifRange: condition) { return nil }
    return RangeRequest(header)
  }

  /// In pieces that stay in the cache while all are hashed.
  private static func digests(of bytes: [UInt8]) -> AssetDigests {
    var digester = AssetDigester()
    for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
      digester.update(bytes.span.extracting(start..<min(start + 1 << 20, bytes.count)))
    }
    return digester.digests()
  }
}

extension HTTPField.Name {
  fileprivate static let reprDigest = HTTPField.Name("Repr-Digest") ?? .eTag
}

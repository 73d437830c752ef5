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
  private static let md5ByteCount = 16

  /// - Parameters:
  ///   - bytes: the document.
  ///   - sums: what ``sums(of:)`` makes of it.
  ///   - request: whose conditions and ranges count.
  ///   - staleness: how long ago it was last known to be right, where that is too long.
  /// - Returns: the document, the part that was asked for, or 304.
  static func make(
    _ bytes: [UInt8],
    _ sums: [UInt8],
    for request: Request,
    staleness: Duration?
  ) -> Reply {
    let tag = EntityTag(Hexadecimal.encode(Array(sums.prefix(md5ByteCount))))
    var headers = headers(tag, Array(sums.dropFirst(md5ByteCount)), staleness)
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
    _ sha256: [UInt8],
    _ staleness: Duration?
  ) -> HTTPFields {
    let digest = Base64.encode(sha256)
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

  /// MD5 and SHA-256 of a document, one after the other.
  ///
  /// Read in pieces that stay in the cache while both are made: the list of all versions of a
  /// public registry has some 20 MB, and is asked for by every `bundle install`.
  static func sums(of bytes: [UInt8]) -> [UInt8] {
    var (md5, sha256) = (MD5Stream(), SHA256Stream())
    for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
      let piece = bytes.span.extracting(start..<min(start + 1 << 20, bytes.count))
      md5.update(piece)
      sha256.update(piece)
    }
    return md5.digest() + sha256.digest().bytes
  }
}

extension HTTPField.Name {
  fileprivate static let reprDigest = HTTPField.Name("Repr-Digest") ?? .eTag
}

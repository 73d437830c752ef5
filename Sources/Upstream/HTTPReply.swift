internal import AsyncHTTPClient
internal import Bytes
internal import Codec
internal import FormatRules
internal import NIOCore
internal import NIOHTTP1
internal import Repository

/// The head of an answer, with its body still in the socket.
struct HTTPReply {
  let status: HTTPResponseStatus
  let headers: HTTPHeaders
  /// What answered.
  let address: String
  let hold: SlotHold
  private let body: HTTPClientResponse.Body
  /// The most bytes for which room is made on the word of a header.
  private static let mostReserved = 32 << 20

  init(_ response: HTTPClientResponse, from address: String, _ hold: SlotHold) {
    status = response.status
    headers = response.headers
    body = response.body
    self.address = address
    self.hold = hold
  }

  /// Where the answer sends us; nil when it does not.
  var redirect: String? {
    guard [301, 302, 303, 307, 308].contains(status.code),
      let location = headers.first(name: "location")
    else { return nil }
    return WebAddress.splitFragment(WebAddress.resolve(location, against: address)).address
  }

  /// Reads a short body to its end, so that the connection can be used again, as after every answer
  /// that says only where else to look or that there is nothing.
  ///
  /// A long one is dropped, and the connection with it.
  func finish() async {
    let cursor = BodyCursor(body, of: address, hold)
    defer { cursor.close() }
    var left = 64 << 10
    while left > 0, let chunk = try? await cursor.next() { left -= chunk.count }
  }

  /// Drops the body unread.
  private func letGo() {
    BodyCursor(body, of: address, hold).close()
  }

  /// Reads the body whole and undoes its compression.
  ///
  /// - Returns: the bytes, and their digest where it could be counted while they came in.
  /// - Throws: ``ExternalFailure`` with `unusable` where it is longer than `limit` bytes or in a
  ///   form that was not asked for, with `unreachable` where the compressed bytes are damaged or
  ///   broke off: the next attempt may bring them whole.
  func document(
    upTo limit: Int
  ) async throws(ExternalFailure) -> (bytes: [UInt8], digest: SHA256Digest?) {
    switch headers.first(name: "content-encoding")?.lowercased() {
    case nil, "identity":
      var digest = SHA256Stream()
      let bytes = try await collect(upTo: limit) { digest.update($0) }
      return (bytes, digest.digest())
    case "gzip", "x-gzip":
      let bytes = try await collect(upTo: limit)
      do throws(GzipError) {
        return (try GzipDecompressor.decompress(bytes.span, limit: limit), nil)
      } catch {
        throw switch error {
        case .tooLong: tooLong(limit)
        case .damaged:
          ExternalFailure(.unreachable, "\(address): the compressed answer is damaged or broke off")
        }
      }
    case let other?:
      letGo()
      throw ExternalFailure(.unusable, "\(address) is encoded as \(other), which was not asked for")
    }
  }

  private func tooLong(_ limit: Int) -> ExternalFailure {
    ExternalFailure(.unusable, "\(address) has more than the \(limit) bytes allowed")
  }

  private func collect(
    upTo limit: Int,
    _ note: (Span<UInt8>) -> Void = { _ in }
  ) async throws(ExternalFailure) -> [UInt8] {
    let cursor = BodyCursor(body, of: address, hold)
    defer { cursor.close() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(likelyByteCount, limit))
    while let chunk = try await cursor.nextBuffer() {
      guard chunk.readableBytes <= limit - bytes.count else {
        throw tooLong(limit)
      }
      let start = bytes.count
      bytes.append(contentsOf: chunk.readableBytesView)
      note(bytes.span.extracting(start..<bytes.count))
    }
    return bytes
  }

  /// How long the body is going to be, where that is stated.
  ///
  /// An array that grows to 5 MB is copied a dozen times, and the kernel clears the pages of each
  /// copy: a fifth of what a cold packument cost. Memory that is not written to costs nothing.
  private var likelyByteCount: Int {
    let stated = headers.first(name: "content-length").flatMap { UInt32($0) } ?? 0
    return min(Int(stated), Self.mostReserved)
  }

  /// Reads the answer as a file of which the bytes from `offset` on were asked for.
  func download(asking offset: UInt64) async throws(ExternalFailure) -> ExternalDownload {
    let start: UInt64
    let byteCount: UInt64?
    switch status.code {
    case 200:
      start = 0
      byteCount = headers.first(name: "content-length").flatMap { UInt64($0) }
    case 206:
      guard let range = contentRange, range.start == offset else {
        letGo()
        throw ExternalFailure(.unusable, "\(address): another range came than was asked for")
      }
      start = offset
      byteCount = range.byteCount
    default:
      if status == .notFound || status == .gone { await finish() } else { letGo() }
      throw ExternalFailure(status, of: address, headers)
    }
    let cursor = BodyCursor(body, of: address, hold)
    return ExternalDownload(
      offset: start,
      byteCount: byteCount,
      validator: validator,
      next: { () async throws(ExternalFailure) in try await cursor.next() },
      cancel: { cursor.close() }
    )
  }

  /// `bytes first-last/complete` (RFC 9110 section 14.4).
  private var contentRange: (start: UInt64, byteCount: UInt64?)? {
    guard let text = headers.first(name: "content-range"), text.hasPrefix("bytes "),
      let slash = text.firstIndex(of: "/"), let dash = text.firstIndex(of: "-"), dash < slash,
      let start = UInt64(text[text.index(text.startIndex, offsetBy: 6)..<dash])
    else { return nil }
    return (start, UInt64(text[text.index(after: slash)...]))
  }

  /// A strong validator for If-Range (RFC 9110 section 13.1.5), where the source takes ranges.
  private var validator: String? {
    guard headers.first(name: "accept-ranges") != "none" else { return nil }
    if let etag = headers.first(name: "etag"), !etag.hasPrefix("W/") { return etag }
    return headers.first(name: "last-modified")
  }
}

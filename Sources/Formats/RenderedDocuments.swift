import Bytes
import Codec
import Exchange
import FormatRules
import HTTPTypes
import Synchronization

/// Documents ready to send (design decision 6): written once for each state of what they show, raw
/// and compressed, whoever asks and however many at once.
///
/// Bounded by bytes, in two generations: when the younger is full it becomes the older one, and
/// what is asked for again moves up. A document larger than a generation has one to itself.
final class RenderedDocuments: Sendable {
  private struct Document: Sendable {
    let stamp: SHA256Digest
    let bytes: [UInt8]
    let tag: EntityTag
  }

  private struct State {
    var young: [String: Document] = [:]
    var old: [String: Document] = [:]
    var youngByteCount = 0
    var underWay: [Rendering: Task<Document, Never>] = [:]
  }

  private struct Rendering: Hashable {
    let key: String
    let stamp: SHA256Digest
  }

  /// Below this, in bytes, compressing saves no packet.
  private static let leastCompressed = 1 << 10

  /// How many bytes one generation may hold; both together hold twice as many.
  private let generationByteCount: Int
  private let state = Mutex(State())

  init(generationByteCount: Int = 32 << 20) {
    self.generationByteCount = generationByteCount
  }

  /// Answers a request for a document: whole, compressed for whoever takes gzip, or 304 when the
  /// client has it.
  ///
  /// - Parameters:
  ///   - request: whose `If-None-Match` and `Accept-Encoding` count.
  ///   - key: names the document and everything that changes its text beyond the stamp: the
  ///     representation, and the base address that stands in it.
  ///   - stamp: changes whenever what the document shows does.
  ///   - contentType: with its parameters.
  ///   - headers: more of them, sent with 304 too.
  ///   - staleness: how long ago part of it was last known to be right, where that is too long.
  ///   - render: writes the document.
  /// - Returns: the reply, which a door cuts short for HEAD.
  func reply(
    to request: Request,
    key: String,
    stamp: SHA256Digest,
    contentType: String,
    headers: HTTPFields = [:],
    staleness: Duration? = nil,
    render: @escaping @Sendable () -> [UInt8]
  ) async -> Reply {
    let mayCompress = Self.isText(contentType)
    let wantsGzip =
      mayCompress && AcceptEncoding(request.headers[values: .acceptEncoding]).takes("gzip")
    let (document, isCompressed) = await document(
      key,
      stamp,
      contentType,
      compressed: wantsGzip,
      render
    )
    var headers = headers
    headers[.eTag] = document.tag.text
    if headers[.vary] == nil {
      headers[.vary] = mayCompress ? "Accept, Accept-Encoding, Authorization" : "Authorization"
    }
    if headers[.cacheControl] == nil {
      headers[.cacheControl] = "private, max-age=0, must-revalidate"
    }
    headers.tell(staleness: staleness)
    if document.tag.matches(ifNoneMatch: request.headers[values: .ifNoneMatch]) {
      return Reply(.notModified, headers: headers)
    }
    headers[.contentType] = contentType
    if isCompressed { headers[.contentEncoding] = "gzip" }
    return Reply(.ok, headers: headers, body: .bytes(document.bytes))
  }

  /// Returns a document's bytes, written once for each stamp: for documents that are cut into
  /// ranges, or whose checksum is a document of its own.
  func bytes(
    key: String,
    stamp: SHA256Digest,
    render: @escaping @Sendable () -> [UInt8]
  ) async -> [UInt8] {
    await document(key, stamp, "", render).bytes
  }

  /// Returns a document's bytes when they are at hand.
  func known(key: String, stamp: SHA256Digest) -> [UInt8]? {
    known(key, stamp)?.bytes
  }

  /// What is compressed already, such as the legacy indexes of gems, gains nothing.
  private static func isText(_ contentType: String) -> Bool {
    ["text/", "application/json", "application/vnd.", "application/xml", "application/atom"]
      .contains { contentType.hasPrefix($0) }
  }

  /// The compressed form has a tag of its own, since its bytes differ (RFC 9110 section 8.8.3.3).
  private func document(
    _ key: String,
    _ stamp: SHA256Digest,
    _ contentType: String,
    compressed: Bool,
    _ render: @escaping @Sendable () -> [UInt8]
  ) async -> (document: Document, isCompressed: Bool) {
    guard compressed else { return (await document(key, stamp, contentType, render), false) }
    let gzipKey = key + " gzip"
    if let known = known(gzipKey, stamp) { return (known, true) }
    let plain = await document(key, stamp, contentType, render)
    guard plain.bytes.count >= Self.leastCompressed else { return (plain, false) }
    let gzip = await document(gzipKey, stamp, contentType) {
      DeflateCompressor.compress(plain.bytes.span, as: .gzip)
    }
    return (gzip, true)
  }

  private func document(
    _ key: String,
    _ stamp: SHA256Digest,
    _ contentType: String,
    _ render: @escaping @Sendable () -> [UInt8]
  ) async -> Document {
    if let known = known(key, stamp) { return known }
    let rendering = Rendering(key: key, stamp: stamp)
    let task = state.withLock { state in
      if let task = state.underWay[rendering] { return task }
      let task = Task {
        let bytes = render()
        let tag = Self.tag(of: bytes, contentType)
        let document = Document(stamp: stamp, bytes: bytes, tag: tag)
        self.keep(document, rendering)
        return document
      }
      state.underWay[rendering] = task
      return task
    }
    return await task.value
  }

  /// Equal bytes of two types are two representations (RFC 9110 section 8.8.1).
  private static func tag(of bytes: [UInt8], _ contentType: String) -> EntityTag {
    var hash = SHA256Stream()
    hash.update(contentType.utf8.span)
    hash.update(bytes.span)
    return EntityTag(String(hash.digest().hexadecimal.prefix(40)))
  }

  private func known(_ key: String, _ stamp: SHA256Digest) -> Document? {
    state.withLock { state in
      if let document = state.young[key] { return document.stamp == stamp ? document : nil }
      guard let document = state.old.removeValue(forKey: key), document.stamp == stamp else {
        return nil
      }
      insert(document, key, &state)
      return document
    }
  }

  private func keep(_ document: Document, _ rendering: Rendering) {
    state.withLock { state in
      state.underWay[rendering] = nil
      insert(document, rendering.key, &state)
    }
  }

  private func insert(_ document: Document, _ key: String, _ state: inout State) {
    if state.youngByteCount + document.bytes.count > generationByteCount {
      state.old = state.young
      state.young = [:]
      state.youngByteCount = 0
    }
    let former = state.young.updateValue(document, forKey: key)
    state.youngByteCount += document.bytes.count - (former?.bytes.count ?? 0)
  }
}

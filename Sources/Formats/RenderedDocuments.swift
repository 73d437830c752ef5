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
    var underWay: [Rendering: Task<Document?, Never>] = [:]
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
  ///   - shelf: where it is kept, where it is.
  ///   - render: writes the document.
  /// - Returns: the reply, which a door cuts short for HEAD.
  func reply(
    to request: Request,
    key: String,
    stamp: SHA256Digest,
    contentType: String,
    headers: HTTPFields = [:],
    staleness: Duration? = nil,
    shelf: DocumentShelf? = nil,
    render: @escaping @Sendable () async -> [UInt8]
  ) async -> Reply {
    let (document, isCompressed) = await document(
      key,
      stamp,
      contentType,
      compressed: Self.wantsGzip(request, contentType),
      shelf,
      render
    )
    return reply(to: request, document, isCompressed, contentType, headers, staleness)
  }

  /// Answers a request for a document that there may not be, as ``reply(to:key:stamp:contentType:
  /// headers:staleness:shelf:render:)`` does: whether there is one is found out where it is
  /// written, and not asked for again while it is in memory.
  ///
  /// - Parameters:
  ///   - request: as there.
  ///   - key: as there.
  ///   - stamp: as there.
  ///   - contentType: as there.
  ///   - staleness: as there.
  ///   - render: writes the document; nil when there is none.
  /// - Returns: nil when there is none.
  func replyIfAny(
    to request: Request,
    key: String,
    stamp: SHA256Digest,
    contentType: String,
    staleness: Duration?,
    render: @escaping @Sendable () async -> [UInt8]?
  ) async -> Reply? {
    guard let plain = await shared(key, stamp, contentType, render) else { return nil }
    return await reply(
      to: request,
      key: key,
      stamp: stamp,
      contentType: contentType,
      staleness: staleness
    ) { plain.bytes }
  }

  /// Answers a request for a document as ``reply(to:key:stamp:contentType:headers:staleness:shelf:
  /// render:)`` does, when it is in memory or on its shelf; nil when it has to be written.
  func keptReply(
    to request: Request,
    key: String,
    stamp: SHA256Digest,
    contentType: String,
    staleness: Duration?,
    shelf: DocumentShelf
  ) async -> Reply? {
    let wantsGzip = Self.wantsGzip(request, contentType)
    if wantsGzip {
      let gzipKey = Self.gzipKey(key)
      let packed = await shared(gzipKey, stamp, contentType) { await shelf.load(gzipKey) }
      if let packed { return reply(to: request, packed, true, contentType, [:], staleness) }
    }
    let plain = await shared(key, stamp, contentType) { await shelf.load(key) }
    guard let plain else { return nil }
    return await reply(
      to: request,
      key: key,
      stamp: stamp,
      contentType: contentType,
      staleness: staleness
    ) { plain.bytes }
  }

  private func reply(
    to request: Request,
    _ document: Document,
    _ isCompressed: Bool,
    _ contentType: String,
    _ headers: HTTPFields,
    _ staleness: Duration?
  ) -> Reply {
    var headers = headers
    headers[.eTag] = document.tag.text
    if headers[.vary] == nil {
      let mayCompress = Self.isText(contentType)
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

  private static func wantsGzip(_ request: Request, _ contentType: String) -> Bool {
    isText(contentType)
      && AcceptEncoding(request.headers[values: .acceptEncoding]).takes("gzip")
  }

  private static func gzipKey(_ key: String) -> String { key + " gzip" }

  /// Returns a document's bytes, written once for each stamp: for documents that are cut into
  /// ranges, or whose checksum is a document of its own.
  func bytes(
    key: String,
    stamp: SHA256Digest,
    render: @escaping @Sendable () async -> [UInt8]
  ) async -> [UInt8] {
    await document(key, stamp, "", nil, render).bytes
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
    _ shelf: DocumentShelf?,
    _ render: @escaping @Sendable () async -> [UInt8]
  ) async -> (document: Document, isCompressed: Bool) {
    guard compressed else {
      return (await document(key, stamp, contentType, shelf, render), false)
    }
    let gzipKey = Self.gzipKey(key)
    if let known = known(gzipKey, stamp) { return (known, true) }
    let plain = await document(key, stamp, contentType, shelf, render)
    guard plain.bytes.count >= Self.leastCompressed else { return (plain, false) }
    let gzip = await document(gzipKey, stamp, contentType, shelf) {
      DeflateCompressor.compress(plain.bytes.span, as: .gzip)
    }
    return (gzip, true)
  }

  private func document(
    _ key: String,
    _ stamp: SHA256Digest,
    _ contentType: String,
    _ shelf: DocumentShelf?,
    _ render: @escaping @Sendable () async -> [UInt8]
  ) async -> Document {
    let document = await shared(key, stamp, contentType) {
      let bytes = await render()
      shelf?.keep(bytes, key)
      return bytes
    }
    // Somebody may have looked only whether it is kept.
    if let document { return document }
    return Self.document(await render(), stamp, contentType)
  }

  /// Makes a document once for everyone who wants it; nil when it could not be made.
  private func shared(
    _ key: String,
    _ stamp: SHA256Digest,
    _ contentType: String,
    _ make: @escaping @Sendable () async -> [UInt8]?
  ) async -> Document? {
    if let known = known(key, stamp) { return known }
    let rendering = Rendering(key: key, stamp: stamp)
    let task = state.withLock { state in
      if let task = state.underWay[rendering] { return task }
      let task = Task {
        let document = await make().map { Self.document($0, stamp, contentType) }
        self.keep(document, rendering)
        return document
      }
      state.underWay[rendering] = task
      return task
    }
    return await task.value
  }

  private static func document(
    _ bytes: [UInt8],
    _ stamp: SHA256Digest,
    _ contentType: String
  ) -> Document {
    Document(stamp: stamp, bytes: bytes, tag: tag(of: bytes, contentType))
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

  private func keep(_ document: Document?, _ rendering: Rendering) {
    state.withLock { state in
      state.underWay[rendering] = nil
      if let document { insert(document, rendering.key, &state) }
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

/// A request's body: chunks in order, read once.
///
/// The door owns the socket; a chunk is asked for only when the one before was used, so a slow
/// consumer slows the client down and nothing piles up.
package struct RequestBody: Sendable {
  /// The length the client announced in bytes, or nil when it sends chunks of its own choosing.
  package let announcedByteCount: UInt64?
  private let source: @Sendable () async throws -> [UInt8]?

  /// Wraps a source that returns the next chunk, or nil at the end.
  package init(
    announcedByteCount: UInt64?,
    source: @escaping @Sendable () async throws -> [UInt8]?
  ) {
    self.announcedByteCount = announcedByteCount
    self.source = source
  }

  /// No body at all.
  package static let empty = RequestBody(announcedByteCount: 0) { nil }

  /// Returns the next bytes, or nil at the end.
  package func next() async throws -> [UInt8]? {
    try await source()
  }

  /// Reads the body to its end.
  ///
  /// - Throws: ``BodyTooLong`` as soon as more than `limit` bytes have come, and whatever the
  ///   connection throws when it breaks.
  package func collect(upTo limit: Int) async throws -> [UInt8] {
    if let announced = announcedByteCount, announced > UInt64(limit) {
      throw BodyTooLong(limit: limit)
    }
    var bytes: [UInt8] = []
    while let chunk = try await next() {
      guard chunk.count <= limit - bytes.count else { throw BodyTooLong(limit: limit) }
      bytes += chunk
    }
    return bytes
  }
}

/// A body went over what its reader allows, in bytes.
package struct BodyTooLong: Error, Hashable {
  package let limit: Int

  package init(limit: Int) {
    self.limit = limit
  }
}

extension RequestBody {
  /// A body that is already here, in one piece: for tests, and for calls made from inside.
  package init(_ bytes: [UInt8]) {
    let once = Once(bytes)
    self.init(announcedByteCount: UInt64(bytes.count)) { await once.take() }
  }

  private actor Once {
    private var bytes: [UInt8]?

    init(_ bytes: [UInt8]) {
      self.bytes = bytes.isEmpty ? nil : bytes
    }

    func take() -> [UInt8]? {
      defer { bytes = nil }
      return bytes
    }
  }
}

internal import BlobEngine
internal import Bytes
internal import Catalog
internal import Synchronization

/// The bytes of a range of a blob, a piece at a time.
///
/// Where a piece is damaged, or the blob is gone, the blob is had anew from where it came, and the
/// reading goes on where it was: a client sees a pause and not a wrong byte. While there are very
/// many, readings share what they read (``BlobStretches``).
package final class BlobReading: Sendable {
  private struct State {
    /// Nil in a crowd, where stretches are shared.
    var reader: BlobReader?
    /// What was read in a crowd, and not given out yet.
    var ahead: [UInt8]?
    /// Where the next piece begins, in bytes of the blob.
    var position: UInt64
    var end: UInt64
    var isRestored = false
  }

  private let key: SHA256Digest
  private let domain: DomainID?
  private let content: ContentState
  private let state: Mutex<State>

  /// Opens the blob, which has all of `range`; nil when it is not there, and cannot be had.
  init?(
    of key: SHA256Digest,
    in domain: DomainID?,
    range: Range<UInt64>,
    _ content: ContentState
  ) async throws(RepositoryError) {
    self.key = key
    self.domain = domain
    self.content = content
    state = Mutex(State(position: range.lowerBound, end: range.upperBound))
    if content.stretches.begin() || range.isEmpty {
      let reader = try await content.read(key, in: domain) { blobs throws(EngineError) in
        try await blobs.makeReader(for: key, range: range)
      }
      guard let reader else { return nil }
      state.withLock { state in
        state.reader = reader
        (state.position, state.end) = (reader.range.lowerBound, reader.range.upperBound)
      }
    } else {
      guard let first = try await stretch(from: range.lowerBound) else { return nil }
      state.withLock { $0.ahead = first }
    }
  }

  deinit { content.stretches.end() }

  /// Returns the next piece; nil after the last.
  ///
  /// For one caller at a time.
  ///
  /// - Throws: ``RepositoryError`` when the bytes are damaged and cannot be had anew, or the disk
  ///   refuses.
  package func next() async throws(RepositoryError) -> [UInt8]? {
    guard state.withLock({ $0.reader != nil }) else { return try await nextStretch() }
    return try await next { reader throws(EngineError) in
      try await reader.next().map { Piece(bytes: $0, byteCount: $0.count) }
    }
  }

  /// Whether the range is a whole blob that is stored compressed; never in a crowd, which shares
  /// plain bytes.
  package var isCompressed: Bool { state.withLock { $0.reader?.isCompressed ?? false } }

  /// Whether the last piece was given.
  package var isAtEnd: Bool { state.withLock { $0.position == $0.end } }

  /// Returns the next piece as Zstandard frames, which all together are one Zstandard stream; nil
  /// after the last.
  ///
  /// As they are stored, where they are stored compressed. For one caller at a time.
  ///
  /// - Throws: as ``next()``. What is not verified here is said at `BlobReader.nextFrames()`.
  package func nextFrames() async throws(RepositoryError) -> [UInt8]? {
    try await next { reader throws(EngineError) in
      try await reader.nextFrames().map { Piece(bytes: $0.bytes, byteCount: $0.byteCount) }
    }
  }

  /// What is sent of a piece, and how many bytes of the blob that is.
  private struct Piece {
    let bytes: [UInt8]
    let byteCount: Int
  }

  private typealias Reading = (BlobReader) async throws(EngineError) -> Piece?

  private func nextStretch() async throws(RepositoryError) -> [UInt8]? {
    let (ahead, position, isAtEnd) = state.withLock { state in
      defer { state.ahead = nil }
      return (state.ahead, state.position, state.position >= state.end)
    }
    if let ahead { return advance(Piece(bytes: ahead, byteCount: ahead.count)) }
    guard !isAtEnd else { return nil }
    guard let bytes = try await stretch(from: position) else {
      throw RepositoryError.missingBlob(key)
    }
    return advance(Piece(bytes: bytes, byteCount: bytes.count))
  }

  /// Reads from a place on; nil when the blob is not there, or not so long.
  private func stretch(from position: UInt64) async throws(RepositoryError) -> [UInt8]? {
    let (key, domain, content) = (key, domain, content)
    let end = state.withLock(\.end)
    let stretch = BlobStretches.Stretch(
      key: key,
      domain: domain,
      range: content.stretches.range(from: position, upTo: end)
    )
    let bytes = try await content.stretches.bytes(of: stretch) {
      () async throws(RepositoryError) in
      try await content.read(key, in: domain) { blobs throws(EngineError) in
        try await blobs.get(key, range: stretch.range)
      }
    }
    return bytes?.isEmpty == true ? nil : bytes
  }

  private func next(_ read: Reading) async throws(RepositoryError) -> [UInt8]? {
    let (reader, isRestored) = state.withLock { ($0.reader, $0.isRestored) }
    guard let reader else { return nil }
    do throws(EngineError) {
      return advance(try await read(reader))
    } catch {
      guard case .damaged = error, let domain, !isRestored,
        await content.restored(key, in: domain)
      else { throw RepositoryError(reading: key, failed: error) }
    }
    return try await resumed(in: domain, read)
  }

  private func resumed(
    in domain: DomainID?,
    _ read: Reading
  ) async throws(RepositoryError) -> [UInt8]? {
    let rest = state.withLock { $0.position..<$0.end }
    let blobs = try await content.scopes.scope(of: domain)
    do {
      guard let reader = try await blobs.makeReader(for: key, range: rest) else {
        throw RepositoryError.missingBlob(key)
      }
      state.withLock { state in
        state.reader = reader
        state.isRestored = true
      }
      return advance(try await read(reader))
    } catch let error as EngineError {
      throw RepositoryError(reading: key, failed: error)
    } catch let error as RepositoryError {
      throw error
    } catch {
      throw RepositoryError.missingBlob(key)
    }
  }

  private func advance(_ piece: Piece?) -> [UInt8]? {
    state.withLock { $0.position += UInt64(piece?.byteCount ?? 0) }
    return piece?.bytes
  }
}

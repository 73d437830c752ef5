internal import BlobEngine
internal import Synchronization

/// One client's place in a file that is still growing.
///
/// The last bytes come only after the whole file was verified; when verification fails,
/// ``next()`` throws instead, and the door cuts the connection.
package final class ArrivingReader: Sendable {
  private let blob: GrowingBlob
  private let end: UInt64?
  private let scopes: DomainScopes
  private let position: Mutex<UInt64>

  init(_ blob: GrowingBlob, from start: UInt64, to end: UInt64?, of scopes: DomainScopes) {
    self.blob = blob
    self.end = end
    self.scopes = scopes
    self.position = Mutex(start)
  }

  /// Returns the next bytes, or nil at the end.
  ///
  /// One call at a time.
  ///
  /// - Throws: ``RepositoryError`` with `upstreamUnavailable` when the fetch failed for good.
  package func next() async throws(RepositoryError) -> [UInt8]? {
    let bytes = try await bytes(at: position.withLock { $0 })
    position.withLock { $0 += UInt64(bytes?.count ?? 0) }
    return bytes
  }

  private func bytes(at position: UInt64) async throws(RepositoryError) -> [UInt8]? {
    while true {
      switch await blob.step(at: position, to: end) {
      case .give(let bytes): return bytes
      case .finished: return nil
      case .failed(let error): throw error
      case .landed(let file): return try await bytes(of: file, at: position)
      case .readLog(let writer, let limit, let received):
        let bytes = try? await blob.pieces.bite(at: position, upTo: limit, of: received) {
          range async throws(RepositoryError) in try await Self.read(range, of: writer)
        }
        if let bytes, !bytes.isEmpty { return bytes }
        // A writer that refuses has failed, and so has the flight in a moment.
        await blob.ended()
      }
    }
  }

  private func bytes(
    of file: StoredFile,
    at position: UInt64
  ) async throws(RepositoryError) -> [UInt8]? {
    let end = min(end ?? file.byteCount, file.byteCount)
    guard position < end else { return nil }
    return try await blob.pieces.bite(at: position, upTo: end, of: file.byteCount) {
      [scopes] range async throws(RepositoryError) in try await Self.read(range, of: file, scopes)
    }
  }

  private static func read(
    _ range: Range<UInt64>,
    of writer: BlobWriter
  ) async throws(RepositoryError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < range.count {
      let more: [UInt8]
      do {
        more = try await writer.read(
          at: range.lowerBound + UInt64(bytes.count),
          upTo: range.count - bytes.count
        )
      } catch {
        throw RepositoryError(storing: "a file on its way", failed: error)
      }
      guard !more.isEmpty else { break }
      bytes = bytes.isEmpty ? more : bytes + more
    }
    return bytes
  }

  private static func read(
    _ range: Range<UInt64>,
    of file: StoredFile,
    _ scopes: DomainScopes
  ) async throws(RepositoryError) -> [UInt8] {
    do {
      let blobs = try await scopes.scope(of: file.domain)
      guard let bytes = try await blobs.get(file.key, range: range) else {
        throw RepositoryError.missingBlob(file.key)
      }
      return bytes
    } catch let error as EngineError {
      throw RepositoryError(reading: file.key, failed: error)
    } catch let error as RepositoryError {
      throw error
    } catch {
      throw RepositoryError.missingBlob(file.key)
    }
  }
}

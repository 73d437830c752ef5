internal import BlobEngine
internal import Synchronization

/// One client's place in a file that is still growing.
///
/// The last bytes come only after the whole file was verified; when verification fails,
/// ``next()`` throws instead, and the door cuts the connection.
package final class ArrivingReader: Sendable {
  private struct State {
    var position: UInt64
    var stored: BlobReader?
  }

  private let blob: GrowingBlob
  private let end: UInt64?
  private let blobs: BlobStore
  private let state: Mutex<State>

  init(_ blob: GrowingBlob, from start: UInt64, to end: UInt64?, of blobs: BlobStore) {
    self.blob = blob
    self.end = end
    self.blobs = blobs
    self.state = Mutex(State(position: start))
  }

  /// Returns the next bytes, or nil at the end.
  ///
  /// One call at a time.
  ///
  /// - Throws: ``RepositoryError`` with `upstreamUnavailable` when the fetch failed for good.
  package func next() async throws(RepositoryError) -> [UInt8]? {
    if let reader = state.withLock(\.stored) { return try await next(of: reader) }
    while true {
      let position = state.withLock(\.position)
      switch await blob.step(at: position, to: end) {
      case .give(let bytes): return advance(by: bytes)
      case .failed(let error): throw error
      case .landed(let file):
        guard let reader = try await openStored(file, at: position) else { return nil }
        return try await next(of: reader)
      case .readLog(let writer, let count):
        let bytes = (try? await writer.read(at: position, upTo: count)) ?? []
        if !bytes.isEmpty { return advance(by: bytes) }
        // A writer that refuses has failed, and so has the flight in a moment.
        await blob.ended()
      }
    }
  }

  private func advance(by bytes: [UInt8]) -> [UInt8] {
    state.withLock { $0.position += UInt64(bytes.count) }
    return bytes
  }

  /// Opens the rest in the store; nil when there is no rest.
  private func openStored(
    _ file: StoredFile,
    at position: UInt64
  ) async throws(RepositoryError) -> BlobReader? {
    let end = min(end ?? file.byteCount, file.byteCount)
    guard position < end else { return nil }
    do {
      guard let reader = try await blobs.makeReader(for: file.key, range: position..<end) else {
        throw RepositoryError.missingBlob(file.key)
      }
      state.withLock { $0.stored = reader }
      return reader
    } catch let error as EngineError {
      throw RepositoryError(reading: file.key, failed: error)
    } catch let error as RepositoryError {
      throw error
    } catch {
      throw RepositoryError.missingBlob(file.key)
    }
  }

  private func next(of reader: BlobReader) async throws(RepositoryError) -> [UInt8]? {
    do { return try await reader.next() } catch {
      throw RepositoryError(reading: reader.info.key, failed: error)
    }
  }
}

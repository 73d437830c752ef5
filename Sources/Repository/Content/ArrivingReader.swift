internal import BlobEngine
internal import Synchronization

/// One client's place in a file that is still growing.
///
/// The last bytes come only after the whole file was verified; when verification fails,
/// ``next()`` throws instead, and the door cuts the connection.
package final class ArrivingReader: Sendable {
  private struct State {
    var position: UInt64
    /// Where the rest is, once the file has landed.
    var landed: StoredFile?
  }

  /// How much of a landed file is read at a time. A crowd of slow clients holds this much each,
  /// rather than the pieces of a blob with their read-ahead: 50 × 0.25 MiB and not 50 × 3 MiB.
  private static let readByteCount: UInt64 = 256 << 10

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
    if let file = state.withLock(\.landed) { return try await next(of: file) }
    while true {
      let position = state.withLock(\.position)
      switch await blob.step(at: position, to: end) {
      case .give(let bytes): return advance(by: bytes)
      case .failed(let error): throw error
      case .landed(let file):
        state.withLock { $0.landed = file }
        return try await next(of: file)
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

  /// Reads the next bytes in the store; nil when there is no rest.
  private func next(of file: StoredFile) async throws(RepositoryError) -> [UInt8]? {
    let position = state.withLock(\.position)
    let end = min(end ?? file.byteCount, file.byteCount)
    guard position < end else { return nil }
    let range = position..<min(end, position + Self.readByteCount)
    do {
      guard let bytes = try await blobs.get(file.key, range: range), !bytes.isEmpty else {
        throw RepositoryError.missingBlob(file.key)
      }
      return advance(by: bytes)
    } catch let error as EngineError {
      throw RepositoryError(reading: file.key, failed: error)
    } catch let error as RepositoryError {
      throw error
    } catch {
      throw RepositoryError.missingBlob(file.key)
    }
  }
}

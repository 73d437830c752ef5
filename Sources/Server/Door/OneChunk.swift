import Synchronization

/// Bytes at hand as a source of one chunk, so that a document of megabytes goes out slice by slice:
/// a thousand clients share the document and hold a slice each.
final class OneChunk: Sendable {
  private let chunk: Mutex<[UInt8]?>

  init(_ bytes: [UInt8]) {
    self.chunk = Mutex(bytes)
  }

  /// Gives the bytes once, and nil from then on.
  func next() -> [UInt8]? {
    chunk.withLock { $0.take() }
  }
}

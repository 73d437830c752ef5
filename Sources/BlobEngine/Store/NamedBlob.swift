import Bytes

/// A blob as the engine calls it, with the scope that it is of.
///
/// For work that follows the log's lists: what is encrypted does not stand there under the SHA-256
/// that callers know, and nobody can go from one to the other.
struct NamedBlob: Sendable {
  let name: SHA256Digest
  let scope: BlobScope

  /// What the blob's record says; its key is the name.
  func stat() async throws(EngineError) -> BlobInfo? {
    switch try await scope.runtime.inbox.ask(.stat(name)) {
    case .description(let info, _): info
    case .absent: nil
    default: preconditionFailure("the engine answers in kind")
    }
  }

  func makeReader(
    _ range: Range<UInt64>? = nil
  ) async throws(EngineError) -> BlobReader? {
    try await scope.find(name, range, called: name)
  }

  /// A part of the blob; nothing when it is not there.
  func get(_ range: Range<UInt64>) async throws(EngineError) -> [UInt8] {
    try await makeReader(range)?.readAll() ?? []
  }
}

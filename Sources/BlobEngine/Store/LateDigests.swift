import Bytes
import Synchronization

/// The digests that are being made of stored blobs: once for all who ask at the same time.
final class LateDigests: Sendable {
  /// One reading of a blob.
  struct Making: Sendable {
    let kinds: DigestKinds
    let outcome: Task<Result<BlobDigests?, EngineError>, Never>
  }

  private let makings = Mutex<[SHA256Digest: Making]>([:])
  private let counter = Mutex(0)

  /// How often a blob was read for its digests.
  var madeCount: Int { counter.withLock { $0 } }

  /// Returns what is being made of the blob that the engine calls `name`, beginning it with `make`
  /// when that is nothing.
  ///
  /// It may be of other kinds. It goes on when those who asked have gone.
  func join(
    _ kinds: DigestKinds,
    of name: SHA256Digest,
    _ make: @escaping @Sendable () async -> Result<BlobDigests?, EngineError>
  ) -> Making {
    makings.withLock { makings in
      if let making = makings[name] { return making }
      let outcome = Task { [self] in
        let result = await make()
        forget(name)
        return result
      }
      counter.withLock { $0 += 1 }
      let making = Making(kinds: kinds, outcome: outcome)
      makings[name] = making
      return making
    }
  }

  private func forget(_ name: SHA256Digest) {
    makings.withLock { $0[name] = nil }
  }
}

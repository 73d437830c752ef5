internal import BlobEngine
internal import Bytes
internal import Catalog
internal import Synchronization

/// One file on its way in: bytes go to the engine as they come, which hashes them on the way, so
/// that a connection costs the same memory whatever the file's size.
///
/// Call ``write(_:)`` from one task, then either ``finish(verifying:)`` or ``cancel()``.
package final class AssetUpload: Sendable {
  private let writer: BlobWriter
  private let byteLimit: UInt64
  private let domain: DomainID
  private let byteCount = Mutex<UInt64>(0)

  init(writer: BlobWriter, byteLimit: UInt64, domain: DomainID) {
    self.writer = writer
    self.domain = domain
    self.byteLimit = byteLimit
  }

  /// Adds the file's next bytes.
  ///
  /// - Throws: ``RepositoryError`` with `tooLarge` once the file outgrows what an asset may be, or
  ///   what the engine's failure means. The upload is then good for ``cancel()`` only.
  package func write(_ bytes: [UInt8]) async throws(RepositoryError) {
    let total = byteCount.withLock { byteCount in
      byteCount += UInt64(bytes.count)
      return byteCount
    }
    guard total <= byteLimit else {
      throw .assetTooLarge(limit: byteLimit)
    }
    do { try await writer.write(bytes) } catch {
      throw RepositoryError(storing: "an uploaded file", failed: error)
    }
  }

  /// Ends the file: checks what was declared and makes the bytes durable.
  ///
  /// - Throws: ``RepositoryError`` with `validation` when a declared digest is wrong; nothing is
  ///   kept then.
  package func finish(
    verifying declared: DeclaredDigests = DeclaredDigests()
  ) async throws(RepositoryError) -> StagedAsset {
    try await finished(verifying: declared).get()
  }

  private func finished(
    verifying declared: DeclaredDigests
  ) async -> Result<StagedAsset, RepositoryError> {
    do throws(EngineError) {
      let written = try await writer.complete()
      let staged = StagedAsset(
        digests: AssetDigests(written),
        blake2b256: written.digests.blake2b256,
        byteCount: written.byteCount,
        domain: domain
      )
      if let algorithm = declared.firstMismatch(with: staged.digests, staged.blake2b256) {
        await writer.cancel()
        return .failure(.wrongDigest(algorithm))
      }
      _ = try await writer.finish(expecting: staged.key)
      return .success(staged)
    } catch {
      return .failure(RepositoryError(storing: "an uploaded file", failed: error))
    }
  }

  /// Gives the file up.
  ///
  /// Does nothing after ``finish(verifying:)``.
  package func cancel() async {
    await writer.cancel()
  }
}

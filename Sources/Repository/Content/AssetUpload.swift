internal import BlobEngine
internal import Bytes
internal import Catalog
internal import Codec
internal import Synchronization

/// One file on its way in: bytes go to the engine as they come and are hashed on the way, so that a
/// connection costs the same memory whatever the file's size.
///
/// Call ``write(_:)`` from one task, then either ``finish(verifying:)`` or ``cancel()``.
package final class AssetUpload: Sendable {
  private struct State {
    var digester = AssetDigester()
    var blake = BLAKE2b256()
    var byteCount: UInt64 = 0
  }

  private let writer: BlobWriter
  private let byteLimit: UInt64
  private let domain: DomainID
  private let state = Mutex(State())

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
    let total = state.withLock { state in
      state.digester.update(bytes.span)
      state.blake.update(bytes.span)
      state.byteCount += UInt64(bytes.count)
      return state.byteCount
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
    let staged = state.withLock { state in
      StagedAsset(
        digests: state.digester.digests(),
        blake2b256: state.blake.digest(),
        byteCount: state.byteCount,
        domain: domain
      )
    }
    if let algorithm = declared.firstMismatch(with: staged.digests, staged.blake2b256) {
      await writer.cancel()
      throw .wrongDigest(algorithm)
    }
    do { _ = try await writer.finish(expecting: staged.key) } catch {
      throw RepositoryError(storing: "an uploaded file", failed: error)
    }
    return staged
  }

  /// Gives the file up.
  ///
  /// Does nothing after ``finish(verifying:)``.
  package func cancel() async {
    await writer.cancel()
  }
}

internal import CXXHash

/// A 64-bit XXH3 over bytes that arrive in pieces.
///
/// Has one owner, because the C state has: it is freed with the value. The state keeps a pointer
/// to the secret rather than a copy, so the stream owns a copy with a fixed address.
@safe
package struct ChecksumStream: ~Copyable {
  private let state: OpaquePointer
  private let secret: UnsafeMutableRawPointer?

  /// Starts a checksum under the same key as `checksum`.
  package init(_ checksum: Checksum) {
    guard let state = unsafe XXH3_createState() else {
      preconditionFailure("576 bytes of memory for a checksum")
    }
    unsafe self.state = state
    guard !checksum.secret.isEmpty else {
      unsafe self.secret = nil
      unsafe XXH3_64bits_reset(state)
      return
    }
    let copy = UnsafeMutableRawPointer.allocate(
      byteCount: Checksum.secretByteCount,
      alignment: 64
    )
    // SAFETY: the copy has room for the secret, and lives until `deinit`.
    unsafe checksum.secret.withUnsafeBytes { source in
      guard let bytes = source.baseAddress else { return }
      unsafe copy.copyMemory(from: bytes, byteCount: source.count)
    }
    unsafe self.secret = copy
    unsafe XXH3_64bits_reset_withSecret(state, copy, Checksum.secretByteCount)
  }

  deinit {
    // SAFETY: both were allocated by `init` and are used by nobody else.
    unsafe XXH3_freeState(state)
    unsafe secret?.deallocate()
  }

  /// Adds bytes to what is summed.
  package mutating func update(_ bytes: Span<UInt8>) {
    // SAFETY: the library reads `count` bytes and keeps no pointer to them.
    unsafe bytes.withUnsafeBytes { input in
      #if arch(x86_64)
      _ = unsafe XXH3_64bits_update_dispatch(state, input.baseAddress, input.count)
      #else
      _ = unsafe XXH3_64bits_update(state, input.baseAddress, input.count)
      #endif
    }
  }

  /// Returns the checksum of all bytes so far; more may follow.
  package func digest64() -> UInt64 {
    // SAFETY: the state is live; taking a digest does not change it.
    unsafe XXH3_64bits_digest(state)
  }
}

internal import CXXHash

/// XXH3 (https://github.com/Cyan4973/xxHash, library 0.8), keyed by a store's secret or plain.
///
/// Detects accidents and spreads index keys. It proves nothing about who made the bytes: pairs that
/// collide under any secret are published (xxHash issue 1127), so equality of content is decided by
/// SHA-256. Only the `withSecret` variants are used: the `withSecretandSeed` ones ignore the secret
/// for inputs of up to 240 bytes.
///
/// On x86-64 the library picks its vector code at run time.
package struct Checksum: Sendable {
  /// The bytes in a secret: as many as the algorithm reads for inputs of any length.
  package static let secretByteCount = 192

  /// XXH3 under its own published secret, for structures that must be checked before a store's
  /// secret is known.
  package static let plain = Checksum(storage: [])

  /// The secret, or nothing for the published one.
  let secret: [UInt8]

  private init(storage: [UInt8]) {
    self.secret = storage
  }

  /// Keys the checksum, or returns nil when `secret` is not 192 bytes.
  package init?(secret: [UInt8]) {
    guard secret.count == Self.secretByteCount else { return nil }
    self.init(storage: secret)
  }

  /// Returns the 64-bit checksum of `bytes`.
  package func digest64(_ bytes: Span<UInt8>) -> UInt64 {
    // SAFETY: the library reads `count` bytes at the input and the secret, which both outlive it.
    unsafe bytes.withUnsafeBytes { input in
      unsafe secret.withUnsafeBytes { key in
        unsafe XXH3.hash64(input, key)
      }
    }
  }

  /// Returns the 128-bit checksum of `bytes`.
  package func digest128(_ bytes: Span<UInt8>) -> Digest128 {
    // SAFETY: as in `digest64`.
    unsafe bytes.withUnsafeBytes { input in
      unsafe secret.withUnsafeBytes { key in
        let value = unsafe XXH3.hash128(input, key)
        return Digest128(low: value.low64, high: value.high64)
      }
    }
  }
}

/// The two 64-bit halves of a 128-bit checksum.
package struct Digest128: Hashable, Sendable {
  package var low: UInt64
  package var high: UInt64

  package init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }
}

/// The C entry points, the vectorised ones where the platform has them.
enum XXH3 {
  static func hash64(_ input: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer) -> UInt64 {
    // SAFETY: the caller's buffers are live, and each count belongs to its pointer.
    #if arch(x86_64)
    return unsafe key.isEmpty
      ? XXH3_64bits_dispatch(input.baseAddress, input.count)
      : XXH3_64bits_withSecret_dispatch(
        input.baseAddress,
        input.count,
        key.baseAddress,
        key.count
      )
    #else
    return unsafe key.isEmpty
      ? XXH3_64bits(input.baseAddress, input.count)
      : XXH3_64bits_withSecret(input.baseAddress, input.count, key.baseAddress, key.count)
    #endif
  }

  static func hash128(
    _ input: UnsafeRawBufferPointer,
    _ key: UnsafeRawBufferPointer
  ) -> XXH128_hash_t {
    // SAFETY: as above.
    #if arch(x86_64)
    return unsafe key.isEmpty
      ? XXH3_128bits_dispatch(input.baseAddress, input.count)
      : XXH3_128bits_withSecret_dispatch(
        input.baseAddress,
        input.count,
        key.baseAddress,
        key.count
      )
    #else
    return unsafe key.isEmpty
      ? XXH3_128bits(input.baseAddress, input.count)
      : XXH3_128bits_withSecret(input.baseAddress, input.count, key.baseAddress, key.count)
    #endif
  }
}

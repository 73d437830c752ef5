internal import CCrypto

/// AES-256-GCM (NIST SP 800-38D) under one key, from memory to memory.
///
/// A nonce must not come twice under one key: two texts under one nonce give their difference away,
/// and with it the means to forge.
@safe
package struct BlockCipher: ~Copyable {
  /// The size of a nonce, in bytes.
  package static let nonceByteCount = 12
  /// The size of a tag, in bytes.
  package static let tagByteCount = 16

  private let handle: OpaquePointer

  /// Keys the cipher.
  package init(key: SecretKey) {
    // SAFETY: the library reads the key's 32 bytes during the call.
    let handle = unsafe key.withBytes { bytes in
      unsafe bytes.withUnsafeBufferPointer { unsafe ccrypto_gcm_create($0.baseAddress) }
    }
    guard let handle = unsafe handle else {
      preconditionFailure("libcrypto has AES-256-GCM, and memory for one key")
    }
    unsafe self.handle = handle
  }

  deinit {
    // SAFETY: the handle is this value's own, and goes with it.
    unsafe ccrypto_gcm_destroy(handle)
  }

  /// Appends `plain`, encrypted, to `sealed`, and its tag to `tags`.
  package func seal(
    _ plain: Span<UInt8>,
    nonce: [UInt8],
    authenticating associated: [UInt8],
    to sealed: inout [UInt8],
    tags: inout [UInt8]
  ) {
    precondition(nonce.count == Self.nonceByteCount, "a nonce has its length")
    let start = sealed.count
    sealed.append(contentsOf: repeatElement(0, count: plain.count))
    let firstTag = tags.count
    tags.append(contentsOf: repeatElement(0, count: Self.tagByteCount))
    // SAFETY: every count belongs to its pointer, room for text and tag was made above, and the
    // library keeps none of the pointers.
    let isSealed = unsafe plain.withUnsafeBufferPointer { plain in
      unsafe sealed.withUnsafeMutableBufferPointer { sealed in
        unsafe tags.withUnsafeMutableBufferPointer { tags in
          unsafe ccrypto_gcm_seal(
            handle,
            nonce,
            associated,
            associated.count,
            plain.baseAddress,
            plain.count,
            sealed.baseAddress.map { unsafe $0 + start },
            tags.baseAddress.map { unsafe $0 + firstTag }
          )
        }
      }
    }
    precondition(isSealed == 1, "libcrypto seals what it is given")
  }

  /// Appends `sealed`, decrypted, to `plain` if `tag` is its tag.
  ///
  /// - Returns: whether it is; if not, `plain` is as it was.
  package func open(
    _ sealed: Span<UInt8>,
    nonce: [UInt8],
    authenticating associated: [UInt8],
    tag: Span<UInt8>,
    to plain: inout [UInt8]
  ) -> Bool {
    precondition(nonce.count == Self.nonceByteCount, "a nonce has its length")
    precondition(tag.count == Self.tagByteCount, "a tag has its length")
    let start = plain.count
    plain.append(contentsOf: repeatElement(0, count: sealed.count))
    // SAFETY: as in `seal`.
    let isOpen = unsafe sealed.withUnsafeBufferPointer { sealed in
      unsafe tag.withUnsafeBufferPointer { tag in
        unsafe plain.withUnsafeMutableBufferPointer { plain in
          unsafe ccrypto_gcm_open(
            handle,
            nonce,
            associated,
            associated.count,
            sealed.baseAddress,
            sealed.count,
            tag.baseAddress,
            plain.baseAddress.map { unsafe $0 + start }
          )
        }
      }
    }
    if isOpen != 1 { plain.removeSubrange(start...) }
    return isOpen == 1
  }
}

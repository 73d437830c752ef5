extension Span where Element == UInt8 {
  /// Returns a copy of the bytes that outlives the span.
  ///
  /// - Complexity: O(*n*), one allocation.
  package func makeArray() -> [UInt8] {
    // SAFETY: the buffer is read during the call only.
    unsafe withUnsafeBufferPointer { unsafe [UInt8]($0) }
  }

  /// Returns the 32-byte digest stored at `offset`.
  ///
  /// - Precondition: it lies wholly inside the span.
  package func sha256Digest(at offset: Int) -> SHA256Digest {
    SHA256Digest(
      words: (
        bigEndianWord(at: offset), bigEndianWord(at: offset + 8),
        bigEndianWord(at: offset + 16), bigEndianWord(at: offset + 24)
      )
    )
  }

  /// Whether all bytes are zero.
  ///
  /// - Complexity: O(*n*): each byte is compared with the one before it.
  package var isZero: Bool {
    guard count > 1 else { return count == 0 || self[0] == 0 }
    return self[0] == 0 && extracting(1..<count).hasSameBytes(as: extracting(0..<(count - 1)))
  }
}

extension Array<UInt8> {
  /// Adds a copy of the bytes at the end.
  package mutating func append(copying bytes: Span<UInt8>) {
    // SAFETY: the buffer is read during the call only.
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

extension MutableSpan where Element == UInt8 {
  /// Copies `source` into the span from `offset` on.
  ///
  /// - Precondition: it fits.
  @_lifetime(self: copy self)
  package mutating func copy(from source: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0, "the copy starts inside the span")
    precondition(source.count <= count - offset, "the bytes fit the span")
    // SAFETY: the bounds were just checked; exclusive access keeps the two apart.
    unsafe withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { bytes in
        guard let from = bytes.baseAddress, let to = target.baseAddress else { return }
        unsafe to.advanced(by: offset).copyMemory(from: from, byteCount: bytes.count)
      }
    }
  }

  /// Stores the 32 bytes of a digest at `offset`.
  ///
  /// - Precondition: they fit.
  @_lifetime(self: copy self)
  package mutating func store(_ digest: SHA256Digest, at offset: Int) {
    storeLittleEndian(digest.words.0.byteSwapped, at: offset)
    storeLittleEndian(digest.words.1.byteSwapped, at: offset + 8)
    storeLittleEndian(digest.words.2.byteSwapped, at: offset + 16)
    storeLittleEndian(digest.words.3.byteSwapped, at: offset + 24)
  }
}

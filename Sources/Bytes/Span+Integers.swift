extension Span where Element == UInt8 {
  /// Returns the little-endian integer stored at `offset`, in bytes.
  ///
  /// - Precondition: the integer lies wholly inside the span; its offset may be unaligned.
  /// - Complexity: O(1).
  @inlinable
  package func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int,
    as type: T.Type = T.self
  ) -> T {
    // SAFETY: the load checks its bounds, every bit pattern is an integer, a byte has no padding.
    T(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// Returns the big-endian 64-bit word stored at `offset`, in bytes.
  ///
  /// - Precondition: the word lies wholly inside the span.
  @inlinable
  package func bigEndianWord(at offset: Int) -> UInt64 {
    littleEndian(at: offset, as: UInt64.self).byteSwapped
  }
}

extension MutableSpan where Element == UInt8 {
  /// Stores `value` at `offset`, in bytes, least significant byte first.
  ///
  /// - Precondition: the integer lies wholly inside the span.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func storeLittleEndian<T: FixedWidthInteger>(_ value: T, at offset: Int) {
    for index in 0..<(T.bitWidth / 8) {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> T(index * 8))
    }
  }
}

/// Bytes that every vector in these tests is over: cheap to make in any language.
enum TestBytes {
  /// Returns the first `count` bytes of i × 131 + ⌊i / 256⌋ × 29 + 7, modulo 256.
  static func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 * 131 + ($0 >> 8) * 29 + 7) }
  }

  /// Returns 192 bytes of i × 37 + 11, modulo 256.
  static let secret: [UInt8] = (0..<192).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
}

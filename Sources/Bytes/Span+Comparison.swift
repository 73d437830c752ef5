#if canImport(Glibc)
import Glibc
#endif

extension Span where Element == UInt8 {
  /// Whether both are the same bytes: memcmp(3), which stays fast where nothing is optimised.
  ///
  /// - Complexity: O(n).
  package func hasSameBytes(as other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    // SAFETY: both regions have `count` bytes and live for the duration of the closures.
    return unsafe withUnsafeBytes { left in
      unsafe other.withUnsafeBytes { right in
        guard let first = left.baseAddress, let second = right.baseAddress else { return true }
        return unsafe memcmp(first, second, left.count) == 0
      }
    }
  }
}

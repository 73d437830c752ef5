/// Comparisons whose duration tells nothing about where two values differ.
package enum ConstantTime {
  /// Whether both arrays hold the same bytes.
  ///
  /// Takes as long for a difference in the first byte as in the last; only the lengths, which are
  /// no secret, decide early.
  package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices {
      difference |= left[index] ^ right[index]
    }
    return difference == 0
  }
}

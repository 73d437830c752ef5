/// Bytes that can be read from any place, such as a stored blob: what an archive's directory
/// needs, since it stands at the end.
package struct ByteSource: Sendable {
  package let byteCount: UInt64
  private let fetch: @Sendable (Range<UInt64>) async throws -> [UInt8]

  /// `read` is asked only for ranges within `byteCount` and returns all the bytes of the range.
  package init(
    byteCount: UInt64,
    read: @escaping @Sendable (Range<UInt64>) async throws -> [UInt8]
  ) {
    self.byteCount = byteCount
    self.fetch = read
  }

  /// Bytes at hand.
  package init(_ bytes: [UInt8]) {
    self.init(byteCount: UInt64(bytes.count)) { range in
      Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    }
  }

  /// Reads `count` bytes from `offset` on.
  ///
  /// - Throws: ``MalformedInput`` when they reach beyond the end, and what the source throws.
  func read(_ count: Int, at offset: UInt64) async throws -> [UInt8] {
    let (end, overflows) = offset.addingReportingOverflow(UInt64(count))
    guard !overflows, end <= byteCount else {
      throw MalformedInput("archive", "it points beyond its own end")
    }
    let bytes = try await fetch(offset..<end)
    guard bytes.count == count else {
      throw MalformedInput("archive", "it ended before its length")
    }
    return bytes
  }
}

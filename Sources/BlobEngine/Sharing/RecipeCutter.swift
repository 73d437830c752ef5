package import Bytes

/// Cuts an archive, whose bytes come in order, into chunks and a skeleton.
package struct RecipeCutter: Sendable {
  /// The chunks, apart from one another and in order.
  package let ranges: [Range<UInt64>]
  /// What lies between them.
  package private(set) var skeleton: [UInt8] = []
  private var number = 0
  private var position: UInt64 = 0
  private var chunk: [UInt8] = []

  /// Cuts members, which are apart from one another and in order, into chunks of at most
  /// `chunkByteLimit` bytes: from their beginnings, so that equal members give equal chunks.
  package init(members: [Range<UInt64>], chunkByteLimit: UInt64) {
    ranges = members.flatMap { member in
      stride(from: member.lowerBound, to: member.upperBound, by: Int(chunkByteLimit)).map {
        $0..<min($0 + chunkByteLimit, member.upperBound)
      }
    }
  }

  /// Takes the next bytes, and returns the chunks that are complete now, in order.
  package mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
    var complete: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard number < ranges.count else {
        skeleton += rest
        break
      }
      let range = ranges[number]
      let isInside = position >= range.lowerBound
      let end = isInside ? range.upperBound : range.lowerBound
      let part = rest.prefix(Int(min(end - position, UInt64(rest.count))))
      if isInside { chunk += part } else { skeleton += part }
      position += UInt64(part.count)
      rest = rest.dropFirst(part.count)
      guard position == range.upperBound else { continue }
      complete.append(chunk)
      chunk = []
      number += 1
    }
    if number == ranges.count { position += UInt64(rest.count) }
    return complete
  }

  /// The recipe of a blob that was cut from end to end.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - byteCount: the blob's size, in bytes.
  ///   - chunks: the keys of the chunks, in order.
  ///   - preparer: the store's.
  /// - Returns: nil when not all was cut.
  package func recipe(
    of key: SHA256Digest,
    byteCount: UInt64,
    chunks: [SHA256Digest],
    _ preparer: Preparer
  ) -> PreparedRecipe? {
    guard chunks.count == ranges.count, position == byteCount else { return nil }
    var runs: [RecipeRun] = []
    var (offset, position) = (UInt64(0), UInt64(0))
    for (range, source) in zip(ranges + [byteCount..<byteCount], chunks + [.none]) {
      let gap = range.lowerBound - position
      if gap > 0 { runs.append(RecipeRun(source: nil, offset: offset, byteCount: gap)) }
      offset += gap
      position = range.upperBound
      guard !range.isEmpty else { continue }
      runs.append(RecipeRun(source: source, offset: 0, byteCount: UInt64(range.count)))
    }
    return preparer.recipe(of: key, runs: runs, skeleton: skeleton)
  }
}

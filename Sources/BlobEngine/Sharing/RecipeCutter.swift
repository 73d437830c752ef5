package import Bytes

/// Cuts an archive, whose bytes come in order, into chunks and a skeleton.
///
/// ```
///  archive    │h│ a │h│ b │h│    large    │h│ c │ directory │     h: headers and small members
///  chunks      [ a b ]     [ 1 MiB ][ … ]    [ c ]
///  skeleton   h h h h directory; in front of its last part, chunks too where it is long
/// ```
///
/// Small members that follow one another are joined, without what lies between them: headers
/// have the time of the build in them, and are others in each release. A joined chunk ends as soon
/// as it is large enough, and before a large member, so that a member that comes, goes or changes
/// makes other chunks up to the next large member and no others.
package struct RecipeCutter: Sendable {
  /// A chunk or a skeleton that is being filled, and the runs that take bytes from it.
  private struct Filling {
    var bytes: [UInt8] = []
    var runs: [Int] = []
  }

  /// A run, and which chunk it takes its bytes from; nil: the skeleton.
  private struct Run {
    var chunk: Int?
    let offset: Int
    var byteCount: Int
  }

  private let members: [Range<UInt64>]
  private let rules: SharingRules
  private var number = 0
  private var position: UInt64 = 0
  private var runs: [Run] = []
  private var chunkCount = 0
  private var chunk = Filling()
  private var rest = Filling()
  private var complete: [[UInt8]] = []

  /// What lies between the members, but for what went into chunks.
  package var skeleton: [UInt8] { rest.bytes }

  /// Cuts members, which are apart from one another and in order.
  package init(members: [Range<UInt64>], rules: SharingRules) {
    self.members = members
    self.rules = rules
  }

  /// Takes the next bytes, and returns the chunks that are complete now, in order.
  package mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
    var left = bytes[...]
    while !left.isEmpty {
      let part = left.prefix(partByteCount(of: left.count))
      if isInMember { takeMember(part) } else { takeRest(part) }
      left = left.dropFirst(part.count)
    }
    defer { complete = [] }
    return complete
  }

  private var member: Range<UInt64>? { number < members.count ? members[number] : nil }

  private var isInMember: Bool { member.map { position >= $0.lowerBound } ?? false }

  /// How many of the next bytes are all of a member, or all between members, and have room in one
  /// chunk.
  private func partByteCount(of count: Int) -> Int {
    guard isInMember, let member else {
      let end = member.map { Int(clamping: $0.lowerBound - position) } ?? count
      return min(count, end, Int(rules.skeletonByteLimit) - rest.bytes.count)
    }
    return min(
      count,
      Int(clamping: member.upperBound - position),
      Int(rules.chunkByteLimit) - chunk.bytes.count
    )
  }

  private mutating func takeMember(_ part: ArraySlice<UInt8>) {
    guard let member else { return }
    Self.fill(&chunk, with: part, &runs, isNew: position == member.lowerBound)
    position += UInt64(part.count)
    let isAtEnd = position == member.upperBound
    if isAtEnd { number += 1 }
    guard endsChunk(after: member, isAtEnd) else { return }
    end(chunk)
    chunk = Filling()
  }

  /// Whether a chunk ends here: it is full or large enough, or the next member is large.
  private func endsChunk(after last: Range<UInt64>, _ isAtEnd: Bool) -> Bool {
    let byteCount = UInt64(chunk.bytes.count)
    guard byteCount < rules.chunkByteLimit else { return true }
    guard isAtEnd else { return false }
    guard let next = member, !isLarge(last), !isLarge(next) else { return true }
    return byteCount >= rules.leastChunkByteCount
      || byteCount + UInt64(next.count) > rules.chunkByteLimit
  }

  /// Whether a member makes chunks of its own.
  private func isLarge(_ member: Range<UInt64>) -> Bool {
    UInt64(member.count) >= rules.leastChunkByteCount
  }

  private mutating func takeRest(_ part: ArraySlice<UInt8>) {
    let follows = runs.indices.last.map { rest.runs.last == $0 } ?? false
    Self.fill(&rest, with: part, &runs, isNew: !follows)
    position += UInt64(part.count)
    guard UInt64(rest.bytes.count) == rules.skeletonByteLimit else { return }
    end(rest)
    rest = Filling()
  }

  private static func fill(
    _ filling: inout Filling,
    with part: ArraySlice<UInt8>,
    _ runs: inout [Run],
    isNew: Bool
  ) {
    if isNew || filling.runs.isEmpty {
      filling.runs.append(runs.count)
      runs.append(Run(chunk: nil, offset: filling.bytes.count, byteCount: 0))
    }
    runs[runs.count - 1].byteCount += part.count
    filling.bytes += part
  }

  /// A chunk is complete: the runs that it was filled for take their bytes from it.
  private mutating func end(_ filling: Filling) {
    for run in filling.runs { runs[run].chunk = chunkCount }
    chunkCount += 1
    complete.append(filling.bytes)
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
    guard chunks.count == chunkCount, position == byteCount, chunk.runs.isEmpty else { return nil }
    let runs = runs.map { run in
      RecipeRun(
        source: run.chunk.map { chunks[$0] },
        offset: UInt64(run.offset),
        byteCount: UInt64(run.byteCount)
      )
    }
    return preparer.recipe(of: key, runs: runs, skeleton: skeleton)
  }
}

/// Undoes gzip compression (RFC 1952), fed in pieces, giving out in pieces.
///
/// Members that follow one another are one stream, as the RFC says. Each member's checksum and
/// length are compared; a stream that stops early shows in ``isFinished``.
/// - Complexity: O(n) in the bytes fed and given out, however many members they are: a member of
///   23 bytes costs a copy of some hundreds, not of all that was fed behind it.
package struct GzipReader: Sendable {
  private enum State {
    case header
    case body
    case trailer
  }

  private static let trailerByteCount = 8
  /// Members without content that follow one another: some writers end a file with one, and a
  /// million of them are work that nothing comes of.
  private static let mostEmptyMembers = 1000
  /// How many bytes the inflater gets at first, and at most: what a member leaves of them is looked
  /// at again for the next.
  private static let (smallestBite, largestBite) = (512, 64 << 10)

  private var state = State.header
  /// What was fed, and where what was not taken in yet begins.
  private var pending: [UInt8] = []
  private var start = 0
  private var bite = smallestBite
  private var inflater = Inflater()
  private var checksum = CRC32()
  private var memberByteCount: UInt64 = 0
  private var memberCount = 0
  private var emptyMemberCount = 0

  package init() {}

  /// Whether the input so far ends where a member does.
  package var isFinished: Bool {
    guard case .header = state else { return false }
    return memberCount > 0 && pending[start...].allSatisfy { $0 == 0 }
  }

  package mutating func feed(_ bytes: [UInt8]) {
    guard start < pending.count else {
      (pending, start) = (bytes, 0)
      return
    }
    pending.removeFirst(start)
    start = 0
    pending += bytes
  }

  /// Returns about `count` bytes more at most; empty when the input so far holds no more.
  ///
  /// - Throws: ``MalformedInput`` for what is no gzip data, is damaged, or has more than a thousand
  ///   members without content in a row.
  package mutating func produce(upTo count: Int) throws(MalformedInput) -> [UInt8] {
    while true {
      switch state {
      case .header:
        guard try beginMember() else { return [] }
      case .body:
        let bytes = try inflater.produce(upTo: count)
        checksum.update(bytes)
        memberByteCount += UInt64(bytes.count)
        if inflater.isFinished { try endBody() }
        if !bytes.isEmpty { return bytes }
        if case .body = state, !feedInflater() { return [] }
      case .trailer:
        guard try endMember() else { return [] }
      }
    }
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("gzip data", reason)
  }

  /// Reads a member's header; false when it is not all there.
  ///
  /// Zeros after the last member are padding, which tapes leave behind.
  private mutating func beginMember() throws(MalformedInput) -> Bool {
    if memberCount > 0 {
      start = pending[start...].firstIndex { $0 != 0 } ?? pending.count
    }
    guard let end = try Self.headerEnd(pending, from: start) else { return false }
    start = end
    inflater = Inflater()
    bite = Self.smallestBite
    checksum = CRC32()
    memberByteCount = 0
    state = .body
    return true
  }

  /// Hands on the next bite; false when there is none.
  private mutating func feedInflater() -> Bool {
    let end = min(start + bite, pending.count)
    guard start < end else { return false }
    inflater.feed(pending[start..<end])
    start = end
    bite = min(bite * 2, Self.largestBite)
    return true
  }

  /// What the inflater left belongs to the last bite: with the one before it would have ended.
  private mutating func endBody() throws(MalformedInput) {
    let unread = inflater.unreadByteCount
    guard unread <= start else { throw Self.failure("it ended before its end") }
    start -= unread
    state = .trailer
  }

  private mutating func endMember() throws(MalformedInput) -> Bool {
    guard pending.count - start >= Self.trailerByteCount else { return false }
    let fields = Fields(pending, at: start)
    guard fields.word(at: 0) == checksum.value,
      fields.word(at: 4) == UInt32(truncatingIfNeeded: memberByteCount)
    else { throw Self.failure("its checksum or length is wrong") }
    emptyMemberCount = memberByteCount == 0 ? emptyMemberCount + 1 : 0
    guard emptyMemberCount <= Self.mostEmptyMembers else {
      throw Self.failure("it has more than \(Self.mostEmptyMembers) empty members in a row")
    }
    start += Self.trailerByteCount
    memberCount += 1
    state = .header
    return true
  }

  /// A header's optional fields are bounded: names of more than this are no names.
  private static let longestHeader = 128 << 10

  /// Where the header that begins at `start` ends (section 2.3); nil when it is not all there.
  private static func headerEnd(
    _ bytes: [UInt8],
    from start: Int
  ) throws(MalformedInput) -> Int? {
    let rest = bytes[start...]
    guard rest.count >= 10 else {
      guard rest.starts(with: [0x1F, 0x8B].prefix(rest.count)) else {
        throw failure("it does not begin as gzip does")
      }
      return nil
    }
    guard rest.starts(with: [0x1F, 0x8B, 8]), bytes[start + 3] & 0xE0 == 0 else {
      throw failure("it does not begin as gzip does")
    }
    let header = rest.prefix(longestHeader)
    guard let end = optionalFieldsEnd(header), end <= header.endIndex else {
      guard rest.count < longestHeader else { throw failure("its header is too long") }
      return nil
    }
    return end
  }

  private static func optionalFieldsEnd(_ header: ArraySlice<UInt8>) -> Int? {
    let flags = header[header.startIndex + 3]
    var end = header.startIndex + 10
    if flags & 4 != 0 {
      guard header.endIndex >= end + 2 else { return nil }
      end += 2 + Int(header[end]) + Int(header[end + 1]) << 8
    }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard end <= header.endIndex, let zero = header[end...].firstIndex(of: 0) else { return nil }
      end = zero + 1
    }
    return flags & 2 != 0 ? end + 2 : end
  }
}

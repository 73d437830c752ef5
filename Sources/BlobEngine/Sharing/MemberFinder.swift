import Bytes

/// Finds the members of a zip archive (PKWARE APPNOTE 6.3) whose bytes, as they stand in the
/// archive, are worth being chunks.
///
/// It reads nothing itself: ``next(after:)`` says what it has to see, and is called with that. What
/// archives say of themselves is believed for as long as it is possible: all members in bounds, in
/// order and apart from one another, local headers that agree with the directory. A finder that is
/// fooled all the same proposes useless cuts, never wrong bytes: what is put together is compared
/// with the blob before it counts. Nothing is ever inflated.
package struct MemberFinder: Sendable {
  /// What is to be done next.
  package enum Step: Hashable, Sendable {
    /// Call again with these bytes of the archive.
    case read(Range<UInt64>)
    /// These parts are members: apart from one another, and in order.
    case found([Range<UInt64>])
    case refused(Refusal)
  }

  /// Why an archive stays whole.
  package enum Refusal: String, Hashable, Sendable, CaseIterable {
    case tooSmall = "it is small"
    case noArchive = "it is no zip archive"
    case unreadableDirectory = "its directory cannot be read"
    case directoryTooLarge = "its directory is too large"
    case overlap = "members overlap, or leave the archive"
    case badHeader = "a member's header contradicts the directory"
    case nothingLarge = "its members are small"
  }

  private enum State: Sendable {
    case tail
    case zip64(end: UInt64)
    case directory(ZipDirectoryPlace)
    case headers
  }

  private let byteCount: UInt64
  private let rules: SharingRules
  private var state = State.tail
  private var asked: Range<UInt64>?
  /// The members that were chosen, in order, once the directory was read; none before.
  private(set) var chosen: [ZipMember] = []
  /// Those whose headers were seen.
  private var found: [Range<UInt64>] = []

  package init(byteCount: UInt64, rules: SharingRules) {
    self.byteCount = byteCount
    self.rules = rules
  }

  /// Takes what was asked for, nothing at first, and says what comes next.
  ///
  /// Fewer bytes than asked for are an archive that cannot be read.
  package mutating func next(after bytes: [UInt8]) -> Step {
    guard let asked else { return begin() }
    guard bytes.count == asked.count else { return .refused(.unreadableDirectory) }
    switch state {
    case .tail: return take(tail: bytes.span, at: asked.lowerBound)
    case .zip64(let end): return take(zip64: bytes.span, end: end)
    case .directory(let place): return take(directory: bytes.span, place)
    case .headers: return take(header: bytes.span)
    }
  }

  private mutating func ask(_ range: Range<UInt64>) -> Step {
    asked = range
    return .read(range)
  }

  private mutating func begin() -> Step {
    guard byteCount >= rules.leastArchiveByteCount, byteCount >= ZipEnd.byteCount else {
      return .refused(.tooSmall)
    }
    let tail = min(byteCount, ZipEnd.byteCount + ZipEnd.commentByteLimit + ZipEnd.locatorByteCount)
    return ask((byteCount - tail)..<byteCount)
  }

  private mutating func take(tail: Span<UInt8>, at offset: UInt64) -> Step {
    guard let end = ZipEnd(searching: tail, from: offset) else { return .refused(.noArchive) }
    guard let zip64 = end.zip64Offset else {
      return end.directory.map { askForDirectory($0) } ?? .refused(.unreadableDirectory)
    }
    guard zip64 <= byteCount, byteCount - zip64 >= ZipEnd.zip64ByteCount else {
      return .refused(.unreadableDirectory)
    }
    state = .zip64(end: end.offset)
    return ask(zip64..<(zip64 + ZipEnd.zip64ByteCount))
  }

  private mutating func take(zip64 bytes: Span<UInt8>, end: UInt64) -> Step {
    guard let place = ZipDirectoryPlace(zip64: bytes, end: end) else {
      return .refused(.unreadableDirectory)
    }
    return askForDirectory(place)
  }

  private mutating func askForDirectory(_ place: ZipDirectoryPlace) -> Step {
    guard place.range.upperBound <= byteCount, !place.range.isEmpty else {
      return .refused(.unreadableDirectory)
    }
    guard place.range.count <= rules.directoryByteLimit else {
      return .refused(.directoryTooLarge)
    }
    state = .directory(place)
    return ask(place.range)
  }

  private mutating func take(directory bytes: Span<UInt8>, _ place: ZipDirectoryPlace) -> Step {
    guard let members = ZipMember.members(in: bytes, count: place.entryCount) else {
      return .refused(.unreadableDirectory)
    }
    guard let bounded = ZipMember.bounded(members, by: place.range.lowerBound) else {
      return .refused(.overlap)
    }
    chosen = choose(from: bounded)
    guard !chosen.isEmpty else { return .refused(.nothingLarge) }
    state = .headers
    return askForHeader()
  }

  /// The largest members, as many as runs allow: each has one for what is in front of it, and what
  /// lies between members may be cut wherever it fills a chunk.
  private func choose(from members: [ZipMember]) -> [ZipMember] {
    var result: [ZipMember] = []
    var (runCount, total) = (1, UInt64(0))
    let large = members.filter { $0.byteCount >= rules.leastMemberByteCount }
    for member in large.sorted(by: { $0.byteCount > $1.byteCount }) {
      guard runCount + self.runCount(of: member) <= rules.runLimit else { break }
      runCount += self.runCount(of: member)
      total += member.byteCount
      result.append(member)
    }
    while let last = result.last,
      runCount + Int(clamping: (byteCount - total) / rules.skeletonByteLimit) > rules.runLimit
    {
      runCount -= self.runCount(of: last)
      total -= last.byteCount
      result.removeLast()
    }
    return result.sorted { $0.headerOffset < $1.headerOffset }
  }

  private func runCount(of member: ZipMember) -> Int {
    Int(clamping: min((member.byteCount - 1) / rules.chunkByteLimit, UInt64(rules.runLimit))) + 2
  }

  private mutating func askForHeader() -> Step {
    guard found.count < chosen.count else { return .found(found) }
    let offset = chosen[found.count].headerOffset
    return ask(offset..<(offset + ZipMember.headerByteCount))
  }

  private mutating func take(header bytes: Span<UInt8>) -> Step {
    guard let range = chosen[found.count].dataRange(header: bytes) else {
      return .refused(.badHeader)
    }
    found.append(range)
    return askForHeader()
  }
}

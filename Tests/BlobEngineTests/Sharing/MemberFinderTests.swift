import Bytes
import Simulation
import Testing

@testable import BlobEngine

/// Archives that say the truth, and archives that do not.
@Suite("Members of archives")
struct MemberFinderTests {
  private static let rules: SharingRules = {
    var rules = SharingRules(chunkByteLimit: 8192)
    rules.leastArchiveByteCount = 1000
    rules.leastMemberByteCount = 500
    rules.leastChunkByteCount = 500
    return rules
  }()

  private func outcome(
    _ archive: [UInt8],
    _ rules: SharingRules = Self.rules
  ) -> Result<[Range<UInt64>], MemberFinder.Refused> {
    var finder = MemberFinder(byteCount: UInt64(archive.count), rules: rules)
    return finder.outcome(of: archive)
  }

  private func refusal(
    _ archive: [UInt8],
    _ rules: SharingRules = Self.rules
  )
    -> MemberFinder.Refusal?
  {
    if case .failure(let refused) = outcome(archive, rules) { refused.reason } else { nil }
  }

  /// An archive with members of these sizes.
  private func archive(_ sizes: [Int]) -> (bytes: [UInt8], ranges: [Range<UInt64>]) {
    var writer = ArchiveWriter()
    for (number, size) in sizes.enumerated() {
      writer.append(noise(size, seed: UInt64(number)), named: "member-\(number)")
    }
    let ranges = writer.ranges.map { UInt64($0.lowerBound)..<UInt64($0.upperBound) }
    return (writer.finished(), ranges)
  }

  @Test func `finds the large members where they are`() throws {
    let (bytes, ranges) = archive([2000, 100, 20_000, 499, 500])
    #expect(try outcome(bytes).get() == [ranges[0], ranges[2], ranges[4]])
  }

  @Test func `finds the directory before a comment`() throws {
    var (bytes, ranges) = archive([2000, 3000])
    bytes[bytes.count - 2] = 5
    bytes += Array("hello".utf8)
    #expect(try outcome(bytes).get() == ranges)
  }

  @Test func `finds what 64-bit records say`() throws {
    let (bytes, ranges) = archive([2000, 3000])
    #expect(try outcome(bytes.withWideEnd()).get() == ranges)
  }

  @Test func `takes the largest where there are more than runs`() throws {
    let (bytes, ranges) = archive([600, 2000, 700, 3000])
    var rules = Self.rules
    rules.runLimit = 5
    #expect(try outcome(bytes, rules).get() == [ranges[1], ranges[3]])
  }

  @Test func `refuses what is no archive, and what is not worth it`() {
    #expect(refusal(noise(20_000)) == .noArchive)
    #expect(refusal([]) == .tooSmall)
    #expect(refusal(archive([700]).bytes) == .tooSmall)
    #expect(refusal(archive([400, 400, 400]).bytes) == .nothingLarge)
    var rules = Self.rules
    rules.directoryByteLimit = 50
    #expect(refusal(archive([2000, 400]).bytes, rules) == .directoryTooLarge)
  }

  @Test func `refuses members that overlap`() {
    let (bytes, _) = archive([2000, 3000])
    // The second entry leads to where the first member is.
    #expect(refusal(bytes.with(UInt32(10), atEntry: 1, field: 42)) == .overlap)
    #expect(refusal(bytes.with(UInt32(0), atEntry: 1, field: 42)) == .overlap)
  }

  @Test func `refuses sizes that reach beyond the archive`() {
    let (bytes, _) = archive([2000, 3000])
    #expect(refusal(bytes.with(UInt32(2_000_000), atEntry: 1, field: 20)) == .overlap)
    #expect(refusal(bytes.with(UInt32.max - 1, atEntry: 0, field: 20)) == .overlap)
    // At its limit the size is elsewhere, and there it is not.
    #expect(refusal(bytes.with(UInt32.max, atEntry: 0, field: 20)) == .unreadableDirectory)
    #expect(refusal(bytes.with(UInt32(4_000_000), atEntry: 1, field: 42)) == .overlap)
  }

  @Test func `refuses a directory beyond the end, or on another disk`() {
    let (bytes, _) = archive([2000, 3000])
    #expect(refusal(bytes.with(UInt32.max, atEnd: 16)) == .unreadableDirectory)
    #expect(refusal(bytes.with(UInt32(1 << 20), atEnd: 12)) == .unreadableDirectory)
    #expect(refusal(bytes.with(UInt16(1), atEnd: 4)) == .unreadableDirectory)
    #expect(refusal(bytes.with(UInt16(9), atEnd: 10)) == .unreadableDirectory)
    #expect(refusal(bytes.with(UInt32(0), atEnd: 12)) == .unreadableDirectory)
  }

  @Test func `refuses 64-bit records that lie`() {
    let wide = archive([2000, 3000]).bytes.withWideEnd()
    for lie in [UInt64.max, UInt64(wide.count), UInt64(wide.count) - 10, 1 << 63] {
      #expect(refusal(wide.with(lie, at: wide.count - 22 - 12)) == .unreadableDirectory)
      #expect(refusal(wide.with(lie, at: wide.count - 22 - 20 - 8)) == .unreadableDirectory)
      #expect(refusal(wide.with(lie, at: wide.count - 22 - 20 - 16)) == .unreadableDirectory)
    }
  }

  @Test func `refuses local headers that contradict the directory`() {
    let (bytes, _) = archive([2000, 3000])
    #expect(refusal(bytes.with(UInt32(0), at: 0)) == .badHeader)
    #expect(refusal(bytes.with(UInt16(0), at: 8)) == .badHeader)
    #expect(refusal(bytes.with(UInt32(1999), at: 18)) == .badHeader)
    #expect(refusal(bytes.with(UInt16(60_000), at: 26)) == .badHeader)
  }

  /// Whatever an archive says, a finder ends, and what it finds lies in the archive, in order and
  /// apart.
  @Test func `a spoilt archive is refused, or cut in a way that can be`() {
    var generator = CountingGenerator(seed: 9)
    for round in 0..<3000 {
      var bytes = archive([2000, 100, 3000, 9000]).bytes
      if round % 2 == 0 { bytes = bytes.withWideEnd() }
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: bytes.count - 450..<bytes.count, using: &generator)
        bytes[place] =
          [0, 0xFF, UInt8.random(in: 0...255, using: &generator)].randomElement(
            using: &generator
          ) ?? 0
      }
      guard case .success(let members) = outcome(bytes) else { continue }
      var end: UInt64 = 0
      for member in members {
        #expect(member.lowerBound >= end && !member.isEmpty)
        end = member.upperBound
      }
      #expect(end <= UInt64(bytes.count))
    }
  }
}

@Suite("Cutting of archives")
struct RecipeCutterTests {
  private func rules(skeleton: UInt64 = 10_000) -> SharingRules {
    var rules = SharingRules(chunkByteLimit: 2000)
    rules.leastChunkByteCount = 700
    rules.skeletonByteLimit = skeleton
    return rules
  }

  private func cut(
    _ bytes: [UInt8],
    _ members: [Range<UInt64>],
    _ rules: SharingRules
  ) -> (
    chunks: [[UInt8]], cutter: RecipeCutter
  ) {
    var cutter = RecipeCutter(members: members, rules: rules)
    return (cutter.take(bytes), cutter)
  }

  @Test func `cuts the same wherever the pieces end`() {
    let bytes = noise(10_000)
    let members: [Range<UInt64>] = [10..<3000, 3000..<3001, 5000..<10_000]
    let (chunks, whole) = cut(bytes, members, rules())
    #expect(chunks.map(\.count) == [2000, 990, 1, 2000, 2000, 1000])
    #expect(whole.skeleton == Array(bytes[..<10] + bytes[3001..<5000]))
    for size in [1, 7, 1999, 4096] {
      var cutter = RecipeCutter(members: members, rules: rules())
      var found: [[UInt8]] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        found += cutter.take(Array(bytes[start..<min(start + size, bytes.count)]))
      }
      #expect(found == chunks)
      #expect(cutter.skeleton == whole.skeleton)
    }
  }

  @Test func `what lies between makes chunks where the skeleton is full`() {
    let bytes = noise(5_000)
    let (chunks, cutter) = cut(bytes, [1000..<2000, 2300..<3300], rules(skeleton: 400))
    #expect(chunks.map(\.count) == [400, 400, 1000, 400, 1000, 400, 400, 400, 400])
    #expect(chunks[3] == Array(bytes[800..<1000] + bytes[2000..<2200]))
    #expect(cutter.skeleton == Array(bytes[4800...]))
  }

  /// Members of 300 bytes with headers of 40 between, some of them changed.
  private func release(_ changed: Set<Int>, headers: UInt64) -> ([UInt8], [Range<UInt64>]) {
    var bytes: [UInt8] = []
    var members: [Range<UInt64>] = []
    for number in 0..<200 {
      bytes += noise(40, seed: headers + UInt64(number))
      let start = UInt64(bytes.count)
      let seed = UInt64(changed.contains(number) ? 20_000 + number : 10_000 + number)
      bytes += noise(300, seed: seed)
      members.append(start..<UInt64(bytes.count))
    }
    return (bytes, members)
  }

  @Test func `small members are joined, and one that changes changes few chunks`() throws {
    let (first, members) = release([], headers: 1_000)
    let (second, _) = release([50, 120], headers: 5_000)
    let (old, _) = cut(first, members, rules(skeleton: 100_000))
    let (new, cutter) = cut(second, members, rules(skeleton: 100_000))
    #expect(new.allSatisfy { $0.count <= 2000 })
    #expect(new.dropLast().allSatisfy { $0.count >= 700 })
    #expect(new.count == 67 && new.reduce(0) { $0 + $1.count } == 200 * 300)
    #expect(Set(new).subtracting(old).count <= 6, "of \(new.count)")
    #expect(cutter.skeleton.count == 200 * 40)
  }

  @Test func `a recipe of joined members gives the archive`() throws {
    let (bytes, members) = release([], headers: 1_000)
    for skeleton in [300 as UInt64, 100_000] {
      let (chunks, cutter) = cut(bytes, members, rules(skeleton: skeleton))
      let store = CoreHarness(options: CoreHarness.sharingOptions)
      let keys = chunks.indices.map { SHA256Digest(words: (1, 1, 1, UInt64($0))) }
      let draft = cutter.recipe(
        of: SHA256Digest(words: (9, 9, 9, 9)),
        byteCount: UInt64(bytes.count),
        chunks: keys,
        try store.preparer
      )
      let runs = try #require(draft).runs
      let rebuilt = runs.flatMap { run in
        let source = run.source.flatMap { keys.firstIndex(of: $0) }.map { chunks[$0] }
        let range = Int(run.offset)..<Int(run.offset + run.byteCount)
        return Array((source ?? cutter.skeleton)[range])
      }
      #expect(rebuilt == bytes)
    }
  }
}

extension [UInt8] {
  fileprivate func with(_ value: some FixedWidthInteger, at place: Int) -> [UInt8] {
    var copy = self
    for byte in 0..<(value.bitWidth / 8) {
      copy[place + byte] = UInt8(truncatingIfNeeded: value >> (byte * 8))
    }
    return copy
  }

  /// Changes a field of the end record.
  fileprivate func with(_ value: some FixedWidthInteger, atEnd field: Int) -> [UInt8] {
    with(value, at: count - 22 + field)
  }

  /// Changes a field of an entry of the directory, whose names have eight bytes.
  fileprivate func with(
    _ value: some FixedWidthInteger,
    atEntry number: Int,
    field: Int
  ) -> [UInt8] {
    let start = Int(span.littleEndian(at: count - 22 + 16, as: UInt32.self))
    return with(value, at: start + number * 54 + field)
  }

  /// The same archive with the 64-bit end record and its locator.
  fileprivate func withWideEnd() -> [UInt8] {
    let end = count - 22
    let entries = UInt64(span.littleEndian(at: end + 10, as: UInt16.self))
    let size = UInt64(span.littleEndian(at: end + 12, as: UInt32.self))
    let offset = UInt64(span.littleEndian(at: end + 16, as: UInt32.self))
    var record = [UInt8](repeating: 0, count: 76).with(UInt32(0x0606_4B50), at: 0)
    record = record.with(UInt64(44), at: 4).with(entries, at: 24).with(entries, at: 32)
    record = record.with(size, at: 40).with(offset, at: 48)
    record = record.with(UInt32(0x0706_4B50), at: 56).with(UInt64(end), at: 64)
    record = record.with(UInt32(1), at: 72)
    var tail = Array(self[end...]).with(UInt16.max, at: 10)
    tail = tail.with(UInt32.max, at: 12).with(UInt32.max, at: 16)
    return Array(self[..<end]) + record + tail
  }
}

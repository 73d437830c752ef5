import BlobEngine
import Bytes
import Codec
import Testing

@Suite("Superblock")
struct SuperblockTests {
  private func file(_ pages: [Superblock]) -> [UInt8] {
    pages.enumerated().flatMap { $1.encode(copy: $0) }
  }

  private func elect(_ file: [UInt8]) -> Result<SuperblockElection, FormatError> {
    Result { () throws(FormatError) in try SuperblockElection(reading: file.span) }
  }

  private func refusal(_ file: [UInt8]) -> Damage? {
    guard case .failure(let error) = elect(file) else { return nil }
    return error.damage
  }

  /// A page as a later build would write it: changed, and its digest made right.
  private func page(_ copy: Int, _ change: (inout [UInt8]) -> Void) -> [UInt8] {
    var file = [UInt8](repeating: 0, count: copy * 4096)
    file += FormatExamples.superblock.encode(copy: copy)
    file += [UInt8](repeating: 0, count: (3 - copy) * 4096)
    var page = Array(file[(copy * 4096)..<(copy * 4096 + 4096)])
    change(&page)
    file.replaceSubrange((copy * 4096)..<(copy * 4096 + 4096), with: page)
    DecoderUnderTest.election.repair(&file)
    return Array(file[(copy * 4096)..<(copy * 4096 + 4096)])
  }

  private var old: Superblock { FormatExamples.superblock }
  private var new: Superblock {
    var page = old
    page.sequence += 1
    page.epoch += 1
    return page
  }

  @Test func `an update may be cut anywhere, and one of both pages counts`() throws {
    // Copies 0 and 1 are written, flushed, then 2 and 3: nine states with a torn copy between.
    for written in 0...4 {
      for torn in [false, true] {
        var pages = (0..<4).map { ($0 < written ? new : old).encode(copy: $0) }
        if torn, written < 4 {
          pages[written].replaceSubrange(512..<1024, with: [UInt8](repeating: 9, count: 512))
        }
        // A flush stands between 1 and 2: with copies 0 and 1 not both down, 2 and 3 are old.
        let election = try elect(pages.flatMap { $0 }).get()
        let expected = written >= 2 ? new : old
        #expect(election.superblock == expected, "\(written) written, torn: \(torn)")
      }
    }
  }

  @Test func `one lone newest copy does not count`() throws {
    for lone in 0..<4 {
      let pages = (0..<4).map { $0 == lone ? new : old }
      let election = try elect(file(pages)).get()
      #expect(election.superblock == old)
      #expect(election.agreeingCopies == (0..<4).filter { $0 != lone })
    }
  }

  @Test func `without two that agree there is no store`() {
    #expect(refusal([UInt8](repeating: 0, count: 16384)) == .noAgreement)
    #expect(refusal(file([new, old]) + [UInt8](repeating: 0, count: 8192)) == .noAgreement)
    var other = old
    other.slotCount += 1
    #expect(refusal(file([old, old, other, other])) == .noAgreement, "one sequence, two pages")
    #expect(refusal([UInt8](repeating: 0, count: 4096)) == .lengthOutOfBounds)
  }

  @Test func `a copy in another's place does not count`() {
    let third = old.encode(copy: 2)
    #expect(refusal(third + third + third + third) == .noAgreement)
  }

  @Test func `a store of a newer version is refused with a sentence`() throws {
    let pages = (0..<4).flatMap { copy in page(copy) { $0[8] = 2 } }
    #expect(refusal(pages) == .unsupportedVersion(found: 2, newest: 1))
    guard case .failure(let error) = elect(pages) else { return }
    #expect(error.description.contains("format version 2"))
    #expect(error.description.contains("open the store with the version that wrote it"))
    // An update that a newer build began counts too, although two old copies agree.
    let begun = (0..<2).flatMap { copy in page(copy) { $0[8] = 2 } }
    #expect(
      refusal(begun + Array(file([old, old, old, old])[8192...]))
        == .unsupportedVersion(found: 2, newest: 1)
    )
  }

  @Test func `an unknown incompatible feature is refused, and named`() {
    let pages = (0..<4).flatMap { copy in page(copy) { $0[32] = 8 } }
    #expect(
      refusal(pages)
        == .unknownFeatures(FeatureWords(incompatible: FeatureWords.dictionariesBit))
    )
  }

  @Test func `features that need not be known leave the store readable`() throws {
    let readOnly = (0..<4).flatMap { copy in
      page(copy) {
        $0[24] = 4; $0[368] = 1
      }
    }
    let first = try elect(readOnly).get().superblock
    #expect(first.features == FeatureWords(readOnlyCompatible: 4))
    #expect(first.features.access() == .readOnly)
    let compatible = (0..<4).flatMap { copy in
      page(copy) {
        $0[16] = 1; $0[368] = 1
      }
    }
    #expect(try elect(compatible).get().superblock.features.access() == .readWrite)
    #expect(old.features.access() == .readWrite)
  }

  @Test func `rooms are zero in a store without features`() {
    for position in [368, 400, 527, 528, 591, 592, 4079] {
      let pages = (0..<4).map { copy in page(copy) { $0[position] = 1 } }
      #expect(throws: FormatError(.reservedNotZero, in: .superblock, at: 0)) {
        let page = pages[0]
        _ = try Superblock(decoding: page.span, copy: 0)
      }
    }
  }
}

@Suite("Feature words")
struct FeatureWordsTests {
  @Test func `access follows the strictest unknown bit`() {
    let known = FeatureWords(compatible: 1, readOnlyCompatible: 2, incompatible: 4)
    #expect(known.access(knowing: known) == .readWrite)
    #expect(FeatureWords(compatible: ~0).access(knowing: known) == .readWrite)
    #expect(FeatureWords(readOnlyCompatible: 3).access(knowing: known) == .readOnly)
    #expect(
      FeatureWords(readOnlyCompatible: 1, incompatible: 8).access(knowing: known) == .none
    )
  }
}

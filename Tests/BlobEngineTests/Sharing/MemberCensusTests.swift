import Bytes
import Codec
import Testing

@testable import BlobEngine

@Suite("Counting members of archives")
struct MemberCensusTests {
  private func print(_ number: Int) -> MemberPrint {
    MemberPrint(checksum: UInt32(number), plainByteCount: 9_000, byteCount: 5_000)
  }

  private func key(_ number: Int) -> SHA256Digest {
    SHA256Stream.digest(of: Array("\(number)".utf8).span)
  }

  @Test func `a member of two archives is common, one of one is not`() {
    var census = MemberCensus(storeByteCount: 1 << 20)
    census.count([print(1), print(2)], of: key(1))
    census.count([print(1), print(3)], of: key(2))
    let common = (1...4).filter { census.isCommon(print($0)) }
    #expect(common == [1])
  }

  @Test func `an archive that is met twice has nothing in common with itself`() {
    var census = MemberCensus(storeByteCount: 1 << 20)
    for _ in 0..<2 { census.count([print(1), print(1)], of: key(1)) }
    let isCommon = census.isCommon(print(1))
    #expect(!isCommon)
  }

  @Test func `a member is common in a scope, and in no other`() throws {
    var census = MemberCensus(storeByteCount: 1 << 20)
    let scopes: [KeyID?] = [nil, try DataKey.sample(1).id, try DataKey.sample(2).id]
    // Each has the archive once, and one of them another with the same member.
    for (number, scope) in scopes.enumerated() {
      census.count([print(1)], of: key(number), in: scope)
    }
    let before = scopes.map { census.isCommon(print(1), in: $0) }
    #expect(before == [false, false, false])
    census.count([print(1)], of: key(9), in: scopes[1])
    let after = scopes.map { census.isCommon(print(1), in: $0) }
    #expect(after == [false, true, false])
  }

  @Test func `members differ by their checksum and by either size`() {
    var census = MemberCensus(storeByteCount: 1 << 20)
    for archive in 1...2 { census.count([print(7)], of: key(archive)) }
    let others = [
      MemberPrint(checksum: 8, plainByteCount: 9_000, byteCount: 5_000),
      MemberPrint(checksum: 7, plainByteCount: 9_001, byteCount: 5_000),
      MemberPrint(checksum: 7, plainByteCount: 9_000, byteCount: 5_001),
    ]
    let common = others.filter { census.isCommon($0) }
    #expect(common.isEmpty)
  }

  /// A store of 256 MiB in archives whose members have 16 KiB in the mean, none of them common.
  @Test func `few lonely members are taken for common ones`() {
    var census = MemberCensus(storeByteCount: 256 << 20)
    let count = (256 << 20) / (16 << 10)
    for number in 0..<count { census.count([print(number)], of: key(number / 16)) }
    let wrong = (0..<count).count { census.isCommon(print($0)) }
    #expect(wrong < count / 6, "\(wrong) of \(count)")
    #expect(!census.isFull)
  }

  @Test func `who is full counts no more, and calls nothing common for it`() {
    var census = MemberCensus(storeByteCount: 0)
    for number in 0..<200_000 { census.count([print(number)], of: key(number / 16)) }
    #expect(census.isFull)
    let wrong = (100_000..<200_000).count { census.isCommon(print($0)) }
    #expect(wrong < 25_000, "\(wrong) of 100000")
  }
}

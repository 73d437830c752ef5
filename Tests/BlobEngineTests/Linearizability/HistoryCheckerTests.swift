import BlobEngine
import Testing

@Suite("Checker of histories")
struct HistoryCheckerTests {
  private func contradiction(_ entries: (BlobOperation, ClosedRange<Int>)...) -> Int? {
    let history = entries.map {
      History.Entry(operation: $0, asked: $1.lowerBound, answered: $1.upperBound)
    }
    return HistoryChecker.contradiction(in: history)?.asked
  }

  @Test func `what happens one after the other is held to its order`() {
    #expect(contradiction((.put(wasNew: true), 1...2), (.get(found: true), 3...4)) == nil)
    #expect(contradiction((.put(wasNew: true), 1...2), (.get(found: false), 3...4)) == 3)
    #expect(contradiction((.get(found: true), 1...2)) == 1)
    #expect(contradiction((.put(wasNew: false), 1...2)) == 1)
    #expect(
      contradiction(
        (.put(wasNew: true), 1...2),
        (.delete(wasThere: true), 3...4),
        (.get(found: true), 5...6)
      ) == 5
    )
    #expect(contradiction((.undelete(found: true), 1...2)) == 1)
  }

  @Test func `what overlaps may have happened in any order`() {
    #expect(
      contradiction(
        (.put(wasNew: true), 1...10),
        (.get(found: false), 2...5),
        (.get(found: true), 6...7),
        (.get(found: true), 8...12)
      ) == nil
    )
    #expect(
      contradiction(
        (.put(wasNew: true), 1...4),
        (.delete(wasThere: true), 2...5),
        (.put(wasNew: true), 3...6),
        (.get(found: true), 7...8)
      ) == nil
    )
  }

  @Test func `what was seen cannot be unseen`() {
    // The put has happened once somebody found the blob, however late its answer comes.
    #expect(
      contradiction(
        (.put(wasNew: true), 1...10),
        (.get(found: true), 2...3),
        (.get(found: false), 4...5)
      ) == 4
    )
    // Two of three puts that overlap cannot both have been the first.
    #expect(
      contradiction((.put(wasNew: true), 1...5), (.put(wasNew: true), 2...6)) == 2
    )
  }

  @Test func `a collector may keep what is there, and nothing else`() {
    #expect(contradiction((.collect(.absent), 1...2)) == nil)
    #expect(contradiction((.collect(.kept), 1...2)) == 1)
    #expect(
      contradiction(
        (.put(wasNew: true), 1...2),
        (.collect(.kept), 3...4),
        (.collect(.deleted), 5...6),
        (.undelete(found: true), 7...8),
        (.collect(.absent), 9...10)
      ) == 9
    )
  }
}

import Synchronization
import Testing

@testable import Repository

@Suite("Tide")
struct TideTests {
  @Test func `who comes meanwhile goes on at the same moment`() async {
    let tide = Tide(period: .milliseconds(50))
    let start = ContinuousClock.now
    await withTaskGroup { group in
      for _ in 0..<100 { group.addTask { await tide.turn() } }
    }
    // A bound from below only: a busy machine is late, never early.
    #expect(ContinuousClock.now - start >= .milliseconds(50))
    await tide.turn()
    #expect(ContinuousClock.now - start >= .milliseconds(100))
  }

  @Test(.timeLimit(.minutes(10)))
  func `nobody waits for others while somebody waits for them`() async {
    let tide = Tide(period: .seconds(100_000))
    // Some of them come before, and some while it lasts.
    let writers = (0..<100).map { _ in Task { await tide.turn() } }
    await tide.hurrying {
      for writer in writers { await writer.value }
      await tide.turn()
    }
  }

  @Test func `without a period nobody waits`() async {
    let tide = Tide(period: .zero)
    for _ in 0..<10_000 { await tide.turn() }
  }

  @Test func `errands are over when they have settled, those of errands too`() async {
    let errands = Errands()
    let done = Mutex(0)
    for _ in 0..<50 {
      errands.run {
        await Task.yield()
        errands.run {
          await Task.yield()
          done.withLock { $0 += 1 }
        }
        done.withLock { $0 += 1 }
      }
    }
    await errands.settle()
    #expect(done.withLock(\.self) == 100)
  }
}

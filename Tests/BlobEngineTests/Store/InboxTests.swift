import Bytes
import Disk
import Synchronization
import Testing

@testable import BlobEngine

private final class CountingWaker: DiskWaker {
  let calls = Atomic(0)

  func wake() {
    calls.add(1, ordering: .relaxed)
  }
}

@Suite("The engine's inbox")
struct InboxTests {
  @Test func `only the first of several requests wakes the engine`() {
    let (inbox, waker) = (Inbox(), CountingWaker())
    inbox.connect(waker)
    for _ in 0..<10 { inbox.post(.checkpoint, to: .nobody) }
    #expect(waker.calls.load(ordering: .relaxed) == 1)
    var calls: [Inbox.Call] = []
    inbox.take(into: &calls)
    #expect(calls.count == 10)
    inbox.post(.checkpoint, to: .nobody)
    #expect(waker.calls.load(ordering: .relaxed) == 2)
    inbox.end()
  }

  @Test func `requests before the engine is there wake it when it comes`() {
    let (inbox, waker) = (Inbox(), CountingWaker())
    inbox.post(.checkpoint, to: .nobody)
    inbox.connect(waker)
    #expect(waker.calls.load(ordering: .relaxed) == 1)
    inbox.end()
  }

  @Test func `who still waits when the engine goes is told that it is closed`() async {
    let inbox = Inbox()
    async let early = inbox.askForTest()
    while inbox.waitingCount == 0 { await Task.yield() }
    inbox.end()
    #expect(await early == .closed)
    #expect(await inbox.askForTest() == .closed)
  }

  @Test func `closing twice is heard by both, and closes once`() async {
    let inbox = Inbox()
    let heard = Atomic(0)
    for _ in 0..<2 { inbox.close(.handler { _ in heard.add(1, ordering: .relaxed) }) }
    var calls: [Inbox.Call] = []
    inbox.take(into: &calls)
    #expect(calls.count == 1)
    inbox.end()
    #expect(heard.load(ordering: .relaxed) == 2)
    inbox.close(.handler { _ in heard.add(1, ordering: .relaxed) })
    #expect(heard.load(ordering: .relaxed) == 3)
  }
}

extension Inbox {
  fileprivate func askForTest() async -> EngineError? {
    do throws(EngineError) {
      _ = try await ask(.checkpoint)
      return nil
    } catch {
      return error
    }
  }
}

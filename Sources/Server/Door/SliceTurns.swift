import NIOCore
import Synchronization

/// Whose slice of a body goes out next, among the connections of one event loop.
///
/// An event loop looks at its sockets only when none of its tasks can run, and a task that fills a
/// socket's buffer can for 2 to 6 MB: a thousand clients that asked for 5 MB at hand had their
/// first byte after 0.3 to 0.8 s, since their requests lay unread behind slices for those before
/// them. So slices go out in turns, and the sockets are looked at in between.
final class SliceTurns: Sendable {
  /// How many slices go out in one turn: half a millisecond's work.
  private static let turnLength = 16
  /// How long the loop has for its sockets, at least: looking at them is what it does when it
  /// waits for a time.
  private static let pause = TimeAmount.microseconds(10)

  private struct State {
    var left = turnLength
    var waiting = CircularBuffer<CheckedContinuation<Void, Never>>()
  }

  private let loop: any EventLoop
  private let state = Mutex(State())

  init(loop: any EventLoop) {
    self.loop = loop
  }

  /// Waits until the caller may send a slice: those who ask first go first.
  func pass() async {
    guard !takesPart() else { return }
    await withCheckedContinuation(queue)
  }

  private func takesPart() -> Bool {
    state.withLock { state in
      guard state.left > 0, state.waiting.isEmpty else { return false }
      state.left -= 1
      return true
    }
  }

  private func queue(_ writer: CheckedContinuation<Void, Never>) {
    let isFirst = state.withLock { state in
      state.waiting.append(writer)
      return state.waiting.count == 1
    }
    if isFirst { scheduleTurn() }
  }

  /// Behind all that can run already: what is left of the turn before is among it.
  private func scheduleTurn() {
    loop.execute { [self] in
      _ = loop.scheduleTask(in: Self.pause) { [self] in beginTurn() }
    }
  }

  private func beginTurn() {
    let (released, isLast) = state.withLock { state in
      let released = Array(state.waiting.prefix(Self.turnLength))
      state.waiting.removeFirst(released.count)
      state.left = Self.turnLength - released.count
      return (released, state.waiting.isEmpty)
    }
    for writer in released { writer.resume() }
    if !isLast { scheduleTurn() }
  }
}

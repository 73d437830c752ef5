import Foundation
import Testing

/// Lets as many suites of clients run at once as the machine has cores, and their tests in turn.
///
/// A test that waits for a client holds a thread of the pool, of which there are as many as cores.
/// Were all suites started at once, a test's time limit would count the time of those before it:
/// on two cores the first test of the last suite was seen "after 321 seconds" of its limit of 300.
struct ClientTurn: SuiteTrait, TestScoping {
  private static let gate = Gate(places: ProcessInfo.processInfo.activeProcessorCount)

  func scopeProvider(for test: Test, testCase: Test.Case?) -> ClientTurn? {
    test.isSuite ? self : nil
  }

  func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing suite: @Sendable () async throws -> Void
  ) async throws {
    await Self.gate.enter()
    do {
      try await suite()
    } catch {
      await Self.gate.leave()
      throw error
    }
    await Self.gate.leave()
  }
}

extension Trait where Self == ClientTurn {
  /// The suite waits for its turn; its time limits count from then.
  static var inTurn: Self { ClientTurn() }
}

/// A room with a number of places, and those who wait for one in the order in which they came.
private actor Gate {
  private var places: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) {
    self.places = places
  }

  func enter() async {
    guard places == 0 else {
      places -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Hands the place to who waits longest.
  func leave() {
    guard waiting.isEmpty else { return waiting.removeFirst().resume() }
    places += 1
  }
}

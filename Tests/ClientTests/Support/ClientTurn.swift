import Foundation
import Repository
import Testing

/// Lets as many suites of clients run at once as the machine has cores, and their tests in turn.
///
/// A test that waits for a client holds a thread of the pool, of which there are as many as cores.
/// Were all suites started at once, a test's time limit would count the time of those before it:
/// on two cores the first test of the last suite was seen "after 321 seconds" of its limit of 300.
struct ClientTurn: SuiteTrait, TestScoping {
  private static let places = Slots(count: ProcessInfo.processInfo.activeProcessorCount)

  func scopeProvider(for test: Test, testCase: Test.Case?) -> ClientTurn? {
    test.isSuite ? self : nil
  }

  func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing suite: @Sendable () async throws -> Void
  ) async throws {
    await Self.places.take()
    defer { Self.places.release() }
    try await suite()
  }
}

extension Trait where Self == ClientTurn {
  /// The suite waits for its turn; its time limits count from then.
  static var inTurn: Self { ClientTurn() }
}

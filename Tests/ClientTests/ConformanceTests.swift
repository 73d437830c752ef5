import Foundation
import Testing

/// The control API as the AWS SDK and the AWS CLI see it, judged by the SDK's own model.
///
/// The suite writes `Tests/Conformance/TABLE.md`, and fails when that says more than it proved.
@Suite("Conformance", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct ConformanceTests {
  @Test func `every operation answers the SDK as the model has it`() throws {
    let index = try FakeIndex()
    defer { index.stop() }
    let server = try LarderServer(upstream: index.simple)
    defer { server.remove() }
    let shell = try Shell()
    defer { shell.remove() }
    let suite = Checkout.root.appendingPathComponent("Tests/Conformance")
    let run = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      python3 -B \(suite.path)/conformance.py --program \(LarderServer.program) \
        --table \(suite.path)/TABLE.md --readme \(Checkout.root.path)/README.md
      """
    )
    #expect(run.succeeded, "\(run.output)\n\(server.said)")
    #expect(run.output.contains(/[1-9][0-9]+ passed, 0 failed/), "\(run.output)")
  }
}

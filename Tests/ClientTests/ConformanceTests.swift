import Foundation
import Testing

/// The control API as the AWS SDK sees it, judged by the SDK's own model.
@Suite("Conformance", .timeLimit(.minutes(5)))
struct ConformanceTests {
  @Test func `every operation answers the SDK as the model has it`() throws {
    let index = try FakeIndex()
    defer { index.stop() }
    let server = try LarderServer(upstream: index.simple)
    defer { server.remove() }
    let shell = try Shell()
    defer { shell.remove() }
    let suite = Checkout.root.appendingPathComponent("Tests/Conformance/conformance.py").path
    let run = try shell.run(
      """
      eval "$(\(LarderServer.program) env --data \(server.data.path))"
      python3 \(suite)
      """
    )
    #expect(run.succeeded, "\(run.output)\n\(server.said)")
    #expect(run.output.contains(/[1-9][0-9]+ passed, 0 failed/), "\(run.output)")
  }
}

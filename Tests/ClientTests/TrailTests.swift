import Foundation
import Testing

/// What servers with settings of their own do, driven by the AWS SDK and by plain requests.
@Suite("Trail and limits", .timeLimit(.minutes(5)))
struct TrailTests {
  private func run(_ script: String) throws {
    let shell = try Shell()
    defer { shell.remove() }
    let path = Checkout.root.appendingPathComponent("Tests/Conformance/\(script)").path
    let run = try shell.run("python3 \(path) \(LarderServer.program)")
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains(/[1-9][0-9]* passed, 0 failed/), "\(run.output)")
  }

  @Test func `every call is on record, no secret is, and events arrive`() throws {
    try run("audit.py")
  }

  @Test func `quotas and rates hold, and say so as the service does`() throws {
    try run("bounds.py")
  }
}

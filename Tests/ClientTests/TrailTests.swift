import Foundation
import Testing

/// What servers with settings of their own do, driven by the AWS SDK and by plain requests.
@Suite("Trail and limits", .serialized, .inTurn, .timeLimit(.minutes(15)))
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

  @Test func `every request is on record however it ends, and no secret is in anything kept`()
    throws
  {
    try run("trail.py")
  }

  @Test func `what is left of the trail when a server or its disk ends`() throws {
    try run("trail_ends.py")
  }

  @Test func `events arrive however the webhook fails`() throws {
    try run("deliveries.py")
  }

  @Test func `quotas and rates hold, and say so as the service does`() throws {
    try run("bounds.py")
  }
}

import Foundation
import Repository
import Testing

@testable import Upstream

@Suite("The machine's own index")
struct MachineIndexTests {
  /// Needs the network, so it runs only when asked for.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["LARDER_TRY_UPSTREAM"] != nil))
  func `it is found, trusted, and answers`() async throws {
    let environment = ProcessInfo.processInfo.environment
    let addresses = try await ExternalAddresses.discover(overrides: [], environment: environment)
    let found = try #require(addresses["public:pypi"])
    print("public:pypi found in \(found.source)")
    let source = HTTPExternalSource(
      addresses: addresses,
      clock: SystemClock(),
      environment: environment
    )
    let request = ExternalRequest(
      address: found.address + "six/",
      connection: "public:pypi",
      accept: "application/vnd.pypi.simple.v1+json, text/html;q=0.01",
      byteLimit: 16 << 20
    )
    let answer = try await source.document(request)
    await source.shutdown()
    guard case .found(let document) = answer else {
      Issue.record("the index knows the project: \(answer)")
      return
    }
    print("\(document.bytes.count) bytes of \(document.contentType), etag \(document.etag ?? "-")")
    #expect(!document.bytes.isEmpty)
  }
}

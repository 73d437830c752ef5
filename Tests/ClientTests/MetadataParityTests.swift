import Foundation
import Testing

/// What the API says of versions that came through external connections.
@Suite("Metadata of proxied versions", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct MetadataParityTests {
  private let script = Checkout.root.appendingPathComponent("Tests/Conformance/parity.py").path

  @Test func `a proxied version says what it says at its origin, in every format`() throws {
    let shell = try Shell()
    defer { shell.remove() }
    let origin = try LarderServer(upstream: "http://127.0.0.1:9/simple/")
    defer { origin.remove() }
    let published = try shell.run(
      """
      \(LarderServer.program) env --data \(origin.data.path) > origin.env
      python3 \(script) publish origin.env > connections
      """
    )
    try #require(published.succeeded, "\(published.output)\n\(origin.said)")
    let file = shell.home.appendingPathComponent("connections")
    let connections = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let python = try #require(connections.first { $0.hasPrefix("public:pypi=") })
    let proxy = try LarderServer(
      upstream: String(python.dropFirst("public:pypi=".count)),
      flags: connections.filter { $0 != python }.flatMap { ["--external", String($0)] }
    )
    defer { proxy.remove() }
    let compared = try shell.run(
      """
      \(LarderServer.program) env --data \(proxy.data.path) > proxy.env
      python3 \(script) compare origin.env proxy.env
      """
    )
    #expect(compared.succeeded, "\(compared.output)\n\(proxy.said)")
    #expect(compared.output.contains("6 formats, 0 differences"), "\(compared.output)")
  }
}

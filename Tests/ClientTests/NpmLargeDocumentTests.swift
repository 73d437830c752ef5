import Foundation
import Testing

/// A packument of 40 MB, as the public registry has some.
@Suite("Large packuments", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct NpmLargeDocumentTests {
  private static let documentByteCount = 40_000_000

  @Test func `a packument of 40 MB is held in memory a few times at most`() throws {
    let registry = try Running(
      "/usr/bin/env",
      ["python3", Checkout.support("fake_npm.py"), "--large"],
      ready: { Int($0) != nil }
    )
    defer { registry.stop() }
    let shell = try Shell()
    defer { shell.remove() }
    let address = "http://127.0.0.1:\(registry.said.prefix { $0 != "\n" })/"
    try NpmLab.withRegistry(at: address, shell) { server in
      let before = server.residentByteCount
      let asked = try shell.run(
        """
        . ./team.env
        for kind in application/vnd.npm.install-v1+json application/json; do
          curl -sSf --compressed -H "Authorization: Bearer $TOKEN" -H "Accept: $kind" \
            ${REGISTRY}large > large.json
          node -p "Object.keys(JSON.parse(fs.readFileSync('large.json')).versions).length"
        done
        """
      )
      let counts = asked.output.split(separator: "\n").compactMap { Int($0) }
      #expect(asked.succeeded && counts.count == 2, "\(asked.output)\n\(server.said)")
      #expect(counts.allSatisfy { $0 > 15_000 }, "\(counts)")
      let times = Double(server.peakByteCount - before) / Double(Self.documentByteCount)
      #expect(times < 6, "\(times) times its size")
    }
  }
}

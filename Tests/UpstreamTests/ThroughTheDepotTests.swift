import Bytes
import Codec
import FormatRules
import Repository
import Testing

@testable import Upstream

@Suite("From a registry to a client")
struct ThroughTheDepotTests {
  private static let file = "pkg-1.0.tar.gz"
  private static let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

  private static var page: [UInt8] {
    let digest = SHA256Stream.digest(of: bytes.span).hexadecimal
    return Array("<a href=\"../../files/\(file)#sha256=\(digest)\">\(file)</a>".utf8)
  }

  /// Sends the index, and the file in two pieces with a break between.
  private static let script: LocalServer.Script = { request in
    switch request.path {
    case "/simple/pkg/":
      [.reply(200, ["Content-Type": "text/html", "ETag": "\"1\""], page)]
    case "/files/\(file)":
      if let start = request.start {
        [.rest(of: bytes, from: start, etag: "\"f\"")]
      } else {
        [
          .reply(
            200,
            ["ETag": "\"f\""],
            Array(bytes[..<1_000_000]),
            announcing: bytes.count
          ), .close,
        ]
      }
    default: [.reply(404)]
    }
  }

  @Test func `a file that breaks off and cannot be had again is one line in the log`() async throws
  {
    var options = UpstreamOptions.patient
    options.failuresToOpen = .max
    let script: LocalServer.Script = { request in
      request.start == nil ? Self.script(request) : [.reply(503)]
    }
    try await SourceFixture.with(options, script: script) { fixture in
      try await DepotOverHTTP.with(fixture.source, clock: fixture.clock) { depot, path in
        await #expect(throws: RepositoryError.self) {
          try await depot.bytes(of: Self.file, in: "pkg", at: path)
        }
        #expect(fixture.server.requests.count { $0.start != nil } > 3, "it was tried")
        #expect(fixture.log.all.count == 1, "\(fixture.log.all)")
        #expect(fixture.log.all.first?.contains("503") == true)
      }
    }
  }

  @Test func `when a registry goes away under a crowd that is one line in the log`() async throws {
    var options = UpstreamOptions.patient
    options.failuresToOpen = .max
    let gate = EventGate()
    try await SourceFixture.with(options, script: { _ in [.wait(gate), .reply(503)] }) { fixture in
      await withTaskGroup { group in
        for number in 0..<40 {
          group.addTask { _ = try? await fixture.document("\(number)") }
        }
        while gate.waitingCount < 40 { await Task.yield() }
        gate.open()
      }
      #expect(fixture.log.all.count <= 3, "one for each ten seconds: \(fixture.log.all)")
    }
  }

  @Test func `a file that breaks off on its way comes whole, and stays when the registry is gone`()
    async throws
  {
    let isGone = EventGate()
    let script: LocalServer.Script = { isGone.isOpen ? [.close] : Self.script($0) }
    try await SourceFixture.with(script: script) { fixture in
      try await DepotOverHTTP.with(fixture.source, clock: fixture.clock) { depot, path in
        let first = try await depot.bytes(of: Self.file, in: "pkg", at: path)
        #expect(first == Self.bytes)
        isGone.open()
        fixture.clock.advance(by: .seconds(86_400))
        let page = try await depot.projectPage("pkg", in: path)
        #expect(page?.page.files.map(\.fileName) == [Self.file])
        #expect(page?.staleness != nil)
        let second = try await depot.bytes(of: Self.file, in: "pkg", at: path)
        #expect(second == Self.bytes)
      }
    }
  }
}

import Repository
import Testing

@testable import Upstream

@Suite("Files over HTTP")
struct DownloadTests {
  private static let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

  @Test func `a file comes as it is, with its length and what is needed to resume`() async throws {
    try await SourceFixture.with(script: { _ in
      [.reply(200, ["ETag": "\"e\"", "Content-Encoding": "gzip"], Self.bytes)]
    }) { fixture in
      let download = try await fixture.open("f")
      #expect(download.offset == 0)
      #expect(download.byteCount == 100_000)
      #expect(download.validator == "\"e\"")
      #expect(try await drain(download) == Self.bytes, "an archive is not decoded on the way")
      #expect(fixture.server.requests.first?.headers["accept-encoding"] == "identity")
      #expect(fixture.server.requests.first?.headers["range"] == nil)
    }
  }

  @Test func `a file that broke off is asked for from there`() async throws {
    try await SourceFixture.with(script: { request in
      guard let start = request.start, request.headers["if-range"] == "\"e\"" else {
        let part = Array(Self.bytes[..<60_000])
        return [.reply(200, ["ETag": "\"e\""], part, announcing: 100_000), .close]
      }
      return [.rest(of: Self.bytes, from: start, etag: "\"e\"")]
    }) { fixture in
      let first = try await fixture.open("f")
      var got: [UInt8] = []
      _ = await fixture.failure(.unreachable) {
        while let chunk = try await first.next() { got += chunk }
      }
      first.cancel()
      #expect(got == Array(Self.bytes[..<got.count]))
      let start = UInt64(got.count)
      let second = try await fixture.open("f", from: start, ifStill: first.validator)
      #expect(second.offset == start)
      #expect(second.byteCount == 100_000)
      got += try await drain(second)
      #expect(got == Self.bytes)
    }
  }

  @Test func `a source that has changed or cannot resume starts over`() async throws {
    try await SourceFixture.with(script: { _ in [.reply(200, [:], Self.bytes)] }) { fixture in
      let download = try await fixture.open("f", from: 60_000, ifStill: "\"old\"")
      #expect(download.offset == 0)
      #expect(download.validator == nil)
      download.cancel()
    }
  }

  @Test func `another range than was asked for is no answer`() async throws {
    try await SourceFixture.with(script: { _ in
      [.reply(206, ["Content-Range": "bytes 0-9/100000"], Array(Self.bytes[..<10]))]
    }) { fixture in
      _ = await fixture.failure(.unusable) {
        _ = try await fixture.open("f", from: 5, ifStill: "\"e\"")
      }
    }
  }

  @Test func `a weak tag does not promise the same bytes`() async throws {
    try await SourceFixture.with(script: { _ in [.reply(200, ["ETag": "W/\"e\""], [1])] }) {
      fixture in
      let download = try await fixture.open("f")
      #expect(download.validator == nil)
      download.cancel()
    }
  }

  @Test func `a file that is not there is absent`() async throws {
    try await SourceFixture.with(script: { _ in [.reply(404)] }) { fixture in
      _ = await fixture.failure(.absent) { _ = try await fixture.open("f") }
    }
  }

  @Test func `a source that says nothing is not waited for`() async throws {
    var options = UpstreamOptions.patient
    options.idleTimeout = .milliseconds(150)
    options.attempts = 1
    let never = EventGate()
    try await SourceFixture.with(options, script: { _ in [.wait(never)] }) { fixture in
      _ = await fixture.failure(.timedOut) { _ = try await fixture.open("f") }
    }
  }

  @Test func `a source that falls silent in the middle is not waited for`() async throws {
    var options = UpstreamOptions.patient
    options.idleTimeout = .milliseconds(150)
    let never = EventGate()
    var download: ExternalDownload?
    while download == nil {
      download = try await SourceFixture.with(
        options,
        script: { _ in
          [.reply(200, [:], [1, 2, 3], announcing: 10), .wait(never)]
        }
      ) { fixture in
        // On a busy machine the beginning may take longer than that.
        guard let download = try? await fixture.open("f") else { return nil }
        _ = await fixture.failure(.timedOut) { _ = try await drain(download) }
        return download
      }
      options.idleTimeout *= 2
    }
  }

  @Test func `a dead source costs its timeout once, then nothing, until it is back`() async throws {
    let count = Counter()
    try await SourceFixture.with(script: { _ in
      count.next() <= 3 ? [.close] : [.reply(200, [:], [1])]
    }) { fixture in
      _ = await fixture.failure(.unreachable) { _ = try await fixture.document("x") }
      #expect(fixture.server.requests.count == 3)
      let refusal = await fixture.failure(.unreachable) { _ = try await fixture.document("x") }
      #expect(fixture.server.requests.count == 3, "the circuit is open")
      #expect(refusal?.retryAfter != nil)
      let other = await fixture.failure(.unreachable) { _ = try await fixture.document("y") }
      #expect(other?.message.contains("/y: not asked for") == true)
      #expect(fixture.server.requests.count == 3)
      fixture.clock.advance(by: UpstreamOptions().openTime)
      guard case .found = try await fixture.document("x") else {
        Issue.record("the source is back")
        return
      }
      _ = try await fixture.document("x")
      #expect(fixture.server.requests.count == 5)
    }
  }

  @Test func `a closed port is unreachable`() async throws {
    let server = try await LocalServer.start { _ in [] }
    let base = server.base
    try await server.stop()
    let address = try #require(ExternalAddress("public:pypi", base, source: "the test"))
    let source = HTTPExternalSource(
      addresses: ExternalAddresses([address]),
      clock: StandingClock()
    )
    let failure = await #expect(throws: ExternalFailure.self) {
      _ = try await source.download(base, for: "public:pypi", from: 0, ifStill: nil)
    }
    #expect(failure?.kind == .unreachable)
    await source.shutdown()
  }

  @Test func `no more than so many are asked of one origin at once`() async throws {
    var options = UpstreamOptions.patient
    options.concurrencyPerOrigin = 2
    let gate = EventGate()
    try await SourceFixture.with(options, script: { _ in [.wait(gate), .reply(200, [:], [1])] }) {
      fixture in
      try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<8 {
          group.addTask { try await drain(try await fixture.open("f")) }
        }
        while gate.waitingCount < 2 { await Task.yield() }
        #expect(fixture.server.requests.count == 2)
        gate.open()
        for try await bytes in group { #expect(bytes == [1]) }
      }
      #expect(fixture.server.requests.count == 8)
    }
  }

  @Test func `slow files leave room for documents`() async throws {
    var options = UpstreamOptions.patient
    options.concurrencyPerOrigin = 8
    let gate = EventGate()
    let script: LocalServer.Script = { request in
      request.path == "/f" ? [.wait(gate), .reply(200, [:], [1])] : [.reply(200)]
    }
    try await SourceFixture.with(options, script: script) { fixture in
      try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<20 {
          group.addTask { try await drain(try await fixture.open("f")) }
        }
        while gate.waitingCount < 7 { await Task.yield() }
        _ = try await fixture.document("x")
        #expect(fixture.server.requests.count == 8, "seven files and the document")
        gate.open()
        try await group.waitForAll()
      }
    }
  }

  @Test func `waiting for others of ours is not held against a source`() async throws {
    var options = UpstreamOptions.patient
    options.attempts = 1
    options.concurrencyPerOrigin = 1
    options.documentTimeout = .milliseconds(400)
    var isAnswered = false
    // On a busy machine the answer itself may take longer than that.
    while !isAnswered, options.documentTimeout < .seconds(30) {
      isAnswered = try await SourceFixture.with(
        options,
        script: { request in
          request.path == "/f" ? [.reply(200, [:], [1], announcing: 10)] : [.reply(200)]
        }
      ) { fixture in
        let slow = try await fixture.open("f")
        async let document = try? fixture.document("x")
        let end = ContinuousClock.now + options.documentTimeout * 1.5
        while ContinuousClock.now < end { await Task.yield() }
        slow.cancel()
        return await document != nil && fixture.source.isAnswering("public:pypi")
      }
      options.documentTimeout *= 3
    }
    #expect(isAnswered)
  }

  @Test func `downloads that are let go give their place to others`() async throws {
    var options = UpstreamOptions.patient
    options.concurrencyPerOrigin = 1
    try await SourceFixture.with(
      options,
      script: { _ in
        [.reply(200, [:], Self.bytes, announcing: 200_000)]
      }
    ) { fixture in
      for _ in 0..<3 {
        let download = try await fixture.open("f")
        _ = try await download.next()
        download.cancel()
      }
      #expect(fixture.server.requests.count == 3)
    }
  }
}

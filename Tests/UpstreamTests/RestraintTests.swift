import Repository
import Testing

@testable import Upstream

@Suite("Restraint towards a source")
struct RestraintTests {
  @Test func `retries are a small share of what a failing source is sent`() async throws {
    var options = UpstreamOptions.patient
    options.failuresToOpen = .max
    options.retryReserve = 4
    options.retryShare = 0.1
    try await SourceFixture.with(options, script: { _ in [.reply(503)] }) { fixture in
      for _ in 0..<40 {
        _ = await fixture.failure(.failing(status: 503)) { _ = try await fixture.document("x") }
      }
      let retries = fixture.server.requests.count - 40
      #expect(retries >= 4 && retries <= 8, "4 at once, and one for each ten requests")
    }
  }

  @Test func `a rest that one request was told is given by all`() async throws {
    let count = Counter()
    try await SourceFixture.with(script: { _ in
      count.next() == 1 ? [.reply(429, ["Retry-After": "60"])] : [.reply(200)]
    }) { fixture in
      _ = await fixture.failure(.throttled) { _ = try await fixture.document("x") }
      fixture.clock.advance(by: .seconds(20))
      let refusal = await fixture.failure(.throttled) { _ = try await fixture.document("y") }
      #expect(refusal?.retryAfter == .seconds(40))
      #expect(fixture.server.requests.count == 1)
      fixture.clock.advance(by: .seconds(40))
      guard case .found = try await fixture.document("y") else {
        Issue.record("the rest is over")
        return
      }
    }
  }

  @Test func `an answer to one request does not end the rest that another was told`() async throws {
    let gate = EventGate()
    try await SourceFixture.with(script: { request in
      request.path == "/x"
        ? [.reply(429, ["Retry-After": "60"])] : [.wait(gate), .reply(200)]
    }) { fixture in
      async let slow = fixture.document("slow")
      while gate.waitingCount == 0 { await Task.yield() }
      _ = await fixture.failure(.throttled) { _ = try await fixture.document("x") }
      gate.open()
      _ = try await slow
      let refusal = await fixture.failure(.throttled) { _ = try await fixture.document("y") }
      #expect(refusal?.retryAfter == .seconds(60))
      #expect(refusal?.message.contains("429") == true, "why, still")
      #expect(fixture.server.requests.count == 2)
    }
  }

  @Test func `no answer and no shorter wish cuts a rest short`() throws {
    let clock = StandingClock()
    let circuit = Circuit(clock: clock, options: UpstreamOptions())
    let origin = try #require(WebOrigin("https://index.test/"))
    circuit.fail(origin, ExternalFailure(.throttled, "429", retryAfter: .seconds(60)))
    circuit.fail(origin, ExternalFailure(.failing(status: 503), "503", retryAfter: .seconds(1)))
    circuit.fail(origin, ExternalFailure(.absent, "404"))
    circuit.succeed(origin)
    #expect(circuit.rest(of: origin)?.left == .seconds(60))
    #expect(circuit.rest(of: origin)?.why.message == "429")
    #expect(!circuit.isSound(origin))
    clock.advance(by: .seconds(60))
    #expect(circuit.rest(of: origin) == nil)
    #expect(circuit.isSound(origin))
  }

  @Test func `a short rest is waited out by whoever comes meanwhile`() async throws {
    var options = UpstreamOptions.patient
    options.attempts = 1
    let count = Counter()
    try await SourceFixture.with(
      options,
      script: { _ in count.next() == 1 ? [.reply(503, ["Retry-After": "3"])] : [.reply(200)] }
    ) { fixture in
      _ = await fixture.failure(.failing(status: 503)) { _ = try await fixture.document("x") }
      guard case .found = try await fixture.document("y") else {
        Issue.record("the rest is over")
        return
      }
      let slept = try #require(fixture.clock.slept.first)
      #expect(slept >= .seconds(3) && slept <= .milliseconds(3_300))
    }
  }

  @Test func `a request that nobody waits for says nothing of its source, and makes way`() throws {
    let clock = StandingClock()
    let options = UpstreamOptions()
    let circuit = Circuit(clock: clock, options: options)
    let origin = try #require(WebOrigin("https://index.test/"))
    let failure = ExternalFailure(.unreachable, "no connection")
    #expect(circuit.isSound(origin))
    circuit.abandon(origin)
    #expect(circuit.isSound(origin))
    for _ in 0..<options.failuresToOpen { circuit.fail(origin, failure) }
    #expect(!circuit.isSound(origin))
    clock.advance(by: options.openTime)
    try circuit.pass(origin)
    #expect(throws: ExternalFailure.self) { try circuit.pass(origin) }
    circuit.abandon(origin)
    #expect(!circuit.isSound(origin), "nobody knows yet")
    try circuit.pass(origin)
    circuit.succeed(origin)
    #expect(circuit.isSound(origin))
  }

  @Test func `half open lets one request through, and its fate decides`() throws {
    let clock = StandingClock()
    let options = UpstreamOptions()
    let circuit = Circuit(clock: clock, options: options)
    let origin = try #require(WebOrigin("https://index.test/"))
    let failure = ExternalFailure(.unreachable, "no connection")
    let changes = (0..<options.failuresToOpen).map { _ in circuit.fail(origin, failure) }
    #expect(changes.compactMap(\.self) == [.opened(failures: options.failuresToOpen)])
    #expect(throws: ExternalFailure.self) { try circuit.pass(origin) }
    clock.advance(by: options.openTime)
    try circuit.pass(origin)
    #expect(throws: ExternalFailure.self) { try circuit.pass(origin) }
    #expect(circuit.fail(origin, failure) == nil)
    #expect(throws: ExternalFailure.self) { try circuit.pass(origin) }
    clock.advance(by: options.openTime)
    try circuit.pass(origin)
    #expect(circuit.succeed(origin) == .closed)
    try circuit.pass(origin)
    try circuit.pass(origin)
  }
}

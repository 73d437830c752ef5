import Bytes
import Catalog
import Synchronization
import Testing

@testable import Repository

@Suite("Throttling")
struct ThrottleTests {
  private func rate(_ perSecond: Double, _ burst: Double? = nil) throws -> TokenBucket.Rate {
    try #require(TokenBucket.Rate(perSecond: perSecond, burst: burst))
  }

  @Test func `a bucket gives its burst at once, then so many a second`() throws {
    let rate = try rate(10, 3)
    var bucket = TokenBucket()
    let start = Timestamp(seconds: 1_700_000_000)
    let waits = [0, 0, 0, 0, 60, 100, 100].map { milliseconds in
      bucket.take(at: start + .milliseconds(milliseconds), rate)
    }
    #expect(
      waits == [nil, nil, nil, .milliseconds(100), .milliseconds(40), nil, .milliseconds(100)]
    )
  }

  @Test func `over any time a bucket gives the rate and one burst, whoever asks how often`() throws
  {
    let rate = try rate(7, 5)
    var bucket = TokenBucket()
    var given = 0
    for step in 0..<10_000 {
      let now = Timestamp(seconds: 1_700_000_000) + .milliseconds(step)
      if bucket.take(at: now, rate) == nil { given += 1 }
    }
    #expect((74...75).contains(given), "\(given)")
  }

  @Test func `a clock that goes back closes nobody out for longer than a burst`() throws {
    let rate = try rate(1, 1)
    var bucket = TokenBucket()
    _ = bucket.take(at: Timestamp(seconds: 2_000_000_000), rate)
    let wait = bucket.take(at: Timestamp(seconds: 1_000_000_000), rate)
    #expect(wait != nil)
    #expect(wait ?? .zero <= .seconds(1))
  }

  @Test func `rates of nothing are none`() {
    #expect(TokenBucket.Rate(perSecond: 0) == nil)
    #expect(TokenBucket.Rate(perSecond: 1, burst: 0.5) == nil)
    #expect(TokenBucket.Rate(perSecond: .infinity) == nil)
  }

  @Test func `accounts, tokens and addresses are held to their own rates`() throws {
    let clock = StoppedClock()
    let one = try rate(1, 1)
    let rules = ThrottleRules([.reads: one, .token: one, .address: one])
    let made = Throttle(rules, clock: clock)
    let throttle = try #require(made)
    try throttle.admit(account: "a", event: "DescribeDomain", isReadOnly: true)
    try throttle.admit(account: "b", event: "DescribeDomain", isReadOnly: true)
    try throttle.admit(account: "a", event: "CreateDomain", isReadOnly: false)
    let error = #expect(throws: RepositoryError.self) {
      try throttle.admit(account: "a", event: "DescribeDomain", isReadOnly: true)
    }
    #expect(error?.code == .throttled)
    #expect(error?.retryAfter == .seconds(1))
    let digest = SHA256Digest(words: (1, 2, 3, 4))
    try throttle.admit(tokenDigest: digest)
    #expect(throws: RepositoryError.self) { try throttle.admit(tokenDigest: digest) }
    try throttle.admit(address: "10.0.0.1")
    try throttle.admit(address: "10.0.0.2")
    #expect(throws: RepositoryError.self) { try throttle.admit(address: "10.0.0.1") }
    clock.advance(by: .seconds(1))
    try throttle.admit(account: "a", event: "DescribeDomain", isReadOnly: true)
  }

  @Test func `without rates there is no throttle`() {
    #expect(Throttle(ThrottleRules(), clock: StoppedClock()) == nil)
  }

  @Test func `names are the four words and the operations`() {
    #expect(ThrottleRules.Scope("reads") == .reads)
    #expect(ThrottleRules.Scope("PublishPackageVersion") == .event("PublishPackageVersion"))
    #expect(ThrottleRules.Scope("Publish") == nil)
    #expect(ThrottleRules.service.rates.count == 11)
  }
}

/// Time that stands still until it is moved.
private final class StoppedClock: DepotClock {
  private let time = Mutex(Timestamp(seconds: 1_700_000_000))

  func now() -> Timestamp { time.withLock(\.self) }
  func sleep(for duration: Duration) async {}

  func advance(by duration: Duration) {
    time.withLock { $0 = $0 + duration }
  }
}

import Bytes
import Catalog
import Crypto
package import Logging
package import Repository

/// Sends each event to an address, as one POST of its JSON.
///
/// Events of different packages go out side by side, those of one package one after the other, each
/// once the one before was taken with a status of 2xx. Anything else is tried again, for as long as
/// it takes.
package struct Webhook: EventDestination {
  /// One delivery, as it goes out.
  package struct Delivery: Hashable, Sendable {
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package static func == (left: Delivery, right: Delivery) -> Bool {
      left.body == right.body && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(body)
    }
  }

  /// What the other side said.
  package struct Answer: Sendable {
    package let status: Int
    /// How long it asked to be left alone.
    package let retryAfter: Duration?

    package init(status: Int, retryAfter: Duration? = nil) {
      self.status = status
      self.retryAfter = retryAfter
    }
  }

  /// How many packages' events are on their way at a time.
  private static let width = 8
  /// After how many failures in a row the log is told again.
  private static let reminder = 20

  package let name = "webhook"
  private let secret: SymmetricKey?
  private let send: @Sendable (Delivery) async throws -> Answer
  private let clock: any DepotClock
  private let backoff: Backoff
  private let logger: Logger

  /// Makes a webhook.
  ///
  /// - Parameters:
  ///   - secret: what deliveries are signed with; nil leaves them unsigned.
  ///   - clock: what waits are measured by.
  ///   - backoff: how long is waited after failures.
  ///   - logger: told of the first failure, of some after it, and of the end of them.
  ///   - send: posts a delivery, and throws when there is no answer.
  package init(
    secret: [UInt8]?,
    clock: any DepotClock,
    backoff: Backoff = Backoff(),
    logger: Logger,
    send: @escaping @Sendable (Delivery) async throws -> Answer
  ) {
    self.secret = secret.map { SymmetricKey(data: $0) }
    self.clock = clock
    self.backoff = backoff
    self.logger = logger
    self.send = send
  }

  package func deliver(_ events: [VersionEvent]) async throws {
    let queues = Dictionary(grouping: events, by: \.package).values.sorted {
      ($0.first?.sequenceNumber ?? 0) < ($1.first?.sequenceNumber ?? 0)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, queue) in queues.enumerated() {
        if index >= Self.width { try await group.next() }
        group.addTask { for event in queue { try await deliver(event) } }
      }
      try await group.waitForAll()
    }
  }

  private func deliver(_ event: VersionEvent) async throws {
    var failures = 0
    while true {
      let answer = await attempt(event)
      try Task.checkCancellation()
      if (200..<300).contains(answer.status) {
        if failures > 0 { logger.notice("the webhook for events takes them again") }
        return
      }
      failures += 1
      if failures % Self.reminder == 1 {
        logger.warning("the webhook for events answers \(answer.text); event \(event.id) waits")
      }
      let chance = Double.random(in: 0...1)
      let wait = backoff.wait(after: failures, chance: chance, asked: answer.retryAfter)
      await clock.sleep(for: wait)
      try Task.checkCancellation()
    }
  }

  private func attempt(
    _ event: VersionEvent
  ) async -> (
    status: Int, retryAfter: Duration?, text: String
  ) {
    do {
      let answer = try await send(delivery(of: event))
      return (answer.status, answer.retryAfter, "with status \(answer.status)")
    } catch {
      return (0, nil, "nothing (\(error))")
    }
  }

  /// The signature covers the moment of sending, so that an old delivery cannot be sent again by
  /// somebody else: `t={seconds},v1={hexadecimal HMAC-SHA-256 of "{seconds}.{body}"}`.
  package func delivery(of event: VersionEvent) -> Delivery {
    var headers = [
      ("Content-Type", "application/json"), ("User-Agent", "larder-events"),
      ("X-Larder-Event-Id", event.id),
      ("X-Larder-Event-Deduplication-Id", event.deduplicationID),
    ]
    if let secret {
      let seconds = String(clock.now().microseconds / 1_000_000)
      let code = HMAC<SHA256>.authenticationCode(
        for: Array("\(seconds).".utf8) + event.json,
        using: secret
      )
      headers.append(("X-Larder-Signature", "t=\(seconds),v1=\(Hexadecimal.encode(Array(code)))"))
    }
    return Delivery(headers: headers.map { (name: $0.0, value: $0.1) }, body: event.json)
  }
}

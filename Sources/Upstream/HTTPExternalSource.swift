internal import AsyncHTTPClient
internal import Catalog
package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
package import Repository

/// The way out to public registries over HTTP and HTTPS.
///
/// It retries what may pass (429 and 503 with their `Retry-After` up to a cap, other 5xx, broken
/// connections) with growing pauses and some chance in them, and never more than a share of what it
/// sends an origin anyway; leaves an origin alone that asks for it, holds at most so many requests
/// open to one, refuses at once while one is dead, follows a bounded number of redirects, and sends
/// credentials only to the origin they were given for. What was given up is one line in the log.
package final class HTTPExternalSource: ExternalSource {
  private let addresses: ExternalAddresses
  private let clock: any DepotClock
  private let options: UpstreamOptions
  private let logger: Logger
  private let circuit: Circuit
  private let budget: RetryBudget
  private let slots: OriginSlots
  private let failures: FailureLog
  /// One for documents and files, which share its connections.
  ///
  /// A document's connection that is free spares a file the round trips of a new one, and many
  /// registries have both in one place.
  private let client: HTTPClient
  /// Not the door's loops: what a crowd waits for would stand behind each of the crowd, at every
  /// step (70 ms of a fetch, where a thousand clients ask at once).
  private let loops = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)

  /// Makes a source.
  ///
  /// - Parameters:
  ///   - addresses: where connections point.
  ///   - clock: what pauses are measured by.
  ///   - options: how sources are treated.
  ///   - environment: the process's environment, for the trusted certificates.
  ///   - logger: told of origins that fail and come back.
  package init(
    addresses: ExternalAddresses,
    clock: any DepotClock,
    options: UpstreamOptions = UpstreamOptions(),
    environment: [String: String] = [:],
    logger: Logger = Logger(label: "larder.upstream")
  ) {
    self.addresses = addresses
    self.clock = clock
    self.options = options
    self.logger = logger
    circuit = Circuit(clock: clock, options: options)
    budget = RetryBudget(options: options)
    slots = OriginSlots(options: options)
    failures = FailureLog(clock: clock, logger: logger, options: options)
    client = HTTPClient(
      eventLoopGroupProvider: .shared(loops),
      configuration: Self.configuration(options, environment)
    )
  }

  private static func configuration(
    _ options: UpstreamOptions,
    _ environment: [String: String]
  ) -> HTTPClient.Configuration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = TrustStore.roots(environment)
    var pool = HTTPClient.Configuration.ConnectionPool()
    pool.concurrentHTTP1ConnectionsPerHostSoftLimit = options.concurrencyPerOrigin
    // A refused connection is this type's to count and retry.
    pool.retryConnectionEstablishment = false
    return HTTPClient.Configuration(
      tlsConfiguration: tls,
      redirectConfiguration: .disallow,
      timeout: HTTPClient.Configuration.Timeout(
        connect: TimeAmount(options.connectTimeout),
        read: TimeAmount(options.idleTimeout)
      ),
      connectionPool: pool,
      decompression: .disabled
    )
  }

  /// Closes the connections.
  ///
  /// Nothing may be asked afterwards.
  package func shutdown() async {
    do { try await client.shutdown() } catch {
      logger.warning("closing connections to external sources failed: \(error)")
    }
    do { try await loops.shutdownGracefully() } catch {
      logger.warning("ending the threads of external sources failed: \(error)")
    }
  }

  package func address(of connection: String) -> String? {
    addresses[connection]?.address
  }

  package func isAnswering(_ connection: String) -> Bool {
    addresses[connection].map { circuit.isSound($0.origin) } ?? false
  }

  package func document(
    _ request: ExternalRequest
  ) async throws(ExternalFailure) -> ExternalAnswer {
    var headers = HTTPHeaders([("accept", request.accept), ("accept-encoding", "gzip")])
    if let etag = request.etag { headers.add(name: "if-none-match", value: etag) }
    if let date = request.lastModified { headers.add(name: "if-modified-since", value: date) }
    return try await attempting(request.address) { () async throws(ExternalFailure) in
      let reply = try await self.send(
        request.address,
        headers,
        for: request.connection,
        .document
      )
      defer { reply.hold.release() }
      return try await Self.answer(to: request, from: reply)
    }
  }

  private static func answer(
    to request: ExternalRequest,
    from reply: HTTPReply
  ) async throws(ExternalFailure) -> ExternalAnswer {
    switch reply.status.code {
    case 200:
      let (bytes, digest) = try await reply.document(upTo: request.byteLimit)
      return .found(
        ExternalDocument(
          address: reply.address,
          contentType: reply.headers.first(name: "content-type") ?? "",
          etag: reply.headers.first(name: "etag"),
          lastModified: reply.headers.first(name: "last-modified"),
          bytes: bytes,
          digest: digest
        )
      )
    case 304:
      await reply.finish()
      return .notModified
    case 404, 410:
      await reply.finish()
      return .absent
    default: throw ExternalFailure(reply.status, of: reply.address, reply.headers)
    }
  }

  package func download(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    try await open(address, for: connection, from: offset, ifStill: validator, isReported: true)
  }

  package func resume(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    try await open(address, for: connection, from: offset, ifStill: validator, isReported: false)
  }

  private func open(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?,
    isReported: Bool
  ) async throws(ExternalFailure) -> ExternalDownload {
    // Files are asked for as they are: an archive that travels compressed once more is no gain, and
    // ranges count the bytes that are sent.
    var headers = HTTPHeaders([("accept", "*/*"), ("accept-encoding", "identity")])
    if offset > 0, let validator {
      headers.add(name: "range", value: "bytes=\(offset)-")
      headers.add(name: "if-range", value: validator)
    }
    return try await attempting(address, isReported) { () async throws(ExternalFailure) in
      let reply = try await self.send(address, headers, for: connection, .file)
      return try await reply.download(asking: offset)
    }
  }

  /// Sends a request until it is answered, or until trying again is of no use.
  private func attempting<Value>(
    _ address: String,
    _ isReported: Bool = true,
    _ body: () async throws(ExternalFailure) -> Value
  ) async throws(ExternalFailure) -> Value {
    guard let origin = WebOrigin(address) else {
      throw ExternalFailure(.unusable, "\(address) is no http or https address")
    }
    budget.deposit(origin)
    var failures = 0
    while true {
      do throws(ExternalFailure) {
        try await letRest(origin)
        try circuit.pass(origin)
      } catch { throw error.keepingFrom(address) }
      do throws(ExternalFailure) {
        let value = try await body()
        log(circuit.succeed(origin), of: origin)
        return value
      } catch {
        guard !Task.isCancelled else {
          circuit.abandon(origin)
          throw error
        }
        log(circuit.fail(origin, error), of: origin)
        failures += 1
        guard let pause = pause(after: failures, of: error, from: origin) else {
          if isReported { self.failures.note(error, of: origin, attempts: failures) }
          throw error
        }
        await clock.sleep(for: pause)
      }
    }
  }

  /// Waits while an origin wants to be left alone.
  ///
  /// - Throws: when that is longer than a client should wait.
  private func letRest(_ origin: WebOrigin) async throws(ExternalFailure) {
    guard let (left, why) = circuit.rest(of: origin) else { return }
    guard left <= options.longestPause else {
      throw ExternalFailure(why.kind, why.message, retryAfter: left)
    }
    // Those who waited do not come back as one.
    await clock.sleep(for: left * Double.random(in: 1...1.1))
  }

  /// How long to wait before the next attempt; nil when there is to be none.
  private func pause(
    after failures: Int,
    of failure: ExternalFailure,
    from origin: WebOrigin
  ) -> Duration? {
    let asked = failure.retryAfter ?? .zero
    guard failure.isTransient, failures < options.attempts, asked <= options.longestPause,
      budget.withdraw(origin)
    else { return nil }
    let step = options.firstPause * (1 << min(failures - 1, 6))
    return max(step * Double.random(in: 0.5...1), asked)
  }

  package func report(_ failure: ExternalFailure) { failures.note(failure) }

  private func log(_ change: Circuit.Change?, of origin: WebOrigin) {
    switch change {
    case nil: break
    case .opened(let failures):
      logger.warning(
        "\(origin) is taken for dead; what is kept of it is served",
        metadata: ["failures": "\(failures)", "next try": "in \(options.openTime)"]
      )
    case .closed: logger.notice("\(origin) answers again")
    }
  }

  /// Sends one request and follows redirects; the reply holds a slot of its origin until its body
  /// was read or let go.
  private func send(
    _ address: String,
    _ headers: HTTPHeaders,
    for connection: String,
    _ purpose: OriginSlots.Purpose
  ) async throws(ExternalFailure) -> HTTPReply {
    var address = address
    var time = TimeAllowance(purpose == .document ? options.documentTimeout : nil)
    for _ in 0...options.redirectLimit {
      guard let origin = WebOrigin(address) else {
        throw ExternalFailure(.unusable, "\(address) is no http or https address")
      }
      let hold = await slots.take(at: origin, for: purpose)
      let reply = try await exchange(
        address,
        headers,
        for: connection,
        origin,
        hold,
        time.run()
      )
      guard let next = reply.redirect else { return reply }
      await reply.finish()
      time.rest()
      guard origin.scheme == "http" || next.hasPrefix("https:") else {
        throw ExternalFailure(.unusable, "\(address) redirects from https to an open connection")
      }
      address = next
    }
    throw ExternalFailure(
      .unusable,
      "\(address): more than \(options.redirectLimit) redirects, one after another"
    )
  }

  private func exchange(
    _ address: String,
    _ headers: HTTPHeaders,
    for connection: String,
    _ origin: WebOrigin,
    _ hold: SlotHold,
    _ deadline: NIODeadline
  ) async throws(ExternalFailure) -> HTTPReply {
    var request = HTTPClientRequest(url: address)
    request.headers = headers
    request.headers.add(name: "user-agent", value: "larder")
    if let known = addresses[connection], known.origin == origin,
      let authorization = known.authorization
    {
      request.headers.add(name: "authorization", value: authorization)
    }
    do {
      let response = try await client.execute(request, deadline: deadline)
      return HTTPReply(response, from: address, hold)
    } catch {
      hold.release()
      throw ExternalFailure(error, of: address)
    }
  }
}

extension TimeAmount {
  /// The same span; fractions of a nanosecond are dropped.
  init(_ duration: Duration) {
    let parts = duration.components
    self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
  }
}

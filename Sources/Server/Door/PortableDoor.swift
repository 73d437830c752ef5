package import Audit
import Disk
package import Exchange
import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOHTTPTypes
import NIOPosix
package import ServiceLifecycle

/// The door that works everywhere: HTTP/1.1 on SwiftNIO through Hummingbird, in clear text or TLS.
///
/// Hummingbird appears in this folder and nowhere else (design decision 9), so that another door
/// can stand beside this one and answer through the same responder.
package struct PortableDoor: Sendable {
  /// How much of a body is copied for the socket at a time: a slow client holds this much twice,
  /// and not a whole piece of a blob.
  private static let sliceByteCount = 64 << 10

  private let responder: any Responder
  private let blobs: any BlobSource
  private let limits: DoorLimits
  private let bases: BaseAddresses
  private let tls: DoorTLS?
  private let log: AccessLog
  private let audit: AuditLog?
  private let logger: Logger
  private let loops = MultiThreadedEventLoopGroup.singleton
  private let turns: [ObjectIdentifier: SliceTurns]

  package init(
    responder: any Responder,
    blobs: any BlobSource,
    limits: DoorLimits,
    bases: BaseAddresses,
    tls: DoorTLS? = nil,
    audit: AuditLog? = nil,
    logger: Logger
  ) {
    self.responder = responder
    self.blobs = blobs
    self.limits = limits
    self.bases = bases
    self.tls = tls
    self.audit = audit
    self.log = AccessLog(logger: logger)
    self.logger = logger
    self.turns = Dictionary(
      uniqueKeysWithValues: loops.makeIterator().map { loop in
        (ObjectIdentifier(loop), SliceTurns(loop: loop))
      }
    )
  }

  /// Makes the service that listens on `host` and `port` (0: any free one) until it is told to
  /// shut down; `ready` gets the port once connections are accepted.
  package func service(
    host: String,
    port: Int,
    ready: @escaping @Sendable (Int) async -> Void
  ) throws -> any Service {
    try protocols().buildServer(
      configuration: ServerConfiguration(
        address: .hostname(host, port: port),
        backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)
      ),
      eventLoopGroup: loops,
      logger: quiet,
      responder: { request, writer, channel in
        try await answer(request, writer, channel)
      },
      onServerRunning: { channel in
        await ready(channel.localAddress?.port ?? port)
      }
    )
  }

  /// HTTP/1.1 with our limits, inside TLS where there is a certificate.
  private func protocols() throws -> HTTPServerBuilder {
    let stall = limits.stall
    var http = HTTP1Channel.Configuration(
      additionalChannelHandlers: [
        ConnectionGuard(stall: stall) { [audit] in audit?.recordMalformed(from: $0) }
      ],
      idleTimeout: TimeAmount(limits.idle)
    )
    http.httpDecoder.maxHeaderFieldSize = limits.headByteCount
    http.httpDecoder.maxHeaderListSize = limits.headByteCount
    http.httpDecoder.maxHeaderFieldCount = limits.headerCount
    let clear = HTTPServerBuilder { [http] responder in
      LoopChannel(child: HTTP1Channel(responder: responder, configuration: http))
    }
    guard let tls else { return clear }
    return try .tls(clear, tlsConfiguration: tls.configuration)
  }

  /// The library says at `info` what we say ourselves, once the store is open too.
  private var quiet: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .notice)
    return logger
  }

  private func answer(
    _ incoming: HummingbirdCore.Request,
    _ writer: consuming ResponseWriter,
    _ channel: any Channel
  ) async throws {
    let started = ContinuousClock.now
    let source = BodySource(incoming.body, channel: channel)
    let request = Exchange.Request(incoming, body: source, bases: bases, channel: channel)
    let audited = audit.flatMap { AuditedCall(request, in: $0) }
    var reply =
      if incoming.head.authority == HostRule.mark {
        Reply.withoutHost
      } else if let audited, await !audited.mayGoOn() {
        audited.refusal
      } else {
        await respond(to: request)
      }
    if let fault = reply.fault { log.record(fault: fault, of: request) }
    let recorded = await audited?.recordBefore(reply)
    let isOnRecord = audited == nil || recorded != nil
    reply = recorded ?? reply
    var byteCount: UInt64 = 0
    do {
      reply = try await reply.opened(from: blobs)
      let head = ReplyHead(reply, to: request, bodyWasRead: source.wasRead)
      try await send(head, reply.body, writer, channel, &byteCount)
    } catch {
      // The client went, or the store failed.
      if !isOnRecord { audited?.recordAfter(reply, byteCount: byteCount, isCutOff: true) }
      throw error
    }
    if !isOnRecord { audited?.recordAfter(reply, byteCount: byteCount) }
    log.record(request, status: reply.status, byteCount: byteCount, since: started)
  }

  /// Has the request answered: on the event loop where it only reads, which takes microseconds.
  ///
  /// What changes something may hash and unpack for long, and a loop has other sockets to serve.
  private func respond(to request: Exchange.Request) async -> Reply {
    guard ![.get, .head].contains(request.method) else {
      return await responder.respond(to: request)
    }
    return await withTaskExecutorPreference(globalConcurrentExecutor) {
      await responder.respond(to: request)
    }
  }

  /// Sends the reply, and counts what of its body was given to the socket.
  private func send(
    _ head: ReplyHead,
    _ body: ReplyBody,
    _ writer: consuming ResponseWriter,
    _ channel: any Channel,
    _ byteCount: inout UInt64
  ) async throws {
    guard !head.isAlone else {
      try await writer.writeResponse(head.response)
      return
    }
    switch body {
    case .bytes(let bytes) where bytes.count > Self.sliceByteCount:
      let whole = OneChunk(bytes)
      try await pump(whole.next, head.response, writer, channel, &byteCount)
    case .bytes(let bytes):
      let buffer = ByteBuffer(bytes: bytes)
      try await writer.write(response: head.response, body: ResponseBody(byteBuffer: buffer))
      byteCount = UInt64(bytes.count)
    case .stream(_, let stream):
      try await pump(stream.next, head.response, writer, channel, &byteCount)
    case .blob(let blob, let range):
      guard let chunks = try await blobs.chunks(of: blob, in: range, takesZstandard: false)
      else {
        throw MissingBlob(key: blob.key)
      }
      try await pump(chunks.next, head.response, writer, channel, &byteCount)
    }
  }

  /// Writes chunk by chunk, no faster than the client takes them.
  ///
  /// An error in the middle breaks the connection, so that nobody takes a part for the whole.
  private func pump(
    _ next: @Sendable () async throws -> [UInt8]?,
    _ response: HTTPResponse,
    _ writer: consuming ResponseWriter,
    _ channel: any Channel,
    _ byteCount: inout UInt64
  ) async throws {
    var body = try await writer.writeHead(response)
    // Of a crowd that waits for the same, everyone has a head before anyone has more.
    await Task.yield()
    var taken = channel.eventLoop.makeSucceededVoidFuture()
    while let chunk = try await next() {
      for start in stride(from: 0, to: chunk.count, by: Self.sliceByteCount) {
        let end = min(start + Self.sliceByteCount, chunk.count)
        // One slice is on its way while the next is copied: the socket never waits for us.
        try await taken.get()
        await turns[ObjectIdentifier(channel.eventLoop)]?.pass()
        try await body.write(ByteBuffer(bytes: chunk[start..<end]))
        taken = channel.triggerUserOutboundEvent(ConnectionGuard.SocketReady())
        byteCount += UInt64(end - start)
      }
    }
    try await body.finish(nil)
  }
}

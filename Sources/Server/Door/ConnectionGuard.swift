import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Keeps one connection honest, from inside its pipeline.
///
/// 1. Sends `100 Continue` when the responder asks for the body, and not before: a client that
///    waits for it is refused without sending a byte (RFC 9110 section 10.1.1).
/// 2. Ends the connection after a reply that says `Connection: close`.
/// 3. Cuts a connection whose body has stood still for too long, in either direction.
/// 4. Tells a writer when the socket has taken what it was given. The library's own writer learns
///    of a full socket a turn of the loop too late: fifty clients were measured to hold 45 MiB so.
/// 5. Tells who is to know of what came in place of a request.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// The event by which a responder says that it is about to read the body.
  struct BodyWanted: Sendable {}

  /// The event whose promise succeeds once little of what was written before it is still waiting
  /// for the socket.
  struct SocketReady: Sendable {}

  /// How many bytes may wait for the socket before the connection counts as full.
  ///
  /// Less than a slice of a body: a client that falls behind has one waiting, and not two.
  private static let backlog = ChannelOptions.Types.WriteBufferWaterMark(
    low: 16 << 10,
    high: 32 << 10
  )

  private let stall: TimeAmount
  private var isReceiving = false
  private var isSending = false
  private var expectsContinue = false
  private var closesAfterReply = false
  private var lastProgress = NIODeadline.now()
  private var watch: Scheduled<Void>?
  private var writers: [EventLoopPromise<Void>] = []
  private let phrases = ReasonPhrases()
  private let malformed: @Sendable (_ peer: String) -> Void

  init(stall: Duration, malformed: @escaping @Sendable (_ peer: String) -> Void) {
    self.stall = TimeAmount(stall)
    self.malformed = malformed
  }

  func handlerAdded(context: ChannelHandlerContext) {
    try? context.channel.syncOptions?.setOption(.writeBufferWaterMark, value: Self.backlog)
    let pipeline = context.pipeline.syncOperations
    guard let codec = try? pipeline.handler(type: HTTP1ToHTTPServerCodec.self) else { return }
    try? pipeline.addHandlers([HostRule(), OlderClients(), phrases], position: .before(codec))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lastProgress = .now()
    switch unwrapInboundIn(data) {
    case .head(let head):
      isReceiving = true
      expectsContinue = head.headerFields[.expect]?.lowercased() == "100-continue"
      startWatching(context)
    case .body: break
    case .end: isReceiving = false
    }
    context.fireChannelRead(data)
  }

  /// A body that breaks off is the affair of whoever reads it.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let isHead = error is HTTPParserError || error is HTTP1TypeConversionError
    if isHead, !isReceiving { malformed(context.remoteAddress?.ipAddress ?? "") }
    context.fireErrorCaught(error)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    lastProgress = .now()
    switch unwrapOutboundIn(data) {
    case .head(let head):
      phrases.next = head.status
      context.write(data, promise: promise)
      beginReply(head, context)
    case .body:
      context.write(data, promise: promise)
    case .end:
      context.write(data, promise: promise)
      endReply(context)
    }
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext,
    event: Any,
    promise: EventLoopPromise<Void>?
  ) {
    switch event {
    case is BodyWanted:
      inviteBody(context)
      promise?.succeed()
    case is SocketReady where !context.channel.isWritable && context.channel.isActive:
      if let promise { writers.append(promise) }
    case is SocketReady:
      promise?.succeed()
    default:
      context.triggerUserOutboundEvent(event, promise: promise)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { releaseWriters() }
    context.fireChannelWritabilityChanged()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch?.cancel()
    releaseWriters()
  }

  func channelInactive(context: ChannelHandlerContext) {
    watch?.cancel()
    releaseWriters()
    context.fireChannelInactive()
  }

  private func inviteBody(_ context: ChannelHandlerContext) {
    guard expectsContinue else { return }
    expectsContinue = false
    let head = HTTPResponse(status: .continue)
    context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
  }

  /// Lets writers go on; on a connection that is gone, their next write tells them so.
  private func releaseWriters() {
    lastProgress = .now()
    let released = writers
    writers = []
    for writer in released { writer.succeed() }
  }

  /// The watch over the request may have ended long ago, where the answer took its time.
  private func beginReply(_ head: HTTPResponse, _ context: ChannelHandlerContext) {
    guard head.status.kind != .informational else { return }
    isSending = true
    startWatching(context)
    closesAfterReply = head.headerFields[.connection]?.lowercased() == "close"
  }

  /// Half-closes, so that a client still sending its body reads the reply and not a reset.
  private func endReply(_ context: ChannelHandlerContext) {
    isSending = false
    guard closesAfterReply else { return }
    context.flush()
    context.close(mode: .output, promise: nil)
  }

  private func startWatching(_ context: ChannelHandlerContext) {
    guard watch == nil else { return }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleTask(in: stall) {
      let (guardian, context) = bound.value
      guardian.check(context)
    }
  }

  private func check(_ context: ChannelHandlerContext) {
    watch = nil
    let isStuck = isReceiving || (isSending && !context.channel.isWritable)
    if isStuck, NIODeadline.now() - lastProgress >= stall {
      context.close(promise: nil)
    } else if isReceiving || isSending {
      startWatching(context)
    }
  }
}

import NIOCore
import NIOHTTP1

/// Ends the connection of an HTTP/1.0 client after its reply, which may be what tells it where the
/// reply ends (RFC 9112 sections 6.1 and 9.3): such a client knows no chunks.
///
/// The library's codec forgets the version of a request. Whoever asks by 1.0 to be kept alive is
/// not: nothing obliges a server to.
final class OlderClients: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private var isOlder = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data), head.version == .http1_0 else {
      context.fireChannelRead(data)
      return
    }
    isOlder = true
    // The library ends a connection whose client says so.
    head.headers.replaceOrAdd(name: "connection", value: "close")
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard isOlder, case .head(var head) = unwrapOutboundIn(data) else {
      context.write(data, promise: promise)
      return
    }
    head.version = .http1_0
    head.headers.replaceOrAdd(name: "connection", value: "close")
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }
}

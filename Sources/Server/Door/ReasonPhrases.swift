import HTTPTypes
import NIOCore
import NIOHTTP1

/// Puts the reason phrase of a reply on the wire (RFC 9112 section 4).
///
/// The library's codec turns every known status into its standard phrase, but some clients show
/// nothing else of a refusal: twine prints the phrase, and not the body. `HTTPTypes` has made sure
/// that a phrase cannot end its line early.
final class ReasonPhrases: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// The status of the head that is written next.
  var next: HTTPResponse.Status?

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = unwrapOutboundIn(data), let status = next,
      head.status.code == UInt(status.code), head.status.reasonPhrase != status.reasonPhrase
    else {
      context.write(data, promise: promise)
      return
    }
    next = nil
    head.status = .custom(code: UInt(status.code), reasonPhrase: status.reasonPhrase)
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }
}

import Exchange
import HTTPTypes
import NIOCore
import NIOHTTP1

/// Marks requests whose `Host` nobody can go by: a request of HTTP/1.1 has exactly one, and a valid
/// one (RFC 9112 section 3.2).
///
/// Addresses in documents are built from it, and two of them are how one server is made to read
/// another request than the proxy before it did. The library keeps the first one and forgets the
/// rest; here such a head gets an empty one instead, which the door refuses.
final class HostRule: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  /// What a head is marked with.
  static let mark = ""

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data), !Self.isRight(head) else {
      context.fireChannelRead(data)
      return
    }
    head.headers.replaceOrAdd(name: "host", value: Self.mark)
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  /// A client of HTTP/1.0 may leave it out.
  private static func isRight(_ head: HTTPRequestHead) -> Bool {
    let hosts = head.headers["host"]
    guard let host = hosts.first else { return head.version == .http1_0 }
    return hosts.count == 1 && isHost(host)
  }

  /// Whether a text is made of what a name or address and a port are (RFC 3986 section 3.2.2).
  static func isHost(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~%:[]!$&'()*+,;=".utf8.contains(byte)
        }
      }
  }
}

extension Reply {
  /// The answer to a request that says nothing or too much of where it goes.
  static var withoutHost: Reply {
    Reply(
      .badRequest,
      headers: [.contentType: "text/plain", .connection: "close"],
      body: .bytes(Array("A request needs one valid Host.\n".utf8))
    )
  }
}

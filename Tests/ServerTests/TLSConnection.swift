import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization

/// A client of a door that speaks TLS, and believes the test's certificate alone.
enum TLSConnection {
  /// What came back until the server hung up, and the protocol that was agreed on.
  struct Heard {
    let text: String
    let protocolName: String?
  }

  static func ask(port: Int, _ text: String) async throws -> Heard {
    let agreed = AgreedProtocol()
    let channel = try await bootstrap(isEncrypted: true).connect(host: "127.0.0.1", port: port) {
      channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(HearsProtocol(agreed: agreed))
        return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: text))
      var heard = ""
      for try await buffer in inbound { heard += String(buffer: buffer) }
      return Heard(text: heard, protocolName: agreed.name.withLock { $0 })
    }
  }

  /// Asks, and reads no more once the first bytes of the answer are there.
  static func openAndStopReading(port: Int, _ isEncrypted: Bool) async throws -> any Channel {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let channel = try await bootstrap(isEncrypted: isEncrypted)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(StopsReading(begin: begin))
          return channel
        }
      }
    try await channel.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
    for await _ in begun { break }
    return channel
  }

  private static func bootstrap(isEncrypted: Bool) -> ClientBootstrap {
    ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        guard isEncrypted else { return }
        var configuration = TLSConfiguration.makeClientConfiguration()
        let roots = try NIOSSLCertificate.fromPEMBytes(Array(TestCertificate.chain.utf8))
        configuration.trustRoots = .certificates(roots)
        configuration.applicationProtocols = ["h2", "http/1.1"]
        let context = try NIOSSLContext(configuration: configuration)
        let handler = try NIOSSLClientHandler(context: context, serverHostname: "localhost")
        try channel.pipeline.syncOperations.addHandler(handler)
      }
    }
  }
}

private final class StopsReading: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let begin: AsyncStream<Void>.Continuation

  init(begin: AsyncStream<Void>.Continuation) {
    self.begin = begin
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    begin.yield()
  }
}

/// What the two sides agreed to speak (ALPN, RFC 7301).
private final class AgreedProtocol: Sendable {
  let name = Mutex<String?>(nil)
}

private final class HearsProtocol: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let agreed: AgreedProtocol

  init(agreed: AgreedProtocol) {
    self.agreed = agreed
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted(let name)? = event as? TLSUserEvent {
      agreed.name.withLock { $0 = name }
    }
    context.fireUserInboundEventTriggered(event)
  }
}

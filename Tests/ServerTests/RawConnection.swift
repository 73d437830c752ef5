import NIOCore
import NIOPosix

/// A client that says exactly what it is told, and hears exactly what is said.
struct RawConnection {
  private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  static func open(port: Int) async throws -> RawConnection {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return RawConnection(channel: channel)
  }

  /// Says `parts` one by one, each after hearing the text before it, and returns all that was
  /// heard until the server hung up or `enough` had come.
  func talk(
    _ parts: [(after: String, say: String)],
    until enough: String? = nil
  ) async throws -> String {
    try await channel.executeThenClose { inbound, outbound in
      var heard = ""
      var remaining = parts[...]
      var iterator = inbound.makeAsyncIterator()
      while true {
        while let part = remaining.first, part.after.isEmpty || heard.contains(part.after) {
          remaining.removeFirst()
          try await outbound.write(ByteBuffer(string: part.say))
        }
        if let enough, heard.contains(enough) { return heard }
        guard let buffer = try await iterator.next() else { return heard }
        heard += String(buffer: buffer)
      }
    }
  }

  /// Says one thing and listens until the server hangs up, or until `enough` has come.
  func ask(_ text: String, until enough: String? = nil) async throws -> String {
    try await talk([("", text)], until: enough)
  }
}

import NIOCore
import NIOPosix
import Synchronization

/// An HTTP/1.1 server on this machine that answers byte for byte what a test wrote down.
final class LocalServer: Sendable {
  /// A request as it came.
  struct Request: Sendable {
    let path: String
    /// Names in lower case.
    let headers: [String: String]
    /// As long as its `Content-Length` says.
    var body: [UInt8] = []
  }

  /// What is done with one request, in order.
  enum Action: Sendable {
    case send([UInt8])
    /// Cuts the connection.
    case close
    /// Goes on once the gate is open.
    case wait(EventGate)
  }

  typealias Script = @Sendable (Request) -> [Action]

  private let channel: any Channel
  private let relay: Relay
  private let log = Mutex<[Request]>([])
  private let script: Mutex<Script>

  static func start(_ script: @escaping Script) async throws -> LocalServer {
    let relay = Relay()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        relay.connectionCount.withLock { $0 += 1 }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Handler(relay))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = LocalServer(channel, relay, script)
    relay.server.withLock { $0 = server }
    return server
  }

  private init(_ channel: any Channel, _ relay: Relay, _ script: @escaping Script) {
    self.channel = channel
    self.relay = relay
    self.script = Mutex(script)
  }

  var base: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/" }

  /// What was asked so far.
  var requests: [Request] { log.withLock { $0 } }

  /// How many connections were opened so far.
  var connectionCount: Int { relay.connectionCount.withLock(\.self) }

  func stop() async throws {
    try await channel.close().get()
  }

  fileprivate func answer(_ request: Request) -> [Action] {
    log.withLock { $0.append(request) }
    return script.withLock { $0 }(request)
  }

  /// Tells connections, which may come before the server is made, where their server is.
  private final class Relay: Sendable {
    let server = Mutex<LocalServer?>(nil)
    let connectionCount = Mutex(0)
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let relay: Relay
    private var pending: [UInt8] = []

    init(_ relay: Relay) {
      self.relay = relay
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      pending += Array(unwrapInboundIn(data).readableBytesView)
      let end = Array("\r\n\r\n".utf8)
      while let index = pending.indices.first(where: { pending[$0...].starts(with: end) }) {
        let head = String(decoding: pending[..<index], as: UTF8.self)
        guard let server = relay.server.withLock({ $0 }), var request = Request(head) else {
          context.close(promise: nil)
          return
        }
        let bodyStart = index + end.count
        let bodyEnd = bodyStart + (request.headers["content-length"].flatMap { Int($0) } ?? 0)
        guard pending.count >= bodyEnd else { return }
        request.body = Array(pending[bodyStart..<bodyEnd])
        pending.removeFirst(bodyEnd)
        Self.run(server.answer(request)[...], on: context.channel)
      }
    }

    private static func run(_ actions: ArraySlice<Action>, on channel: any Channel) {
      var actions = actions
      while let action = actions.popFirst() {
        switch action {
        case .send(let bytes):
          let rest = actions
          channel.writeAndFlush(ByteBuffer(bytes: bytes))
            .whenSuccess { run(rest, on: channel) }
          return
        case .close: channel.close(promise: nil)
        case .wait(let gate):
          let rest = actions
          gate.whenOpen { channel.eventLoop.execute { run(rest, on: channel) } }
          return
        }
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}

extension LocalServer.Request {
  fileprivate init?(_ head: String) {
    let lines = head.split(separator: "\r\n")
    guard let parts = lines.first?.split(separator: " "), parts.count == 3 else { return nil }
    path = String(parts[1])
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(
        line[line.index(after: colon)...].drop { $0 == " " }
      )
    }
    self.headers = headers
  }
}

extension LocalServer.Request {
  /// Where the range that is asked for begins: `bytes=N-`.
  var start: Int? {
    headers["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) }
  }
}

extension LocalServer.Action {
  /// The rest of a file from `start` on, as an answer to a range.
  static func rest(of bytes: [UInt8], from start: Int, etag: String) -> LocalServer.Action {
    let range = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
    return .reply(206, ["Content-Range": range, "ETag": etag], Array(bytes[start...]))
  }

  /// A whole answer.
  static func reply(
    _ status: Int,
    _ headers: [String: String] = [:],
    _ body: [UInt8] = [],
    announcing byteCount: Int? = nil
  ) -> LocalServer.Action {
    var head = "HTTP/1.1 \(status) X\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if status != 304 { head += "content-length: \(byteCount ?? body.count)\r\n" }
    return .send(Array((head + "\r\n").utf8) + body)
  }
}

/// Something that happens later: what waits for it is run once it has.
final class EventGate: Sendable {
  private let state = Mutex<(isOpen: Bool, waiting: [@Sendable () -> Void])>((false, []))

  func whenOpen(_ body: @escaping @Sendable () -> Void) {
    let isOpen = state.withLock { state in
      if !state.isOpen { state.waiting.append(body) }
      return state.isOpen
    }
    if isOpen { body() }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for body in waiting { body() }
  }

  var isOpen: Bool { state.withLock(\.isOpen) }

  var waitingCount: Int { state.withLock(\.waiting.count) }
}

import Disk
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Server

@Suite("Turns of slices", .timeLimit(.minutes(10)))
struct SliceTurnsTests {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  /// Runs a body on the one event loop, as the door runs its requests.
  private func onLoop(
    _ body: @Sendable (SliceTurns, any EventLoop) async throws -> Void
  )
    async throws
  {
    let loop = group.next()
    try await withTaskExecutorPreference(HandOverExecutor { work in loop.execute(work) }) {
      try await body(SliceTurns(loop: loop), loop)
    }
    try await group.shutdownGracefully()
  }

  @Test func `a loop looks at its sockets however much there is to send`() async throws {
    try await onLoop { turns, loop in
      let isConnected = Atomic(false)
      let server = try await ServerBootstrap(group: loop)
        .childChannelInitializer { channel in
          isConnected.store(true, ordering: .relaxed)
          return channel.eventLoop.makeSucceededVoidFuture()
        }
        .bind(host: "127.0.0.1", port: 0).get()
      let address = try #require(server.localAddress)
      let clients = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      async let client = ClientBootstrap(group: clients).connect(to: address).get()
      while !isConnected.load(ordering: .relaxed) { await turns.pass() }
      try await client.close()
      try await server.close()
      try await clients.shutdownGracefully()
    }
  }

  @Test func `who waits goes on when those before have sent their last`() async throws {
    let sent = Sent()
    try await onLoop { turns, _ in
      await withTaskGroup { tasks in
        for writer in 0..<1_000 {
          tasks.addTask {
            await turns.pass()
            sent.slices.withLock { $0.append(writer) }
          }
        }
      }
    }
    #expect(sent.slices.withLock(\.self) == Array(0..<1_000))
  }

  @Test func `everybody has a slice before anybody has the one after`() async throws {
    let sent = Sent()
    try await onLoop { turns, _ in
      await withTaskGroup { tasks in
        for _ in 0..<100 { tasks.addTask { await send(3, turns, sent) } }
      }
    }
    let rounds = [0, 1, 2].flatMap { Array(repeating: $0, count: 100) }
    #expect(sent.slices.withLock(\.self) == rounds)
  }
}

private final class Sent: Sendable {
  let slices = Mutex([Int]())
}

private func send(_ count: Int, _ turns: SliceTurns, _ sent: Sent) async {
  for slice in 0..<count {
    await turns.pass()
    // What else a slice waits for.
    await Task.yield()
    sent.slices.withLock { $0.append(slice) }
  }
}

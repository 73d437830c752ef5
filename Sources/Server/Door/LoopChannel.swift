import Disk
import HummingbirdCore
import Logging
import NIOCore

/// Handles each connection on the event loop that has its socket.
///
/// On the pool of the runtime a request crosses threads on its way to its task, and each write does
/// on its way back: a thousand clients at once had their first byte twice as late.
struct LoopChannel<Child: ServerChildChannel>: ServerChildChannel {
  let child: Child

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Child.Value> {
    child.setup(channel: channel, logger: logger)
  }

  func handle(value: Child.Value, logger: Logger) async {
    let loop = value.channel.eventLoop
    let executor = HandOverExecutor { work in loop.execute(work) }
    await withTaskExecutorPreference(executor) {
      await child.handle(value: value, logger: logger)
    }
  }
}

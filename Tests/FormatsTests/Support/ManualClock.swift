import Catalog
import Repository
import Synchronization

/// Time that stands still until it is moved; sleeping returns at once, and patience lasts as long
/// as it is needed.
final class ManualClock: DepotClock {
  static let patience = Duration.seconds(86_400)
  private let time = Mutex(Timestamp(seconds: 1_700_000_000))

  func now() -> Timestamp { time.withLock(\.self) }

  func sleep(for duration: Duration) async {
    guard duration >= Self.patience else { return await Task.yield() }
    // Nothing ever comes; cancelled as soon as what is waited for is there.
    let (nothing, end) = AsyncStream<Void>.makeStream()
    for await _ in nothing {}
    end.finish()
  }

  func advance(by duration: Duration) {
    time.withLock { $0 = $0 + duration }
  }
}

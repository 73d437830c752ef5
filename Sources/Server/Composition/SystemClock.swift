import Catalog
import Foundation
import Repository

/// The machine's own time.
struct SystemClock: DepotClock {
  func now() -> Timestamp {
    Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
  }

  func sleep(for duration: Duration) async {
    try? await Task.sleep(for: duration)
  }
}

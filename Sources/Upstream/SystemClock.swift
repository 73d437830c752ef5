package import Catalog
internal import FoundationEssentials
internal import Repository

/// The machine's own time.
package struct SystemClock: DepotClock {
  package init() {}

  package func now() -> Timestamp {
    Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
  }

  package func sleep(for duration: Duration) async {
    // Cancelled is as good as slept: the caller looks at the time, not at the reason.
    try? await Task.sleep(for: duration)
  }
}

package import Catalog

/// Time as the repository layer sees it: what rows are stamped with, and how long something waits.
///
/// A parameter, so that tests decide when half an hour has passed.
package protocol DepotClock: Sendable {
  /// The time of day.
  func now() -> Timestamp
  /// Returns after `duration`, or early when the task is cancelled.
  func sleep(for duration: Duration) async
}

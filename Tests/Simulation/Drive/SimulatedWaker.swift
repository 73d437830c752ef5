import Disk
import Dispatch
import Synchronization

/// Ends a wait from any thread.
package final class SimulatedWaker: DiskWaker {
  private let isRaised = Atomic(false)
  private let bell = DispatchSemaphore(value: 0)

  package func wake() {
    if !isRaised.exchange(true, ordering: .acquiringAndReleasing) { bell.signal() }
  }

  /// Whether somebody called since the last look.
  func takeCall() -> Bool {
    guard isRaised.exchange(false, ordering: .acquiringAndReleasing) else { return false }
    bell.wait()
    return true
  }

  /// Waits for a call, however long it takes.
  func waitForCall() {
    bell.wait()
    isRaised.store(false, ordering: .releasing)
  }
}

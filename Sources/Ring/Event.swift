import CUring
import Glibc

/// A counter that a ring can wait for and any thread can raise (eventfd(2)).
package final class Event: Sendable {
  package let file: OpenFile

  package init() throws(SystemError) {
    file = OpenFile(adopting: try SystemError.check(curing_event_open(), "eventfd"))
  }

  /// Raises the counter by one; a read of the eight bytes then completes.
  package func raise() {
    var one: UInt64 = 1
    // SAFETY: eight bytes of a local. The write can fail only when the counter is about to
    // overflow, and then the reader is awake anyway.
    _ = unsafe Glibc.write(file.descriptor, &one, 8)
  }
}

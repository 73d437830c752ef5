import Glibc
import Ring

extension RingDisk {
  package func wait(timeout: Duration?, into completions: inout [DiskCompletion]) {
    let deadline = timeout.map { ContinuousClock.now + $0 }
    while true {
      startQueued()
      let mayWait = ringWaker.prepareToSleep() && finished.isEmpty
      turn(waits: mayWait, until: deadline)
      let called = ringWaker.rise()
      let expired = deadline.map { ContinuousClock.now >= $0 } ?? false
      if called || expired || !finished.isEmpty { break }
    }
    completions.append(contentsOf: finished)
    finished.removeAll(keepingCapacity: true)
  }

  /// Waits until nothing is under way, and lets go of every file.
  func drain() {
    while !flights.isEmpty {
      resubmit()
      turn(waits: true, until: nil)
    }
    if wakeArmed {
      ringWaker.event.raise()
      while wakeArmed { turn(waits: true, until: nil, rearms: false) }
    }
    ring.dropFiles()
  }

  /// Submits what is queued in the ring, waits for a completion if asked to, and handles all.
  private func turn(waits: Bool, until deadline: ContinuousClock.Instant?, rearms: Bool = true) {
    if rearms { armWaker() }
    do {
      try ring.submitAndWait(for: waits ? 1 : 0, nanoseconds: Self.nanoseconds(until: deadline))
    } catch {
      // EBUSY and EAGAIN: reap first. EINTR: a signal. All else is a mistake of this program.
      let passing = [EBUSY, EAGAIN, EINTR].contains(error.code)
      precondition(passing, "io_uring_enter refused with errno \(error.code)")
    }
    var landed: [(UInt64, Int32)] = []
    ring.reap { number, answer in landed.append((number, answer)) }
    for (number, answer) in landed { land(number, answer) }
  }

  /// Keeps a read of the waker's event under way.
  private func armWaker() {
    guard !wakeArmed, ring.room > 0 else { return }
    // SAFETY: the buffer lives as long as the disk, which ends only when the read has.
    unsafe ring.read(
      .descriptor(ringWaker.event.file.descriptor),
      into: wakeBuffer.base,
      byteCount: 8,
      at: 0,
      buffer: nil,
      [],
      number: Self.wakeNumber
    )
    wakeArmed = true
  }

  private static func nanoseconds(until deadline: ContinuousClock.Instant?) -> Int64 {
    guard let deadline else { return -1 }
    let left = (deadline - ContinuousClock.now).components
    guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
    return min(left.seconds, 1 << 32) * 1_000_000_000 + left.attoseconds / 1_000_000_000
  }
}

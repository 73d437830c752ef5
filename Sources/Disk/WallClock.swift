import Glibc

/// The time of day, for records of when things happened; it may jump.
package enum WallClock {
  /// Milliseconds since 1970 (CLOCK_REALTIME).
  package static func unixMilliseconds() -> UInt64 {
    var now = timespec()
    // SAFETY: fills a local; CLOCK_REALTIME is there on every system.
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return UInt64(max(0, now.tv_sec)) * 1_000 + UInt64(now.tv_nsec) / 1_000_000
  }
}

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
///
/// Microseconds because package indexes state upload times to that grain (PEP 700) and documents
/// must repeat them exactly. Nothing here reads a clock: time is a parameter.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// The count of microseconds since the epoch; negative before it.
  package let microseconds: Int64

  package init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  package init(seconds: Int64) {
    self.microseconds = seconds * 1_000_000
  }

  /// Whole and fractional seconds since the epoch, as the control API writes times in JSON.
  package var seconds: Double { Double(microseconds) / 1_000_000 }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }

  /// Returns the moment `duration` after `time`; fractions of a microsecond are dropped.
  package static func + (time: Timestamp, duration: Duration) -> Timestamp {
    let parts = duration.components
    let fraction = parts.attoseconds / 1_000_000_000_000
    return Timestamp(microseconds: time.microseconds + parts.seconds * 1_000_000 + fraction)
  }

  /// Returns how long after `right` the moment `left` is.
  package static func - (left: Timestamp, right: Timestamp) -> Duration {
    .microseconds(left.microseconds - right.microseconds)
  }
}

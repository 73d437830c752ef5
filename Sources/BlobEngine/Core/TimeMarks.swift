/// How far the log was when.
///
/// Errs on the side of later: a moment counts as earlier than it was, by up to the distance of two
/// marks.
struct TimeMarks {
  /// The newest last.
  private(set) var marks: [TimeMark] = []
  /// How many marks there are in the time that is looked back.
  let density: UInt64

  init(density: UInt64) { self.density = density }

  /// Notes how far the log is at a moment, as often as is worth it, and drops what is too old.
  ///
  /// - Parameters:
  ///   - milliseconds: the moment, since 1970.
  ///   - sequence: that of the record that comes next.
  ///   - span: how long ago the moments are that are asked about, in milliseconds.
  mutating func note(_ milliseconds: UInt64, sequence: UInt64, span: UInt64) {
    if let last = marks.last, milliseconds < last.milliseconds + span / density { return }
    add(milliseconds, sequence: sequence)
    let old = marks.count { $0.milliseconds + span <= milliseconds }
    if old > 1 { marks.removeFirst(old - 1) }
  }

  /// Notes what a header or a trailer says; ``sort()`` follows.
  mutating func add(_ milliseconds: UInt64, sequence: UInt64) {
    marks.append(TimeMark(milliseconds: milliseconds, sequence: sequence))
  }

  /// Puts what was added in order.
  mutating func sort() {
    marks.sort { ($0.milliseconds, $0.sequence) < ($1.milliseconds, $1.sequence) }
  }

  /// A sequence that the log had reached at a moment; 0 when nothing is known of it.
  ///
  /// A clock that was set back has made marks whose order is not that of the log; then what any of
  /// them calls younger is younger.
  func sequence(at milliseconds: UInt64) -> UInt64 {
    var sequence = UInt64.max
    for mark in marks.reversed() {
      sequence = min(sequence, mark.sequence)
      if mark.milliseconds <= milliseconds { return sequence }
    }
    return 0
  }
}

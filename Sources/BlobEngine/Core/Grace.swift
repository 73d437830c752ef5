/// How far the log was when, and which blobs were touched lately.
///
/// Both err on the side of keeping: a moment counts as earlier than it was, and a touched blob is
/// remembered for up to twice the grace, by a fingerprint that it may share.
struct Grace {
  private var marks = TimeMarks(density: 16)
  private var touched: Set<UInt64> = []
  private var touchedBefore: Set<UInt64> = []
  private var turnedMilliseconds: UInt64 = 0
  /// The sequence from which on `touched` has everything.
  private var touchedSince: UInt64 = 0
  /// The sequence from which on every touch is remembered.
  private(set) var rememberedSince: UInt64 = 0
  /// Whether the touches before this open are known.
  var knowsTouches = false

  /// How long touches are remembered at least, in milliseconds: a collection with a short grace may
  /// take longer than that grace.
  private static let leastMemory: UInt64 = 600_000

  /// Notes how far the log is at a moment, as often as the grace asks for.
  mutating func note(_ milliseconds: UInt64, sequence: UInt64, graceMilliseconds: UInt64) {
    if milliseconds >= turnedMilliseconds + max(graceMilliseconds, Self.leastMemory) {
      touchedBefore = touched
      touched = []
      rememberedSince = touchedSince
      touchedSince = sequence
      turnedMilliseconds = milliseconds
    }
    marks.note(milliseconds, sequence: sequence, span: graceMilliseconds)
  }

  /// Notes what a header or a trailer says; ``sort()`` follows.
  mutating func add(_ milliseconds: UInt64, sequence: UInt64) {
    marks.add(milliseconds, sequence: sequence)
  }

  /// Puts what was added in order.
  mutating func sort() { marks.sort() }

  /// A sequence that the log had reached at a moment; 0 when nothing is known of it.
  func sequence(at milliseconds: UInt64) -> UInt64 {
    marks.sequence(at: milliseconds)
  }

  mutating func touch(_ fingerprint: UInt64) { touched.insert(fingerprint) }

  func wasTouched(_ fingerprint: UInt64) -> Bool {
    touched.contains(fingerprint) || touchedBefore.contains(fingerprint)
  }
}

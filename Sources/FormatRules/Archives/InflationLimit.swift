/// How much a compressed archive may become before it is called a bomb.
///
/// Two bounds: a fixed one for the archive's kind, and one that grows with what was sent, so that
/// the work a sender can cause stays in proportion to what it costs to send. Deflate reaches 1032
/// to 1; whole packages stay below 20 to 1, and small ones may do as they like.
struct InflationLimit {
  /// What any archive may become, in bytes.
  static let freeByteCount: UInt64 = 64 << 20
  /// How many times its size a larger archive may become.
  static let mostTimes: UInt64 = 100

  private let subject: String
  private let maximum: UInt64
  private let free: UInt64
  private var compressedByteCount: UInt64 = 0
  private var inflatedByteCount: UInt64 = 0

  /// - Parameters:
  ///   - subject: what is inflated, for the refusal.
  ///   - maximum: the fixed bound, in bytes.
  ///   - free: what is not measured against the archive's size, in bytes.
  init(of subject: String, atMost maximum: UInt64, free: UInt64 = Self.freeByteCount) {
    self.subject = subject
    self.maximum = maximum
    self.free = free
  }

  /// Counts compressed bytes, before they are inflated.
  mutating func take(compressed count: Int) {
    compressedByteCount += UInt64(count)
  }

  /// Counts what came out.
  mutating func take(inflated count: Int) throws(MalformedInput) {
    inflatedByteCount += UInt64(count)
    guard inflatedByteCount <= maximum else {
      throw MalformedInput(subject, "it unpacks to more than \(maximum) bytes")
    }
    let share = max(free, compressedByteCount * Self.mostTimes)
    guard inflatedByteCount <= share else {
      throw MalformedInput(subject, "it unpacks to more than \(Self.mostTimes) times its size")
    }
  }
}

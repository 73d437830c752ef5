internal import NIOCore

/// How long a request may take in all, counted only while it has a slot: that others of ours are in
/// its way is not its source's doing.
struct TimeAllowance {
  private var left: TimeAmount?
  private var began: NIODeadline?

  /// - Parameter duration: nil when there is no limit.
  init(_ duration: Duration?) {
    left = duration.map { TimeAmount($0) }
  }

  /// Lets the time run; returns when it is over.
  mutating func run() -> NIODeadline {
    guard let left else { return .distantFuture }
    let now = NIODeadline.now()
    began = now
    return now + left
  }

  /// Stops the time until the next ``run()``.
  mutating func rest() {
    guard let left, let began else { return }
    self.left = max(.zero, left - (.now() - began))
    self.began = nil
  }
}

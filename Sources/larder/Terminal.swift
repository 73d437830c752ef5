import Foundation
import Glibc

/// Lines for a person, on standard error; results go to standard output.
enum Terminal {
  /// Whether somebody watches standard error.
  static var isWatched: Bool { isatty(2) == 1 }

  /// Writes a line to standard error.
  static func note(_ line: String) {
    write(line + "\n", to: .standardError)
  }

  /// Writes a line to standard output at once, so that a reader of a pipe sees it.
  static func say(_ line: String) {
    write(line + "\n", to: .standardOutput)
  }

  static func write(_ text: String, to handle: FileHandle) {
    // A reader that has gone is no reason to stop working.
    try? handle.write(contentsOf: Data(text.utf8))
  }

  /// Writes a number of bytes as people say it.
  static func size(_ byteCount: UInt64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var (value, unit) = (Double(byteCount), 0)
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return unit == 0 ? "\(byteCount) B" : "\(Double(Int(value * 10)) / 10) \(units[unit])"
  }
}

/// How far a long command has come: one line that is rewritten on a terminal, and a line every ten
/// seconds elsewhere.
struct Progress {
  let task: String
  let total: UInt64?
  let unit: (UInt64) -> String
  private var lastShown: ContinuousClock.Instant
  private let begin: ContinuousClock.Instant
  private var hasShown = false

  init(_ task: String, of total: UInt64?, unit: @escaping (UInt64) -> String = Terminal.size) {
    self.task = task
    self.total = total
    self.unit = unit
    begin = ContinuousClock.now
    lastShown = begin
  }

  mutating func show(_ done: UInt64) {
    let pause: Duration = Terminal.isWatched ? .milliseconds(100) : .seconds(10)
    let now = ContinuousClock.now
    guard now - lastShown >= pause else { return }
    lastShown = now
    hasShown = true
    let line = "\(task): \(text(done, now - begin))"
    Terminal.write(Terminal.isWatched ? "\r\u{1B}[K\(line)" : line + "\n", to: .standardError)
  }

  /// Takes the line away again; results follow.
  mutating func finish() {
    if hasShown, Terminal.isWatched { Terminal.write("\r\u{1B}[K", to: .standardError) }
  }

  private func text(_ done: UInt64, _ elapsed: Duration) -> String {
    let seconds = max(
      0.001,
      Double(elapsed.components.seconds)
        + Double(elapsed.components.attoseconds) / 1e18
    )
    let rate = "\(unit(UInt64(Double(done) / seconds)))/s"
    guard let total, total > 0 else { return "\(unit(done)), \(rate)" }
    return "\(unit(done)) of \(unit(total)) (\(done * 100 / total) %), \(rate)"
  }
}

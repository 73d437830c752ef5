import BlobEngine
import Foundation
import Simulation
import Testing

extension Tag {
  /// Takes more than a few seconds.
  @Tag static var slow: Self
  /// Lets the disk fail.
  @Tag static var fault: Self
  /// Compares with a model.
  @Tag static var model: Self
}

/// How long the tortures of the test suite last; the environment scales them.
///
/// - `LARDER_SEED`: runs the workload of this seed and no other, to see a failure again.
/// - `LARDER_CRASH_POINTS`: how many crash points all campaigns together visit.
/// - `LARDER_TORTURE_SECONDS`: after how many seconds of processor time each suite ends in any
///   case, so that a machine with other work to do sees as much as one that has none.
/// - `LARDER_EXHAUSTIVE`: how many steps the exhaustive workloads have at most.
/// - `LARDER_CAMPAIGN`: the one campaign of crashes that is run, instead of all.
/// - `LARDER_MUTANT`: the one mutant that is searched for, instead of all.
enum TortureSettings {
  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  static let replayedSeed = number("LARDER_SEED")
  static let crashPointCount = Int(number("LARDER_CRASH_POINTS") ?? 10_000)
  static let seconds = Int(number("LARDER_TORTURE_SECONDS") ?? 60)
  static let exhaustiveStepCount = Int(number("LARDER_EXHAUSTIVE") ?? 2)

  static let campaign = ProcessInfo.processInfo.environment["LARDER_CAMPAIGN"]

  static let mutants =
    ProcessInfo.processInfo.environment["LARDER_MUTANT"].map { [$0] }
    ?? Breakages.named.map(\.name)

  /// Returns a condition that holds until the time of the suite that asks is over.
  ///
  /// Counts the thread's own time: tortures do not suspend.
  static func timeLimit() -> () -> Bool {
    let end = threadSeconds() + Double(seconds)
    return { threadSeconds() < end }
  }

  private static func threadSeconds() -> Double {
    var time = timespec()
    // SAFETY: the structure outlives the call.
    guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return .infinity }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Runs a torture to its goal, or one seed of it when one is to be replayed.
  static func run(_ torture: Torture, until goal: (TortureReport) -> Bool) -> TortureReport {
    if let seed = replayedSeed {
      var isFirst = true
      return torture.run(from: seed) { _ in
        defer { isFirst = false }
        return isFirst
      }
    }
    let hasTime = timeLimit()
    return torture.run(from: 1) { hasTime() && !goal($0) }
  }
}

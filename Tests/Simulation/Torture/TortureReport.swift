/// What a torture did and found.
package struct TortureReport: Sendable {
  package var workloadCount = 0
  /// How many effects of the engine were instants at which a crash might come.
  package var effectCount = 0
  /// How many crashes were made.
  package var crashPointCount = 0
  /// How many times a store was opened after a crash.
  package var recoveryCount = 0
  /// How many blobs were read and compared after a crash.
  package var comparedReadCount = 0
  /// How many requests a fault hit.
  package var faultCount = 0
  package var failures: [TortureFailure] = []

  package init() {}

  /// Adds the numbers of another run.
  package mutating func add(_ other: TortureReport) {
    workloadCount += other.workloadCount
    effectCount += other.effectCount
    crashPointCount += other.crashPointCount
    recoveryCount += other.recoveryCount
    comparedReadCount += other.comparedReadCount
    faultCount += other.faultCount
    failures += other.failures
  }
}

extension TortureReport: CustomStringConvertible {
  /// The numbers in one line.
  package var description: String {
    "\(workloadCount) workloads, \(effectCount) effects, \(crashPointCount) crash points, "
      + "\(recoveryCount) recoveries, \(comparedReadCount) reads compared, \(faultCount) faults, "
      + "\(failures.count) failures"
  }
}

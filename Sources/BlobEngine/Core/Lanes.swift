/// The lanes of a store, by name.
struct Lanes {
  private var all = Lane.allCases.map { LogLane(kind: $0) }

  subscript(lane: Lane) -> LogLane {
    _read { yield all[Int(lane.rawValue) - 1] }
    _modify { yield &all[Int(lane.rawValue) - 1] }
  }

  var areIdle: Bool { all.allSatisfy(\.isIdle) }

  /// Whether a lane could start writing now.
  var canStart: Bool { all.contains(where: \.canStart) }

  /// Whether a lane waits for a slot.
  var areWaiting: Bool { all.contains(where: \.isWaitingForSpace) }

  /// There may be a slot now, or none is to be hoped for.
  mutating func stopWaiting() {
    for index in all.indices { all[index].isWaitingForSpace = false }
  }

  /// The lowest sequence that was given out and is not durable yet, or nil.
  var lowestUnsettledSequence: UInt64? {
    all.flatMap { $0.underWay + $0.displaced }.map(\.firstSequence).min()
  }
}

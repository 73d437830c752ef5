/// Says whether a history could have come of operations that each happened at one instant between
/// its question and its answer: whether it is linearizable (Herlihy and Wing, 1990).
///
/// The search of Wing and Gong ("Testing and verifying concurrent objects", 1993), over all
/// possibilities at once: what may be true between two events is a set of states, each with which
/// of the open operations have happened. With eight callers and three states that is never large.
struct HistoryChecker {
  private struct Possibility: Hashable {
    var state: BlobState
    /// The open operations that have happened, by their numbers in the history.
    var happened: Set<Int> = []
  }

  private let entries: [History.Entry]
  private var open: Set<Int> = []
  private var possible: Set<Possibility> = [Possibility(state: .never)]

  /// Returns the first operation whose answer cannot be, or nil.
  static func contradiction(in entries: [History.Entry]) -> History.Entry? {
    var checker = HistoryChecker(entries)
    return checker.run().map { entries[$0] }
  }

  private init(_ entries: [History.Entry]) { self.entries = entries }

  private mutating func run() -> Int? {
    for (_, number, isAnswer) in events {
      if isAnswer {
        guard close(number) else { return number }
      } else {
        open.insert(number)
      }
    }
    return nil
  }

  private var events: [(time: Int, number: Int, isAnswer: Bool)] {
    entries.enumerated().flatMap { number, entry in
      [(entry.asked, number, false), (entry.answered, number, true)]
    }.sorted { $0.0 < $1.0 }
  }

  /// An operation has its answer: only that remains possible in which it has happened.
  private mutating func close(_ number: Int) -> Bool {
    var reached = possible
    var next = Array(possible)
    while let one = next.popLast() {
      guard !one.happened.contains(number) else { continue }
      for other in open.subtracting(one.happened) {
        guard let state = entries[other].operation.applied(to: one.state) else { continue }
        var after = one
        after.state = state
        after.happened.insert(other)
        if reached.insert(after).inserted { next.append(after) }
      }
    }
    open.remove(number)
    possible = Set(
      reached.filter { $0.happened.contains(number) }.map { one in
        Possibility(state: one.state, happened: one.happened.subtracting([number]))
      }
    )
    return !possible.isEmpty
  }
}

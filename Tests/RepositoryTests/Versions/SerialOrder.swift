/// The search for an order of calls that explains what clients were told.
struct SerialOrder {
  /// The calls of each client in its order, and how each was answered.
  let history: [[(call: RaceCall, answer: String)]]
  let last: RaceModel
  private var dead: Set<Position> = []

  private struct Position: Hashable {
    var state: RaceModel
    /// How many calls of each client are done.
    var done: [Int]
  }

  /// Whether the calls, those of each client in its order, can be put into one order in which every
  /// call is answered as it was, and which ends in `last`.
  static func explains(
    _ history: [[(call: RaceCall, answer: String)]],
    from start: RaceModel,
    to last: RaceModel
  ) -> Bool {
    var search = SerialOrder(history: history, last: last)
    return search.succeeds(from: Position(state: start, done: history.map { _ in 0 }))
  }

  private init(history: [[(call: RaceCall, answer: String)]], last: RaceModel) {
    self.history = history
    self.last = last
  }

  private mutating func succeeds(from position: Position) -> Bool {
    if zip(position.done, history).allSatisfy({ $0 == $1.count }) { return position.state == last }
    guard !dead.contains(position) else { return false }
    for client in history.indices where position.done[client] < history[client].count {
      let (call, answer) = history[client][position.done[client]]
      for outcome in position.state.outcomes(of: call) where outcome.answer == answer {
        var next = Position(state: outcome.state, done: position.done)
        next.done[client] += 1
        if succeeds(from: next) { return true }
      }
    }
    dead.insert(position)
    return false
  }
}

/// The flights under way and the downloads that were begun ahead of one.
struct FlightBoard {
  private struct Entry {
    let number: UInt64
    weak var start: HeadStart?
  }

  private var flights: [FlightPlan: Flight] = [:]
  /// How many flights are under way to each source.
  private var counts: [HeadStart.Source: Int] = [:]
  private var starts: [HeadStart.Source: Entry] = [:]
  private var lastNumber: UInt64 = 0

  var all: [Flight] { Array(flights.values) }

  subscript(plan: FlightPlan) -> Flight? { flights[plan] }

  /// Enters a flight, which takes over what was begun ahead of it.
  mutating func enter(_ plan: FlightPlan, windowByteCount: Int, tide: Tide) -> Flight {
    let start = starts.removeValue(forKey: plan.source)?.start
    start?.take()
    let flight = Flight(plan, from: start, windowByteCount: windowByteCount, tide: tide)
    flights[plan] = flight
    counts[plan.source, default: 0] += 1
    return flight
  }

  mutating func remove(_ plan: FlightPlan) {
    guard flights.removeValue(forKey: plan) != nil else { return }
    let left = (counts[plan.source] ?? 1) - 1
    counts[plan.source] = left == 0 ? nil : left
  }

  /// Returns the download that was begun from a source, or begins one, under a number of its own,
  /// where there is neither that nor a flight, nor `limit` others.
  mutating func start(
    _ source: HeadStart.Source,
    limit: Int,
    begin: (_ number: UInt64) -> HeadStart
  ) -> HeadStart? {
    if let start = starts[source]?.start { return start }
    guard counts[source] == nil, starts.count < limit else { return nil }
    lastNumber += 1
    let start = begin(lastNumber)
    starts[source] = Entry(number: lastNumber, start: start)
    return start
  }

  /// Forgets a download that nobody waits for any more.
  ///
  /// By its number: to look at the download itself might let go of the last hold on it here, under
  /// the lock that its end needs.
  mutating func dropStart(_ source: HeadStart.Source, _ number: UInt64) {
    guard starts[source]?.number == number else { return }
    starts[source] = nil
  }
}

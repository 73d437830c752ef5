/// A request on its way through a ring, which may take more than one submission.
struct Flight {
  /// What the next submission of it does.
  enum Stage {
    case transfer
    /// All bytes are written; the flush that makes them durable is still to come.
    case flush
  }

  let request: DiskRequest
  let place: Int?
  var stage = Stage.transfer
  /// The bytes moved so far.
  var moved = 0
  /// The completions still to come for what was submitted last.
  var outstanding = 0
  /// A piece was short, so what came before is durable only after one more flush.
  var needsFlush = false
  /// The last submission asked for `RWF_DONTCACHE`.
  var leavesNoCache = false
  /// The kernel does not know `RWF_DONTCACHE`.
  var wasRefusedDontCache = false
  /// What the transfer, or the flush in the second stage, was answered with.
  var answer: Int32 = 0
  /// What the flush that was linked to the transfer was answered with.
  var flushAnswer: Int32 = 0
}

/// The flights of a ring, in places that the completions name.
///
/// A place's generation changes with each flight, so that a completion that came twice, or for
/// nobody, is found out.
struct FlightTable {
  private var flights: [Flight?]
  private var generations: [UInt32]
  private var free: [Int]

  init(capacity: Int) {
    flights = Array(repeating: nil, count: capacity)
    generations = Array(repeating: 0, count: capacity)
    free = Array((0..<capacity).reversed())
  }

  var isFull: Bool { free.isEmpty }
  var isEmpty: Bool { free.count == flights.count }

  mutating func insert(_ flight: Flight) -> Int {
    guard let place = free.popLast() else { preconditionFailure("there is room for a flight") }
    flights[place] = flight
    return place
  }

  mutating func remove(_ place: Int) {
    precondition(flights[place] != nil, "a flight ends once")
    flights[place] = nil
    generations[place] &+= 1
    free.append(place)
  }

  subscript(place: Int) -> Flight {
    get {
      guard let flight = flights[place] else { preconditionFailure("the flight is under way") }
      return flight
    }
    _modify {
      guard var flight = flights[place] else { preconditionFailure("the flight is under way") }
      flights[place] = nil
      yield &flight
      flights[place] = flight
    }
  }

  /// The number under which a part of a flight is submitted: generation, place and part.
  func number(of place: Int, part: Part) -> UInt64 {
    UInt64(generations[place]) << 32 | UInt64(place) << 1 | part.rawValue
  }

  /// The flight and the part that a completion belongs to.
  func resolve(_ number: UInt64) -> (place: Int, part: Part) {
    let place = Int(number & 0xffff_ffff) >> 1
    precondition(place < flights.count, "a completion names a flight")
    precondition(generations[place] == UInt32(number >> 32), "a completion comes once")
    return (place, number & 1 == 0 ? .transfer : .flush)
  }

  enum Part: UInt64 {
    case transfer = 0
    case flush = 1
  }
}

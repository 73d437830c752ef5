internal import BlobEngine
internal import Bytes
internal import Synchronization

/// The one fetch of one external file, whatever the crowd that waits for it (design decision 7).
///
/// It belongs to no client: it begins with the first and goes on when all have left.
///
/// ```
///   boarding ──headers──▶ under way ──digest holds──▶ verified ──durable, with rows──▶ landed
///      └───────failure───────┴───────────────────────────┴───────────────────────────▶ failed
/// ```
final class Flight: Sendable {
  /// What is known once the source has answered.
  enum Departure: Sendable {
    /// Bytes are coming; the length is in bytes, when the source tells.
    case underWay(byteCount: UInt64?)
    case failed(RepositoryError)
  }

  let plan: FlightPlan
  let blob: GrowingBlob
  private let departure = Pending<Departure>()
  private let arrival = Pending<Result<LandedFile, RepositoryError>>()
  /// Who wants rows written; nil once it is too late to ask.
  private let places = Mutex<Set<LandingPlace>?>([])

  init(_ plan: FlightPlan, windowByteCount: Int) {
    self.plan = plan
    self.blob = GrowingBlob(windowByteCount: windowByteCount)
  }

  /// Asks that rows be written at `place` when the file is in the store.
  ///
  /// False when it is too late: then wait with ``landing()`` and write them yourself.
  func add(_ place: LandingPlace) -> Bool {
    places.withLock { places in
      guard places != nil else { return false }
      places?.insert(place)
      return true
    }
  }

  /// Waits until the source has answered.
  func departed() async -> Departure {
    await departure.value()
  }

  /// Waits until the file is in the store.
  func landing() async throws(RepositoryError) -> LandedFile {
    try await arrival.value().get()
  }

  /// Says that bytes are coming and where they are kept.
  func depart(with writer: BlobWriter, byteCount: UInt64?) {
    blob.begin(writer: writer, byteCount: byteCount)
    departure.resolve(.underWay(byteCount: byteCount))
  }

  /// Closes the list of places and returns it.
  func closePlaces() -> Set<LandingPlace> {
    places.withLock { places in
      defer { places = nil }
      return places ?? []
    }
  }

  /// Ends the flight for everyone.
  func end(_ result: Result<LandedFile, RepositoryError>) {
    if case .failure(let error) = result { departure.resolve(.failed(error)) }
    arrival.resolve(result)
    blob.end(result.map(\.file))
  }
}

internal import BlobEngine
internal import Bytes
internal import Catalog
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

  private struct Places {
    var all: Set<LandingPlace> = []
    /// Whether it is too late to ask for more.
    var areClosed = false
  }

  let plan: FlightPlan
  /// The download that was begun ahead of it; nil where none was.
  let start: HeadStart?
  let blob: GrowingBlob
  private let tide: Tide
  private let departure = Pending<Departure>()
  private let verification = Pending<Result<AssetDigests, RepositoryError>>()
  private let arrival = Pending<Result<LandedFile, RepositoryError>>()
  /// Who wants rows written.
  private let places = Mutex(Places())

  init(
    _ plan: FlightPlan,
    from start: HeadStart?,
    windowByteCount: Int,
    tide: Tide = Tide(period: .zero)
  ) {
    self.plan = plan
    self.start = start
    self.tide = tide
    self.blob = GrowingBlob(windowByteCount: windowByteCount)
  }

  /// Asks that rows be written at `place` when the file is in the store.
  ///
  /// False when it is too late: then wait with ``landing()`` and write them yourself. It never is
  /// where others have asked for the same in time.
  func add(_ place: LandingPlace) -> Bool {
    places.withLock { places in
      if !places.areClosed { places.all.insert(place) }
      return places.all.contains(place)
    }
  }

  /// Waits until the source has answered.
  func departed() async -> Departure {
    await departure.value()
  }

  /// Waits until all bytes have come and hash to what was promised.
  func digests() async throws(RepositoryError) -> AssetDigests {
    try await verification.value().get()
  }

  /// Whether all bytes have come and hash to what was promised.
  var isVerified: Bool {
    if case .success = verification.current { true } else { false }
  }

  /// Says that all bytes have come, and what they hash to.
  func verify(_ digests: AssetDigests) {
    blob.verify()
    verification.resolve(.success(digests))
  }

  /// Waits until the file is in the store, with its rows at once.
  func landing() async throws(RepositoryError) -> LandedFile {
    _ = try await digests()
    return try await tide.hurrying { () async throws(RepositoryError) in
      try await arrival.value().get()
    }
  }

  /// Says that bytes are coming and where they are kept.
  func depart(with writer: BlobWriter, byteCount: UInt64?) {
    blob.begin(writer: writer, byteCount: byteCount)
    departure.resolve(.underWay(byteCount: byteCount))
  }

  /// Closes the list of places and returns it.
  func closePlaces() -> Set<LandingPlace> {
    places.withLock { places in
      places.areClosed = true
      return places.all
    }
  }

  /// Ends the flight for everyone.
  func end(_ result: Result<LandedFile, RepositoryError>) {
    if case .failure(let error) = result {
      departure.resolve(.failed(error))
      verification.resolve(.failure(error))
    }
    arrival.resolve(result)
    blob.end(result.map(\.file))
  }
}

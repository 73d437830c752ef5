internal import Bytes
internal import Catalog

extension ContentState {
  /// Joins or begins the one fetch of an external file.
  ///
  /// Who asks has read rows under `mark`, and may have waited for a registry since. Where rows have
  /// changed in between, the file may have come in meanwhile: then it is not fetched once more.
  func fetch(
    _ plan: FlightPlan,
    for place: LandingPlace,
    readAfter mark: Epochs.Mark,
    from start: Start
  ) async throws(RepositoryError) -> FoundFile {
    let isCurrent = { [routes] in routes.mark(start.map, place.package.route) == mark }
    if let flight = flights.join(plan, while: isCurrent) {
      return try await board(flight, for: place)
    }
    let held = try await held(
      place.fileName,
      of: place.package,
      place.version,
      in: start
    )
    if let held, held.isOpen { return .stored(held.file) }
    return try await board(flights.join(plan), for: place)
  }

  private func board(
    _ flight: Flight,
    for place: LandingPlace
  ) async throws(RepositoryError) -> FoundFile {
    guard flight.add(place) else {
      let landed = try await flight.landing()
      await landing.write(landed, at: [place])
      return .stored(landed.file)
    }
    switch await flight.departed() {
    case .failed(let error): throw error
    case .underWay(let byteCount):
      return .arriving(ArrivingFile(flight: flight, byteCount: byteCount, scopes: scopes))
    }
  }
}

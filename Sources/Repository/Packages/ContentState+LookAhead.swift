internal import Catalog
internal import FormatRules

extension ContentState {
  /// Which packages a client is going to want next, by what is listed of one.
  typealias Next = @Sendable (PackageListing) -> [PackageCoordinates]

  /// Asks registries for the packages that a client of `start` is likely to want after one, and
  /// after those, down to `depth` steps.
  ///
  /// Only for what nothing is known of yet, and by the rules of any request: nobody is asked for
  /// what is private, closed or held in the domain, nor is a registry that fails or is left alone.
  func lookAhead(
    after listing: PackageListing,
    from start: Start,
    depth: Int,
    _ next: @escaping Next
  ) {
    let reaches = reaches(from: start).filter {
      shelf.silence(of: $0.connection, $0.terms) == nil
        && external.isAnswering($0.connection.rawValue)
    }
    guard depth > 0, !reaches.isEmpty else { return }
    for package in next(listing) {
      let known = reaches.compactMap { listings.atHand(package, on: $0.connection) }
      guard known.isEmpty else {
        if let listing = known.compactMap(\.listing).first {
          lookAhead(after: listing, from: start, depth: depth - 1, next)
        }
        continue
      }
      let place = LookAhead.Place(repository: start.repository, package: package)
      ahead.begin(place, among: errands) { [self] in
        guard let listing = await ask(for: package, from: start) else { return }
        lookAhead(after: listing, from: start, depth: depth - 1, next)
      }
    }
  }

  private func ask(for package: PackageCoordinates, from start: Start) async -> PackageListing? {
    guard let sources = try? await sources(of: package, from: start), sources.releases.isEmpty,
      !sources.reaches.isEmpty
    else { return nil }
    return try? await resolve(package, from: start).package.listing
  }
}

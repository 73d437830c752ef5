import Testing

@testable import Catalog

/// The clock that counts the ages of versions must cost nothing that grows with a package.
@Suite("Cost of sightings")
struct SightingCostTests {
  private static let key = SightingKey(
    connection: .npmjs,
    package: PackageCoordinates(format: .npm, name: "big")
  )

  private func times(_ count: Int) -> [String: Timestamp] {
    Dictionary((0..<count).map { ("1.\($0).0", moment(Int64($0))) }) { first, _ in first }
  }

  /// Meets a package of `count` versions, then sees one more; returns the steps of both in SQLite's
  /// virtual machine.
  private func steps(versions count: Int) async throws -> [Int64] {
    try await withCatalog { catalog in
      let all = times(count)
      let clock = ContinuousClock()
      return try await catalog.write { transaction throws(CatalogError) in
        var steps: [Int64] = []
        for times in [all, ["2.0.0": moment(9)]] {
          let (before, start) = (try transaction.steps(), clock.now)
          _ = try transaction.sightings(of: Self.key)
          try transaction.note(Sighting(seenAt: moment(9), times: times), of: Self.key)
          let known = try transaction.sightings(of: Self.key)
          steps.append(try transaction.steps() - before)
          print(
            "\(times.count) of \(count) versions new: \(clock.now - start), \(known.count) rows"
          )
        }
        return steps
      }
    }
  }

  @Test func `meeting ten thousand versions and one more takes as many steps as meeting ten`()
    async throws
  {
    #expect(try await steps(versions: 10_000) == steps(versions: 10))
  }
}

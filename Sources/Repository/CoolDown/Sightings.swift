internal import Catalog

/// When each of what a registry lists of a package was first seen.
final class Sightings: Sendable {
  /// When the package was met; nil while it has not been.
  let metAt: Timestamp?
  private let times: [String: Timestamp]

  init(_ rows: [Sighting]) {
    metAt = rows.first?.seenAt
    var times = rows.first?.times ?? [:]
    for row in rows.dropFirst() {
      times.merge(row.times) { min($0, $1) }
    }
    self.times = times
  }

  subscript(name: String) -> Timestamp? { times[name] }

  var count: Int { times.count }

  /// What is new in a listing, with the moment that it counts from.
  ///
  /// - Parameters:
  ///   - listed: names, and when each was published, where the registry says so.
  ///   - changedAt: when the registry last changed the documents; nil when it does not say so.
  ///   - now: the time of day.
  /// - Returns: times by name; empty when nothing is new.
  func news(
    in listed: [Listed],
    changedAt: Timestamp?,
    now: Timestamp
  ) -> [String: Timestamp] {
    var news: [String: Timestamp] = [:]
    for item in listed where times[item.name] == nil {
      // Only a package that is new itself has versions whose age is the registry's to tell.
      let stated = metAt == nil ? item.publishedAt ?? changedAt : nil
      news[item.name] = min(stated ?? now, now)
    }
    return news
  }

  /// Something in a listing.
  struct Listed: Hashable, Sendable {
    let name: String
    let publishedAt: Timestamp?
  }
}

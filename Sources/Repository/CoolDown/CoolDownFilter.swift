internal import Catalog

/// Decides what a merge takes in, by the cool-downs of the repository that was asked and of those
/// that hold the connections, and remembers what it left out.
struct CoolDownFilter {
  /// The moment that is decided for.
  let now: Timestamp
  private let start: RepositoryID
  private let coolDowns: [RepositoryID: CoolDown]
  private var sightings: [ExternalConnection: Sightings]
  /// What is left out, by the names that times are kept under.
  private(set) var held: [String: HeldBack] = [:]
  /// The next moment at which something that is left out opens; nil when nothing will.
  private(set) var nextOpening: Timestamp?

  init(
    start: RepositoryID,
    coolDowns: [RepositoryID: CoolDown],
    sightings: [ExternalConnection: Sightings],
    now: Timestamp
  ) {
    self.start = start
    self.coolDowns = coolDowns
    self.sightings = sightings
    self.now = now
  }

  /// Whether something that a registry offers is shown.
  ///
  /// - Parameters:
  ///   - name: what its time is kept under.
  ///   - version: the version it is of.
  ///   - connection: the registry.
  ///   - place: the repository that has the connection.
  /// - Returns: false when it is held back, which is remembered.
  mutating func shows(
    _ name: String,
    of version: String,
    from connection: ExternalConnection,
    at place: RepositoryID
  ) -> Bool {
    let repositories = place == start ? [start] : [start, place]
    return shows(
      name,
      of: version,
      firstSeen: sightings[connection]?[name],
      by: repositories.compactMap { coolDowns[$0] }
    )
  }

  /// Whether something that came from a registry and is held by a repository on the way is shown.
  ///
  /// What the repository that was asked holds itself stays, and so does what was published.
  mutating func shows(_ name: String, of release: StoredRelease) -> Bool {
    guard release.repository != start, let coolDown = coolDowns[start],
      case .ingested(let connectionName) = release.record.origin
    else { return true }
    let connection = ExternalConnection(rawValue: connectionName)
    let time = connection.flatMap { sightings[$0]?[name] }
    return shows(
      name,
      of: release.record.version,
      // Held since before there was a clock: what its registry said then is all there is.
      firstSeen: time ?? release.record.publishedAt,
      by: [coolDown]
    )
  }

  /// Takes in what became known of a registry since.
  mutating func learn(_ known: Sightings, of connection: ExternalConnection) {
    sightings[connection] = known
    held = [:]
  }

  private mutating func shows(
    _ name: String,
    of version: String,
    firstSeen time: Timestamp?,
    by coolDowns: [CoolDown]
  ) -> Bool {
    var strictest: (coolDown: CoolDown, opening: CoolDown.Opening)?
    for coolDown in coolDowns {
      let opening = coolDown.opening(of: name, version: version, firstSeen: time)
      if let former = strictest, .stricter(former.opening, opening) == former.opening { continue }
      strictest = (coolDown, opening)
    }
    guard let (coolDown, opening) = strictest, !opening.isOpen(at: now) else { return true }
    if case .at(let moment) = opening { nextOpening = min(nextOpening ?? moment, moment) }
    held[name] =
      held[name]
      ?? HeldBack(version: version, coolDown: coolDown, opening: opening, firstSeen: time)
    return false
  }
}

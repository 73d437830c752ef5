import Catalog

/// What racing clients do to a few repositories that share a package.
enum RaceCall: Hashable, Sendable {
  case createRepository(String)
  case deleteRepository(String)
  case publish(String, version: String, blob: UInt64)
  case copy(version: String, from: String, to: String, overwriting: Bool)
  case setStatus(String, version: String, to: VersionStatus, expecting: VersionStatus?)
  case dispose(String, version: String)
  case delete(String, version: String)
  case deletePackage(String)
  case configure(String, OriginRestrictions)
  /// Whether the domain's root group lets anything be published.
  case openGroup(Bool)
  /// Downloads, which may retain what an upstream holds.
  case fetch(String, version: String)

  /// A call about the repositories `a` and `b`.
  static func random(_ random: inout Seeded) -> RaceCall {
    let repository = random.pick(["a", "b"])
    let version = random.pick(["1", "2"])
    let statuses: [VersionStatus] = [.published, .unlisted, .archived]
    switch random.below(17) {
    case 0...3: return .publish(repository, version: version, blob: UInt64(random.below(3)))
    case 4, 5:
      return .copy(
        version: version,
        from: repository,
        to: repository == "a" ? "b" : "a",
        overwriting: random.below(2) == 0
      )
    case 6, 7:
      return .setStatus(
        repository,
        version: version,
        to: random.pick(statuses),
        expecting: random.below(2) == 0 ? random.pick(statuses) : nil
      )
    case 8: return .dispose(repository, version: version)
    case 9: return .delete(repository, version: version)
    case 10: return .deletePackage(repository)
    case 11, 12:
      return .configure(
        repository,
        OriginRestrictions(
          publish: random.below(3) == 0 ? .block : .allow,
          upstream: random.below(3) == 0 ? .block : .allow
        )
      )
    case 13: return .openGroup(random.below(2) == 0)
    case 14, 15: return .fetch("b", version: version)
    default:
      return random.below(2) == 0
        ? .deleteRepository(repository) : .createRepository(repository)
    }
  }
}

internal import Catalog
internal import FormatRules

/// Something of a version that a cool-down does not show now.
struct HeldBack: Hashable, Sendable {
  let version: String
  /// The strictest rule that applies.
  let coolDown: CoolDown
  let opening: CoolDown.Opening
  /// Nil when nobody knows.
  let firstSeen: Timestamp?
}

extension RepositoryError {
  /// A file of a version that is held back was asked for.
  init(_ held: HeldBack, in start: ContentState.Start) {
    let domain = start.map.graph.domain.name
    let coordinates = VersionCoordinates(held.coolDown.package, held.version)
    self.init(
      .accessDenied,
      "\(coordinates) is held back by the cool-down of repository \(held.coolDown.repository): "
        + "\(held.reason). To let it through now, an administrator can run "
        + "`larder repository set --domain \(domain) --repository "
        + "\(held.coolDown.repository) --release \(coordinates)`.",
      resourceID: coordinates.description,
      resourceType: .packageVersion
    )
  }
}

extension HeldBack {
  fileprivate var reason: String {
    guard let firstSeen else {
      return "no registry says how old it is, and this server has not seen it listed"
    }
    let seen = "this server counts it from \(firstSeen.text)"
    switch opening {
    case .at(let moment): return "\(seen), and it opens at \(moment.text)"
    case .never, .always:
      let freeze = coolDown.rule.freezeAt.map { " is frozen at \($0.text)" } ?? " is frozen"
      return "\(seen), and the repository\(freeze)"
    }
  }
}

extension Timestamp {
  /// The moment to the second, in UTC (RFC 3339).
  var text: String {
    let second: Int64 = 1_000_000
    let whole = microseconds - (microseconds % second + second) % second
    return UploadTime(microseconds: whole).text
  }
}

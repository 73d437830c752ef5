internal import Catalog

/// The cool-down of one repository as far as it concerns one package.
///
/// Pure: when something was first seen goes in, from when on it is shown comes out. What time it is
/// now is for the caller to know.
struct CoolDown: Hashable, Sendable {
  /// From when on something is shown.
  enum Opening: Hashable, Sendable {
    case always
    case at(Timestamp)
    /// Not for as long as the settings are what they are.
    case never
  }

  /// The repository whose rule it is.
  let repository: String
  let rule: CoolDownRule
  let package: PackageCoordinates
  /// What the repository itself holds, by the names that times are kept under: it stays.
  let kept: Set<String>

  /// The rule of `repository` for a package; nil when there is none or it passes the package over.
  init?(
    _ rule: CoolDownRule?,
    of repository: String,
    for package: PackageCoordinates,
    kept: Set<String>
  ) {
    guard let rule, rule.holdsBack, !rule.exemptions.contains(where: { $0.matches(package) }) else {
      return nil
    }
    self.repository = repository
    self.rule = rule
    self.package = package
    self.kept = kept
  }

  /// From when on something of a version is shown.
  ///
  /// - Parameters:
  ///   - name: what its time is kept under: the version, or the file's name.
  ///   - version: the version that it is of, as rows have it.
  ///   - time: when it was first seen; nil when nobody knows, and then it stays hidden, for it may
  ///     be as young as can be.
  /// - Returns: when that is.
  func opening(of name: String, version: String, firstSeen time: Timestamp?) -> Opening {
    if kept.contains(name) || rule.released.contains(VersionCoordinates(package, version)) {
      return .always
    }
    guard let time else { return .never }
    if let freeze = rule.freezeAt, freeze < time { return .never }
    return rule.age == .zero ? .always : .at(time + rule.age)
  }
}

extension CoolDown.Opening {
  func isOpen(at now: Timestamp) -> Bool {
    switch self {
    case .always: true
    case .at(let moment): moment <= now
    case .never: false
    }
  }

  /// The later of two openings: where two rules apply, the stricter wins.
  static func stricter(_ left: Self, _ right: Self) -> Self {
    switch (left, right) {
    case (.always, let other), (let other, .always): other
    case (.never, _), (_, .never): .never
    case (.at(let one), .at(let other)): .at(max(one, other))
    }
  }
}

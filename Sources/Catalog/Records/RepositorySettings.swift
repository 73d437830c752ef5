/// What an administrator set for one repository beyond what the API knows: how it treats the
/// public registries behind it.
///
/// A repository that nobody has set anything for has the empty settings, and costs nothing.
package struct RepositorySettings: Hashable, Sendable {
  /// How long a document of a public registry is good without being asked for again; nil leaves it
  /// to the server.
  package var freshness: Duration?
  /// Whether public registries are never asked: what is here is all there is.
  package var isOffline: Bool
  /// Which versions of public registries are held back; nil for none.
  package var coolDown: CoolDownRule?

  package init(
    freshness: Duration? = nil,
    isOffline: Bool = false,
    coolDown: CoolDownRule? = nil
  ) {
    self.freshness = freshness
    self.isOffline = isOffline
    self.coolDown = coolDown
  }
}

/// Which versions of public registries a repository holds back.
///
/// Attacks on those who build from public registries like to arrive as a new version, and many are
/// found within days; who waits is told by others.
package struct CoolDownRule: Hashable, Sendable {
  /// How long ago this server must have seen a version first for it to be shown; zero when only
  /// the freeze counts.
  package var age: Duration
  /// Packages that the rule passes over.
  package var exemptions: [PackagePattern]
  /// Versions that are shown however young they are.
  package var released: Set<VersionCoordinates>
  /// Versions first seen after this are not shown, so that a build resolves as it did then; nil
  /// when time goes on.
  package var freezeAt: Timestamp?

  package init(
    age: Duration = .zero,
    exemptions: [PackagePattern] = [],
    released: Set<VersionCoordinates> = [],
    freezeAt: Timestamp? = nil
  ) {
    self.age = age
    self.exemptions = exemptions
    self.released = released
    self.freezeAt = freezeAt
  }
}

extension CoolDownRule {
  /// Whether there is anything that the rule hides; one that has only lists waits for an age.
  package var holdsBack: Bool { age > .zero || freezeAt != nil }
}

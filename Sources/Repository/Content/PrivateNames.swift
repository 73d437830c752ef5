internal import Catalog

/// What the packages of one name on the way of a search say together of whether it is private.
struct PrivateNames {
  /// Whether a package is closed to what lies upstream, with nothing in it from outside.
  private var isClosed = false
  /// Whether a package has nothing but what was published elsewhere in the domain.
  ///
  /// Its `upstream` control is ALLOW, since that is how more of it comes, and says nothing of
  /// registries: nobody meant them when a first version was retained.
  private var isRetained = false
  /// Whether a package that takes publishing, or was published where it is, is open to what lies
  /// upstream: somebody meant that, or its group decides alone.
  private var isOpened = false

  /// Whether nobody outside is to hear of the name.
  var arePrivate: Bool { isClosed || (isRetained && !isOpened) }

  /// Takes in what one package says that holds nothing from outside.
  ///
  /// - Parameters:
  ///   - package: of one repository on the way.
  ///   - repository: where it is.
  ///   - versions: all its versions; called only where they decide.
  /// - Throws: what `versions` throws.
  mutating func meet(
    _ package: PackageRecord,
    of repository: RepositoryRecord,
    versions: () throws(CatalogError) -> [VersionRecord]
  ) throws(CatalogError) {
    let restrictions = package.restrictions
    if restrictions.upstream == .block {
      isClosed = true
    } else if restrictions.publish == .allow {
      isOpened = true
    } else {
      let origins = try versions().map(\.origin)
      guard !origins.isEmpty else { return }
      // Whoever published it here has blocked publishing, and opened the name, by hand.
      if origins.contains(.published(repository: repository.name)) {
        isOpened = true
      } else {
        isRetained = true
      }
    }
  }
}

internal import Bytes
internal import Catalog
internal import FormatRules

extension PackageCoordinates {
  /// Whether all its names are composed (``Swift/String/isComposed``).
  var areComposed: Bool { name.isComposed && namespace?.isComposed ?? true }

  /// Refuses what is not composed, by whatever door it came: once it were a row, Swift would take
  /// it for another one.
  ///
  /// - Parameter names: what else is named, in the package.
  /// - Throws: `validation`.
  func requireComposed(and names: [String]) throws(RepositoryError) {
    guard areComposed, names.allSatisfy(\.isComposed) else {
      throw RepositoryError(
        .validation,
        "A name in package \(name) is not in Unicode's composed form (NFC), in which everything "
          + "here is named.",
        reason: .fieldValidationFailed
      )
    }
  }
}

extension PackageListing {
  /// The listing without versions and files whose names are not composed: to Swift they would be
  /// others that have as good a right to be there.
  var composed: PackageListing {
    var listing = self
    listing.versions.removeAll { !$0.version.isComposed }
    for index in listing.versions.indices
    where !listing.versions[index].files.allSatisfy(\.name.isComposed) {
      listing.versions[index].files.removeAll { !$0.name.isComposed }
    }
    return listing
  }
}

/// What names one version of a package, in the normalised spelling of its format.
package struct VersionCoordinates: Hashable, Sendable {
  package var package: PackageCoordinates
  package var version: String

  package init(_ package: PackageCoordinates, _ version: String) {
    self.package = package
    self.version = version
  }
}

extension VersionCoordinates: CustomStringConvertible {
  /// The package as its users write it, and the version behind an `@`: `npm/@types/node@20.1.0`.
  package var description: String { "\(package.spelling)@\(version)" }
}

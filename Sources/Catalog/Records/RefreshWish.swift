/// That documents of a public registry are to be looked at anew.
package struct RefreshWish: Hashable, Sendable {
  package let connection: ExternalConnection
  /// The package, as its coordinates are spelt; nil for all that the registry has.
  package let package: String?
  package let wishedAt: Timestamp

  package init(connection: ExternalConnection, package: String?, wishedAt: Timestamp) {
    self.connection = connection
    self.package = package
    self.wishedAt = wishedAt
  }
}

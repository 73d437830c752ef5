package import Catalog
package import FormatRules

/// How packages of one format are read from a public registry.
///
/// Which documents there are, where they lie and what they mean is the format's business; fetching
/// them once, keeping them, asking again when they have aged and doing without the registry when it
/// is down is that of the ``ExternalRegistry`` it is handed.
package protocol ExternalFormat: Sendable {
  var format: PackageFormat { get }

  /// Whether ``file(_:of:version:from:)`` is asked for versions too that the listing does not have:
  /// where files are found by path alone, and lists are an addition that may be missing.
  var findsUnlistedVersions: Bool { get }

  /// The files that a version usually has, where lists of versions do not name any.
  ///
  /// Called for what has to be brought in as a whole, without a client that asks for files.
  func usualFiles(of package: PackageCoordinates, version: String) -> [String]

  /// Whether packages of the format can be called so.
  ///
  /// Asked before anything else, so that nothing but a name gets into the address of a document or
  /// a file: the control API lets `..` and `a?b` pass, and goes to registries with credentials.
  func canBeCalled(_ package: PackageCoordinates) -> Bool

  /// Reads what the registry says of a package; nil when it does not know it.
  ///
  /// Files have absolute addresses. Called again only when a document that it read has changed.
  ///
  /// - Throws: ``ExternalFailure``: `unusable` for documents that make no sense, or what the
  ///   registry threw.
  func listing(
    of package: PackageCoordinates,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> PackageListing?

  /// Looks at a document that is about no single package, such as a list of all.
  ///
  /// - Parameters:
  ///   - address: relative to the registry's own.
  ///   - head: its first KiB, or all of it.
  ///   - tail: its last KiB, or all of it.
  /// - Returns: why it cannot be what it was asked for as; nil when it can.
  func flaw(of address: String, head: [UInt8], tail: [UInt8]) -> String?

  /// Where a file most likely is in the registry at `base`, an address with a slash at its end, as
  /// can be told from its name alone; nil when it cannot.
  func likelyAddress(
    of name: String,
    _ package: PackageCoordinates,
    version: String,
    at base: String
  ) -> String?

  /// Finds a file that the listing does not name, as in formats whose files are found by path
  /// alone; nil when there is none.
  func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> ListedFile?
}

extension ExternalFormat {
  package func flaw(of address: String, head: [UInt8], tail: [UInt8]) -> String? { nil }

  package var findsUnlistedVersions: Bool { false }

  package func usualFiles(of package: PackageCoordinates, version: String) -> [String] { [] }

  package func likelyAddress(
    of name: String,
    _ package: PackageCoordinates,
    version: String,
    at base: String
  ) -> String? {
    nil
  }

  package func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> ListedFile? {
    nil
  }
}

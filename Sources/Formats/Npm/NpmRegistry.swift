package import Catalog
package import FormatRules
package import Repository

/// How packages are read from a public npm registry: by their full packuments.
///
/// Those alone have the times of publishing. A registry that has only the abbreviated ones will do.
package struct NpmRegistry: ExternalFormat {
  package init() {}

  package var format: PackageFormat { .npm }

  package func canBeCalled(_ package: PackageCoordinates) -> Bool {
    NpmName(package) != nil
  }

  package func listing(
    of package: PackageCoordinates,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> PackageListing? {
    guard let name = NpmName(package) else { return nil }
    let path = name.scope.map { "@\($0)%2f\(name.base)" } ?? name.base
    guard let document = try await registry.document(path, accept: "application/json") else {
      return nil
    }
    do {
      return try PackageListing(npmPackument: document.bytes, of: name, at: document.address)
    } catch {
      throw document.unusable("no packument: \(error)")
    }
  }

  /// Where archives are in the registry that others are modelled on: what installs from a lockfile
  /// asks for archives without the packument before.
  package func likelyAddress(
    of name: String,
    _ package: PackageCoordinates,
    version: String,
    at base: String
  ) -> String? {
    guard name == PackageListing.npmArchiveName, let name = NpmName(package),
      version.utf8.allSatisfy({ $0.isLetter || $0.isDigit || ".-".utf8.contains($0) })
    else { return nil }
    return "\(base)\(name.text)/-/\(name.fileName(of: version))"
  }
}

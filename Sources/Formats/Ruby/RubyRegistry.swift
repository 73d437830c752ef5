package import Catalog
package import FormatRules
package import Repository

/// Reads a registry of gems by its compact index, such as that of rubygems.org or another Larder.
package struct RubyRegistry: ExternalFormat {
  package init() {}

  package var format: PackageFormat { .ruby }

  package func canBeCalled(_ package: PackageCoordinates) -> Bool {
    GemName.isValid(package.name)
  }

  package func listing(
    of package: PackageCoordinates,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> PackageListing? {
    guard GemName.isValid(package.name),
      let file = try await registry.document("info/\(package.name)", accept: "text/plain")
    else { return nil }
    do {
      return try GemListing.read(file.bytes, of: package.name, base: registry.base)
    } catch {
      throw file.unusable("\(error)")
    }
  }

  package func flaw(of address: String, head: [UInt8], tail: [UInt8]) -> String? {
    ["versions", "names"].contains(address) ? GemHistory.flaw(ofHead: head, tail: tail) : nil
  }

  /// The specification in Marshal, which no list names.
  package func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> ListedFile? {
    guard let identity = GemIdentity(name: package.name, version: version),
      name == identity.specificationName
    else { return nil }
    return ListedFile(name: name, address: "\(registry.base)quick/Marshal.4.8/\(name)")
  }
}

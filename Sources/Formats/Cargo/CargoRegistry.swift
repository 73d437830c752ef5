package import Catalog
package import FormatRules
package import Repository

/// Reads a sparse index (RFC 2789), such as that of crates.io or another Larder.
package struct CargoRegistry: ExternalFormat {
  private static let configurationName = "config.json"

  package init() {}

  package var format: PackageFormat { .cargo }

  package func canBeCalled(_ package: PackageCoordinates) -> Bool {
    CrateName(package.name) != nil
  }

  package func listing(
    of package: PackageCoordinates,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> PackageListing? {
    guard let name = CrateName(package.name) else { return nil }
    let ahead = registry.anticipate(Self.configurationName, accept: "application/json")
    let document: RegistryDocument?
    do throws(ExternalFailure) {
      document = try await registry.document(name.indexPath, accept: "text/plain")
    } catch {
      await ahead.value
      throw error
    }
    guard let file = document else { return nil }
    let configuration = try await configuration(of: registry)
    do {
      return try CrateIndexFile.read(file.bytes, of: name, with: configuration)
    } catch {
      throw file.unusable("\(error)")
    }
  }

  private func configuration(
    of registry: ExternalRegistry
  ) async throws(ExternalFailure) -> CrateIndexConfiguration {
    guard
      let document = try await registry.document(
        Self.configurationName,
        accept: "application/json"
      )
    else {
      throw ExternalFailure(.unusable, "\(registry.base) has no config.json; is it a sparse index?")
    }
    do {
      return try CrateIndexConfiguration(reading: document.bytes)
    } catch {
      throw document.unusable("\(error)")
    }
  }
}

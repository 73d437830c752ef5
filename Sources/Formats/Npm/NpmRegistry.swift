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
      let packument = try NpmDocument(document.bytes, of: name, at: document.address)
      return try packument.listing(of: await Self.versions(of: packument))
    } catch {
      throw document.unusable("no packument: \(error)")
    }
  }

  /// Reads the versions, those of a long document on several cores: 2,000 manifests of 2.4 KB take
  /// one of them 40 ms, while a crowd may be waiting.
  private static func versions(of packument: NpmDocument) async -> [ListedVersion] {
    let count = packument.versionCount
    guard count >= mostVersionsAtOnce else { return packument.versions(in: 0..<count) }
    return await withTaskGroup { group in
      for part in 0..<parts {
        let range = count * part / parts..<count * (part + 1) / parts
        group.addTask { (part, packument.versions(in: range)) }
      }
      var read = [[ListedVersion]](repeating: [], count: parts)
      for await (part, versions) in group { read[part] = versions }
      return Array(read.joined())
    }
  }

  private static let mostVersionsAtOnce = 256
  private static let parts = 4

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

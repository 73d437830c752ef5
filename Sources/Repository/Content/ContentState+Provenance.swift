internal import Catalog
internal import FormatRules

extension ContentState {
  /// The types that an index may answer with; the first is the public one's own.
  private static let accept = "application/vnd.pypi.integrity.v1+json, application/json;q=0.9"

  /// Finds what is attested of a file (PEP 740); nil when its index says nothing of that.
  ///
  /// Attestations may be added later, so it ages as pages do, and is kept as they are.
  func provenance(
    of name: String,
    project: String,
    version: String,
    at path: RepositoryPath
  ) async throws(RepositoryError) -> KeptProvenance? {
    let start = try await start(at: path)
    guard let (found, merged) = try await mergedFile(name, of: project, from: start),
      PythonVersion(version) == found.version,
      let external = found.external, let address = external.file.provenance,
      let reach = merged.sources.reach(of: external.connection)
    else { return nil }
    let coordinates = PackageCoordinates(format: .pypi, name: project)
    let inquiry = await shelf.inquiry(coordinates, on: reach, notBefore: nil)
    do throws(ExternalFailure) {
      let registry = try listings.registry(external.connection, inquiry)
      return try await provenance(at: address, in: registry)
    } catch { throw RepositoryError(error) }
  }

  private func provenance(
    at address: String,
    in registry: ExternalRegistry
  ) async throws(ExternalFailure) -> KeptProvenance? {
    guard let document = try await registry.document(address, accept: Self.accept) else {
      return nil
    }
    if let flaw = Provenance.flaw(in: document.bytes) {
      let failure = document.unusable(flaw)
      if await registry.takeBack(failure) { shelf.external.report(failure) }
      throw failure
    }
    return KeptProvenance(
      bytes: document.bytes,
      contentType: document.contentType,
      staleness: registry.reads.staleness
    )
  }
}

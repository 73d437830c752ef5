internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// Finds the core metadata that is served beside a wheel (PEP 658); nil when none is.
  func metadata(
    of name: String,
    project: String,
    version: String?,
    at path: RepositoryPath
  ) async throws(RepositoryError) -> StoredFile? {
    let start = try await start(at: path)
    let route = name + ".metadata"
    if let file = routes.file(route, of: project, in: start.repository, start.map.id) {
      return file
    }
    let mark = routes.mark(start.map, project)
    guard let (found, merged) = try await mergedFile(name, of: project, from: start),
      version.map({ PythonVersion($0) == found.version }) ?? true
    else { return nil }
    let file: StoredFile?
    if case .stored(_, let asset) = found.place, let attachment = asset.attachment {
      file = StoredFile(
        key: attachment.key,
        byteCount: UInt64(attachment.byteCount),
        in: start.map.id
      )
    } else if let external = found.external {
      file = try await metadata(of: external, merged, for: start.map.id)
    } else {
      file = nil
    }
    if let file {
      routes.publish(file, as: route, of: project, in: start.repository, readAfter: mark)
    }
    return file
  }

  /// Fetches what an index announces beside a file, once for everyone who asks.
  private func metadata(
    of external: MergedFile.External,
    _ merged: MergedProject,
    for domain: DomainID
  ) async throws(RepositoryError) -> StoredFile? {
    guard case .available(let hashes) = external.file.coreMetadata else { return nil }
    let identity = hashes["sha256"] ?? external.file.hashes["sha256"] ?? external.file.url
    let key = ExternalDocumentKey(
      connection: external.connection,
      path: "metadata/\(external.file.fileName)/\(identity)"
    )
    let fetch = MetadataFetch(key: key, domain: domain)
    return try await metadataFetches.value(for: fetch) { () async throws(RepositoryError) in
      if let file = await self.shelf.file(key) { return file }
      try self.requireAsking(external.connection, merged.sources)
      if let file = try await self.fetchMetadata(of: external, hashes, as: key) { return file }
      // Announced and not there: what is announced must be served, so it is cut from the wheel.
      return try await self.cutMetadata(of: external, for: domain)
    }
  }

  private func fetchMetadata(
    of external: MergedFile.External,
    _ hashes: [String: String],
    as key: ExternalDocumentKey
  ) async throws(RepositoryError) -> StoredFile? {
    let request = ExternalRequest(
      address: external.file.url + ".metadata",
      connection: external.connection.rawValue,
      accept: "*/*",
      byteLimit: WheelMetadata.maximumByteCount
    )
    let answer: ExternalAnswer
    do { answer = try await self.external.document(request) } catch {
      throw RepositoryError(error)
    }
    guard case .found(let document) = answer else { return nil }
    if let promised = hashes["sha256"],
      document.digest.hexadecimal != promised.lowercased()
    {
      throw RepositoryError(
        ExternalFailure(
          .unusable,
          "\(request.address) does not have the sha256 digest that its index promises"
        )
      )
    }
    return await shelf.keepFile(document, as: key)
  }

  private func cutMetadata(
    of external: MergedFile.External,
    for domain: DomainID
  ) async throws(RepositoryError) -> StoredFile? {
    let landed = try await flights.join(FlightPlan(external, for: domain)).landing()
    return landed.attachment.map {
      StoredFile(key: $0.key, byteCount: UInt64($0.byteCount), in: domain)
    }
  }
}

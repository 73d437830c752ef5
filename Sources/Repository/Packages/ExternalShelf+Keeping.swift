internal import BlobEngine
internal import Bytes
internal import Catalog

extension ExternalShelf {
  /// Asks for a document, conditionally where a copy of it is at hand, and keeps what came.
  func fetch(
    _ read: ExternalRead,
    from known: ExternalDocumentRecord?
  ) async throws(ExternalFailure) -> ExternalDocumentRecord {
    var request = ExternalRequest(
      address: read.address,
      connection: read.connection.rawValue,
      accept: read.accept,
      byteLimit: options.documentByteLimit
    )
    if let known, known.blob != nil {
      request.etag = known.entityTag
      request.lastModified = known.lastModified
    }
    switch try await external.document(request) {
    case .found(let document): return await keep(document, as: read.key)
    case .absent: return keepAbsence(of: read)
    case .notModified:
      guard let known else {
        throw ExternalFailure(.unusable, "\(read.address) answered 304 to an unconditional request")
      }
      return confirm(known)
    }
  }

  /// Reads a document back; nil when the store no longer gives it.
  func bytes(of record: ExternalDocumentRecord) async -> [UInt8]? {
    guard let blob = record.blob else { return nil }
    if let bytes = arrivals.bytes(blob.key) { return bytes }
    let bytes = try? await blobs.get(blob.key)
    return bytes.flatMap { $0 }
  }

  /// Returns the small file under `key` when it is in the store, or on its way there; or nil.
  func file(_ key: Key) async -> StoredFile? {
    await arrivals.settle(key)
    guard let blob = await stored(key)?.blob, (try? await blobs.stat(blob.key)) != nil else {
      return nil
    }
    return StoredFile(key: blob.key, byteCount: UInt64(blob.byteCount), in: nil)
  }

  /// Keeps a small file that was verified and never changes; nil when the shelf would not take it.
  ///
  /// A power cut may take it again: it would be fetched once more.
  func keepFile(_ document: ExternalDocument, as key: Key) async -> StoredFile? {
    guard let info = try? await blobs.put(document.bytes, durability: .relaxed) else { return nil }
    let record = record(of: document, info.key, as: key)
    arrivals.write(key) { [self] in await store(record) }
    return StoredFile(key: info.key, byteCount: info.byteCount, in: nil)
  }

  /// Returns what is known of a document at once; it goes into the store behind that.
  ///
  /// Where the store takes none, the document is good while it is remembered, and fetched anew when
  /// it cannot be read back.
  private func keep(_ document: ExternalDocument, as key: Key) async -> ExternalDocumentRecord {
    let record = record(of: document, document.digest, as: key)
    await arrivals.keep(document.bytes, document.digest, as: key) { [self] in
      do {
        _ = try await blobs.put(document.bytes)
        await store(record)
      } catch {
        external.report(
          ExternalFailure(.unusable, "\(document.address) could not be stored: \(error)")
        )
      }
    }
    return record
  }

  private func record(
    of document: ExternalDocument,
    _ blob: SHA256Digest,
    as key: Key
  ) -> ExternalDocumentRecord {
    let now = clock.now()
    return ExternalDocumentRecord(
      key: key,
      source: document.address,
      status: 200,
      blob: AttachedBlob(key: blob, byteCount: Int64(document.bytes.count)),
      contentType: document.contentType,
      entityTag: document.etag,
      lastModified: document.lastModified,
      fetchedAt: now,
      checkedAt: now
    )
  }

  /// Keeps a registry's word that a file is not there, for when it cannot be asked.
  func noteAbsence(of address: String, on connection: ExternalConnection) {
    _ = keepAbsence(of: ExternalRead(connection: connection, address: address, accept: "*/*"))
  }

  /// Whether a registry's last word on an address was that nothing is there.
  func knowsAbsence(of address: String, on connection: ExternalConnection) async -> Bool {
    let key = ExternalRead(connection: connection, address: address, accept: "*/*").key
    await arrivals.settle(key)
    return await stored(key)?.status == 404
  }

  private func keepAbsence(of read: ExternalRead) -> ExternalDocumentRecord {
    let now = clock.now()
    let record = ExternalDocumentRecord(
      key: read.key,
      source: read.address,
      status: 404,
      blob: nil,
      contentType: nil,
      entityTag: nil,
      lastModified: nil,
      fetchedAt: now,
      checkedAt: now
    )
    arrivals.write(read.key) { [self] in await store(record) }
    return record
  }

  private func confirm(_ known: ExternalDocumentRecord) -> ExternalDocumentRecord {
    var record = known
    record.checkedAt = clock.now()
    let (key, moment) = (record.key, record.checkedAt)
    arrivals.write(key) { [catalog] in
      try? await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
        _ = try transaction.touch(key, checkedAt: moment)
      }
    }
    return record
  }

  /// What the catalog has of a document.
  func stored(_ key: Key) async -> ExternalDocumentRecord? {
    let found = try? await catalog.read { snapshot throws(CatalogError) in
      try snapshot.externalDocument(key)
    }
    return found.flatMap { $0 }
  }

  func store(_ record: ExternalDocumentRecord) async {
    try? await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
      try transaction.store(record)
    }
  }
}

internal import BlobEngine
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
    case .found(let document):
      guard let record = await keep(document, as: read.key) else {
        throw ExternalFailure(.unusable, "\(read.address) could not be stored")
      }
      return record
    case .absent: return await keepAbsence(of: read)
    case .notModified:
      guard let known else {
        throw ExternalFailure(.unusable, "\(read.address) answered 304 to an unconditional request")
      }
      return await confirm(known)
    }
  }

  /// Reads a document back; nil when the store no longer gives it.
  func bytes(of record: ExternalDocumentRecord) async -> [UInt8]? {
    guard let blob = record.blob else { return nil }
    let bytes = try? await blobs.get(blob.key)
    return bytes.flatMap { $0 }
  }

  /// Returns the small file under `key` when it is in the store, or nil.
  func file(_ key: Key) async -> StoredFile? {
    guard let blob = await stored(key)?.blob, (try? await blobs.stat(blob.key)) != nil else {
      return nil
    }
    return StoredFile(key: blob.key, byteCount: UInt64(blob.byteCount))
  }

  /// Keeps a small file that was verified and never changes; nil when the shelf would not take it.
  func keepFile(_ document: ExternalDocument, as key: Key) async -> StoredFile? {
    guard let blob = await keep(document, as: key)?.blob else { return nil }
    return StoredFile(key: blob.key, byteCount: UInt64(blob.byteCount))
  }

  private func keep(_ document: ExternalDocument, as key: Key) async -> ExternalDocumentRecord? {
    guard let info = try? await blobs.put(document.bytes) else { return nil }
    let now = clock.now()
    let record = ExternalDocumentRecord(
      key: key,
      source: document.address,
      status: 200,
      blob: AttachedBlob(key: info.key, byteCount: Int64(info.byteCount)),
      contentType: document.contentType,
      entityTag: document.etag,
      lastModified: document.lastModified,
      fetchedAt: now,
      checkedAt: now
    )
    await store(record)
    return record
  }

  private func keepAbsence(of read: ExternalRead) async -> ExternalDocumentRecord {
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
    await store(record)
    return record
  }

  private func confirm(_ known: ExternalDocumentRecord) async -> ExternalDocumentRecord {
    var record = known
    record.checkedAt = clock.now()
    let (key, moment) = (record.key, record.checkedAt)
    try? await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
      _ = try transaction.touch(key, checkedAt: moment)
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

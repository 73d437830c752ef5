internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules

/// The shelf of documents that came from external sources: bytes in the blob store, what is known
/// about them in the catalog.
///
/// A page is kept as it was understood, in the JSON form with absolute addresses: what comes back
/// after years then depends neither on the form it came in nor on the address that a redirect led
/// to. A shelf that fails costs a fetch, never an answer, so its failures are absences.
final class ExternalDocuments: Sendable {
  private let catalog: Catalog
  private let blobs: BlobStore
  private let clock: any DepotClock

  init(catalog: Catalog, blobs: BlobStore, clock: any DepotClock) {
    self.catalog = catalog
    self.blobs = blobs
    self.clock = clock
  }

  /// Returns the page under `key` as it was last seen, or nil.
  func page(_ key: ExternalDocumentKey) async -> ExternalPage? {
    guard let record = await record(key) else { return nil }
    guard record.status == 200 else { return ExternalPage(record: record, page: nil) }
    guard let blob = record.blob, let bytes = await bytes(blob),
      let page = try? SimplePage(json: bytes, at: nil)
    else { return nil }
    return ExternalPage(record: record, page: page)
  }

  /// Keeps a page that has just come.
  ///
  /// - Throws: ``ExternalFailure`` with `unusable` when it is no page of a simple index.
  func keep(
    _ document: ExternalDocument,
    of request: ExternalRequest,
    as key: ExternalDocumentKey
  ) async throws(ExternalFailure) -> ExternalPage {
    let page: SimplePage
    do {
      page = try SimplePage(
        reading: document.bytes,
        contentType: document.contentType,
        at: document.address
      )
    } catch {
      throw ExternalFailure(.unusable, "\(request.address) is no index page: \(error)")
    }
    let bytes = page.renderJSON()
    let now = clock.now()
    var record = ExternalDocumentRecord(
      key: key,
      source: request.address,
      status: 200,
      blob: nil,
      contentType: SimpleRepresentation.json.contentType,
      entityTag: document.etag,
      lastModified: document.lastModified,
      fetchedAt: now,
      checkedAt: now
    )
    record.blob = await put(bytes)
    if record.blob != nil { await store(record) }
    return ExternalPage(record: record, page: page)
  }

  /// Keeps that there is no such page.
  func keepAbsence(of key: ExternalDocumentKey, at address: String) async -> ExternalPage {
    let now = clock.now()
    let record = ExternalDocumentRecord(
      key: key,
      source: address,
      status: 404,
      blob: nil,
      contentType: nil,
      entityTag: nil,
      lastModified: nil,
      fetchedAt: now,
      checkedAt: now
    )
    await store(record)
    return ExternalPage(record: record, page: nil)
  }

  /// Keeps that a page is still right.
  func confirm(_ known: ExternalPage) async -> ExternalPage {
    var record = known.record
    record.checkedAt = clock.now()
    let (key, moment) = (record.key, record.checkedAt)
    try? await catalog.write { transaction throws(CatalogError) in
      _ = try transaction.touch(key, checkedAt: moment)
    }
    return known.confirmed(by: record)
  }

  /// Returns the small file under `key` when it is in the store, or nil.
  func file(_ key: ExternalDocumentKey) async -> StoredFile? {
    guard let blob = await record(key)?.blob, (try? await blobs.stat(blob.key)) != nil else {
      return nil
    }
    return StoredFile(key: blob.key, byteCount: UInt64(blob.byteCount))
  }

  /// Keeps a small file that was verified; nil when the shelf would not take it.
  func keepFile(
    _ document: ExternalDocument,
    from address: String,
    as key: ExternalDocumentKey
  ) async -> StoredFile? {
    guard let blob = await put(document.bytes) else { return nil }
    let now = clock.now()
    await store(
      ExternalDocumentRecord(
        key: key,
        source: address,
        status: 200,
        blob: blob,
        contentType: document.contentType,
        entityTag: document.etag,
        lastModified: document.lastModified,
        fetchedAt: now,
        checkedAt: now
      )
    )
    return StoredFile(key: blob.key, byteCount: UInt64(blob.byteCount))
  }

  private func record(_ key: ExternalDocumentKey) async -> ExternalDocumentRecord? {
    let found = try? await catalog.read { snapshot throws(CatalogError) in
      try snapshot.externalDocument(key)
    }
    return found.flatMap { $0 }
  }

  private func bytes(_ blob: AttachedBlob) async -> [UInt8]? {
    let bytes = try? await blobs.get(blob.key)
    return bytes.flatMap { $0 }
  }

  private func put(_ bytes: [UInt8]) async -> AttachedBlob? {
    guard let info = try? await blobs.put(bytes) else { return nil }
    return AttachedBlob(key: info.key, byteCount: Int64(info.byteCount))
  }

  private func store(_ record: ExternalDocumentRecord) async {
    try? await catalog.write { transaction throws(CatalogError) in
      try transaction.store(record)
    }
  }
}

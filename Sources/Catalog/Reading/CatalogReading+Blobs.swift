package import Bytes

extension CatalogReading {
  /// Whether any row names the blob that the store calls so: an asset, a file cut out of one, or a
  /// document of a public registry.
  package func isReferred(_ name: SHA256Digest) throws(CatalogError) -> Bool {
    let key = SQLValue.bytes(name.bytes)
    let domain: Int64? = try connection.row(BlobStatements.anyDomain, [key, key]) {
      row throws(CatalogError) in try row.integer(0)
    }
    if domain != nil { return true }
    let document: Int64? = try connection.row(BlobStatements.anyDocument, [key]) {
      row throws(CatalogError) in try row.integer(0)
    }
    return document != nil
  }

  /// Tells who names the blob, by what its bytes hash to or by what the store calls it.
  ///
  /// Of documents at most `documentLimit` are named.
  package func references(
    to blob: SHA256Digest,
    documentLimit: Int
  ) throws(CatalogError) -> BlobReferences {
    let key = SQLValue.bytes(blob.bytes)
    let domains = try connection.rows(BlobStatements.domains, [key, key]) {
      row throws(CatalogError) in
      BlobReferences.Domain(
        owner: try row.text(0),
        name: try row.text(1),
        assetCount: Int(try row.integer(2)),
        attachmentCount: Int(try row.integer(3)),
        sealedName: try row.digestIfPresent(4)
      )
    }
    let documents = try connection.rows(BlobStatements.documents, [key, .count(documentLimit)]) {
      row throws(CatalogError) in
      ExternalDocumentKey(connection: try row.word(0), path: try row.text(1))
    }
    return BlobReferences(domains: domains, documents: documents)
  }

  /// Returns the blobs of domains that the store calls so: one, unless the store is not encrypted
  /// and several domains have the same bytes.
  package func domainBlobs(
    named name: SHA256Digest
  ) throws(CatalogError) -> [DomainBlob] {
    let bytes = SQLValue.bytes(name.bytes)
    return try connection.rows(BlobStatements.named, [bytes, bytes], DomainBlob.init)
  }

  /// Returns blobs of all domains, from after `position` on.
  package func domainBlobs(
    after position: DomainBlob?,
    limit: Int
  ) throws(CatalogError) -> [DomainBlob] {
    try connection.rows(
      BlobStatements.ofDomains,
      [
        .integer(position?.domain.rawValue ?? 0), .bytes(position?.key.bytes ?? []), .count(limit),
      ],
      DomainBlob.init
    )
  }

  /// Returns assets of a domain that are the blob, or that it was cut out of; at most `limit` are
  /// looked at.
  package func holders(
    of blob: SHA256Digest,
    in domain: DomainID,
    limit: Int
  ) throws(CatalogError) -> [BlobHolder] {
    let key = SQLValue.bytes(blob.bytes)
    let assets = try connection.rows(
      AssetStatements.ofBlob,
      [key, key, .count(limit)],
      AssetRecord.init
    )
    var holders: [BlobHolder] = []
    for asset in assets {
      guard let version = try version(asset.versionID),
        let package = try package(version.packageID),
        let repository = try repository(package.repositoryID), repository.domainID == domain
      else { continue }
      holders.append(
        BlobHolder(repository: repository, package: package, version: version, asset: asset)
      )
    }
    return holders
  }

  /// Since when the blob is known to be without a reference; nil when no sweep has found it so, or
  /// when one has found a reference since.
  package func timeNoticedUnreferred(
    _ blob: SHA256Digest
  ) throws(CatalogError) -> Timestamp? {
    try connection.row(BlobStatements.noticed, [.bytes(blob.bytes)]) {
      row throws(CatalogError) in try row.time(0)
    }
  }

  /// Returns blobs that were noticed without a reference at `time` or before, oldest notice first,
  /// from after `position` on.
  package func unreferredBlobs(
    noticedBy time: Timestamp,
    after position: UnreferredBlob?,
    limit: Int
  ) throws(CatalogError) -> Page<UnreferredBlob, UnreferredBlob> {
    let rows = try connection.rows(
      BlobStatements.oldest,
      [
        .integer(position?.noticedAt.microseconds ?? .min), .bytes(position?.key.bytes ?? []),
        .time(time), .count(limit + 1),
      ]
    ) { row throws(CatalogError) in
      UnreferredBlob(key: try row.digest(0), noticedAt: try row.time(1))
    }
    return Page(rows, limit: limit) { $0 }
  }
}

extension DomainBlob {
  /// Reads a row of a domain, a key and a size.
  init(_ row: ResultRow) throws(CatalogError) {
    self.init(domain: try row.id(0), key: try row.digest(1), byteCount: try row.integer(2))
  }
}

internal import Bytes

/// How often a domain's rows name each blob: a blob counts once in the domain's size, and one that
/// nothing names any more may be reclaimed.
extension CatalogTransaction {
  /// Counts the blobs that a new asset names.
  func refer(to asset: AssetRecord, in domain: DomainID) throws(CatalogError) {
    let uses = try refer(
      to: asset.digests.sha256,
      byteCount: asset.byteCount,
      assets: 1,
      attachments: 0,
      in: domain
    )
    if uses == 1 {
      try connection.run(DomainStatements.addBytes, [.integer(asset.byteCount), .id(domain)])
    }
    if let attachment = asset.attachment {
      _ = try refer(
        to: attachment.key,
        byteCount: attachment.byteCount,
        assets: 0,
        attachments: 1,
        in: domain
      )
    }
  }

  /// Removes an asset and no longer counts the blobs that it named.
  func remove(_ asset: AssetRecord, in domain: DomainID) throws(CatalogError) {
    try connection.run(AssetStatements.delete, [.id(asset.id)])
    let uses = try release(asset.digests.sha256, assets: 1, attachments: 0, in: domain)
    if uses == 0 {
      try connection.run(DomainStatements.addBytes, [.integer(-asset.byteCount), .id(domain)])
    }
    if let attachment = asset.attachment {
      _ = try release(attachment.key, assets: 0, attachments: 1, in: domain)
    }
  }

  /// Returns by how many assets the blob is named now.
  private func refer(
    to blob: SHA256Digest,
    byteCount: Int64,
    assets: Int64,
    attachments: Int64,
    in domain: DomainID
  ) throws(CatalogError) -> Int64 {
    try connection.requiredRow(
      AssetStatements.referBlob,
      [
        .id(domain), .bytes(blob.bytes), try storedName(of: blob, in: domain),
        .integer(byteCount), .integer(assets), .integer(attachments),
      ]
    ) { row throws(CatalogError) in try row.integer(0) }
  }

  /// What the store calls the blob, where that is not what its bytes hash to.
  ///
  /// - Throws: ``CatalogError/refused(_:)`` for a blob that is new in a domain whose key is not at
  ///   hand: without its name a sweep would take it for nobody's.
  private func storedName(
    of blob: SHA256Digest,
    in domain: DomainID
  ) throws(CatalogError) -> SQLValue {
    switch names.name(of: blob, in: domain) {
    case .digest: return .null
    case .other(let name): return .bytes(name.bytes)
    case .unknown:
      guard try key(of: domain) != nil else { return .null }
      let known = try connection.row(
        AssetStatements.nameOfBlob,
        [.id(domain), .bytes(blob.bytes)]
      ) { row throws(CatalogError) in try row.digestIfPresent(0) }
      guard let name = known ?? nil else {
        throw .refused("the key is not at hand that names the blobs of domain \(domain)")
      }
      return .bytes(name.bytes)
    }
  }

  /// Returns by how many assets the blob is still named.
  private func release(
    _ blob: SHA256Digest,
    assets: Int64,
    attachments: Int64,
    in domain: DomainID
  ) throws(CatalogError) -> Int64 {
    let key = SQLValue.bytes(blob.bytes)
    let left = try connection.requiredRow(
      AssetStatements.releaseBlob,
      [.integer(assets), .integer(attachments), .id(domain), key]
    ) { row throws(CatalogError) in
      (
        assets: try row.integer(0), attachments: try row.integer(1),
        name: try row.digestIfPresent(2)
      )
    }
    if left.assets == 0, left.attachments == 0 {
      try connection.run(AssetStatements.dropBlob, [.id(domain), key])
      // A notice from before it was referred to says nothing about how long it has not been now.
      try forgetUnreferred(left.name ?? blob)
    }
    return left.assets
  }
}

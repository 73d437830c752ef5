internal import Bytes
internal import Crypto

extension CatalogTransaction {
  /// Returns the revision of a version: a text that changes whenever its assets or metadata do, and
  /// is the same for the same content in two repositories.
  ///
  /// The SHA-256 of its metadata and of each asset's name, digest and attributes in order of name,
  /// each with its length in front so that no two contents run together; cut to 160 bits, forty
  /// digits, because the API allows fifty characters.
  func revision(of version: VersionID, metadata: String) throws(CatalogError) -> String {
    var hash = SHA256()
    hash.update(framed: Array(metadata.utf8))
    let assets = try connection.rows(AssetStatements.fingerprints, [.id(version)]) {
      row throws(CatalogError) in
      (name: try row.text(0), digest: try row.bytes(1), attributes: try row.text(2))
    }
    for asset in assets {
      hash.update(framed: Array(asset.name.utf8))
      hash.update(framed: asset.digest)
      hash.update(framed: Array(asset.attributes.utf8))
    }
    return Hexadecimal.encode(hash.finalize().prefix(20))
  }
}

extension SHA256 {
  fileprivate mutating func update(framed bytes: [UInt8]) {
    var length = UInt64(bytes.count)
    var frame: [UInt8] = []
    for _ in 0..<8 {
      frame.append(UInt8(truncatingIfNeeded: length))
      length >>= 8
    }
    update(data: frame)
    update(data: bytes)
  }
}

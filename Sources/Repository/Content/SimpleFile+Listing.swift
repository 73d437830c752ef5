internal import Bytes
internal import Catalog
internal import FormatRules

extension SimpleFile {
  /// A stored file as the page lists it.
  init(_ asset: AssetRecord, of version: String) {
    let attributes = ProjectFileAttributes(json: asset.attributes)
    self.init(
      fileName: asset.name,
      url: Self.address(of: asset.name, under: version),
      hashes: [
        "sha256": asset.digests.sha256.hexadecimal, "md5": Hexadecimal.encode(asset.digests.md5),
      ],
      requiresPython: attributes.requiresPython,
      byteCount: UInt64(asset.byteCount),
      uploadTime: UploadTime(microseconds: asset.uploadedAt.microseconds),
      yank: attributes.yank,
      coreMetadata: asset.attachment.map {
        .available(hashes: ["sha256": $0.key.hexadecimal])
      } ?? .none
    )
  }

  /// The file as the page lists it: at our address, and without what we do not serve (signatures).
  func listed(under version: String) -> SimpleFile {
    var file = self
    file.url = Self.address(of: fileName, under: version)
    file.hasSignature = nil
    file.provenance = provenance.map { _ in file.url + Provenance.addressEnding }
    return file
  }

  /// A `+` of a local version travels as `%2B`.
  private static func address(of fileName: String, under version: String) -> String {
    "\(PercentEncoding.encode(version))/\(PercentEncoding.encode(fileName))"
  }
}

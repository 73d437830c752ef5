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
      } ?? .none,
      provenance: attributes.provenance
    )
  }

  /// The file as the page lists it: at our address, and without what we do not serve (signatures).
  func listed(under version: String) -> SimpleFile {
    var file = self
    file.url = Self.address(of: fileName, under: version)
    file.hasSignature = nil
    return file
  }

  private static func address(of fileName: String, under version: String) -> String {
    "\(escaped(version))/\(escaped(fileName))"
  }

  /// Escapes all but the unreserved characters of RFC 3986 section 2.3: a `+` of a local version
  /// travels as `%2B`.
  private static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      default:
        bytes.append(UInt8(ascii: "%"))
        bytes += Array(Hexadecimal.encode([byte]).uppercased().utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

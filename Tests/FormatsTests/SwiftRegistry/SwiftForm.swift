import ArchiveSamples
import Foundation

/// A publication as SwiftPM sends it, and as others do.
struct SwiftForm {
  var archive: [UInt8]?
  var signature: [UInt8]?
  var metadata: String?
  var isBase64 = false

  /// A package with a manifest of its own for newer tools.
  init(_ extra: [(name: String, text: String)] = [("demo/Package@swift-6.swift", Self.newer)]) {
    archive = TestZip([("demo/Package.swift", Self.manifest)] + extra).bytes
    metadata = #"{"description":"A demo","repositoryURLs":["https://git.test/mona/Demo.git"]}"#
  }

  static let manifest = "// swift-tools-version:5.5\nimport PackageDescription\n"
  static let newer = "// swift-tools-version:6.1\nimport PackageDescription\n"

  var contentType: String { "multipart/form-data;boundary=\"7d1c\"" }

  var body: [UInt8] {
    var body: [UInt8] = []
    body += part("source-archive", "application/zip", archive)
    body += part("source-archive-signature", "application/octet-stream", signature)
    body += part("metadata", "application/json", metadata.map { Array($0.utf8) })
    return body + Array("--7d1c--\r\n".utf8)
  }

  private func part(_ name: String, _ type: String, _ bytes: [UInt8]?) -> [UInt8] {
    guard let bytes else { return [] }
    let content = isBase64 ? Array(Data(bytes).base64EncodedString().utf8) : bytes
    let encoding = isBase64 ? "base64" : name == "metadata" ? "quoted-printable" : "binary"
    let headers = """
      --7d1c\r
      Content-Disposition: form-data; name="\(name)"\r
      Content-Type: \(type)\r
      Content-Transfer-Encoding: \(encoding)\r
      Content-Length: \(bytes.count)\r
      \r

      """
    return Array(headers.utf8) + content + Array("\r\n".utf8)
  }
}

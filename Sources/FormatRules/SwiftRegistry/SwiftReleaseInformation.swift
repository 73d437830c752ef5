/// The answer to "fetch information about a package release" (SE-0292 section 4.2, SE-0391).
package struct SwiftReleaseInformation: Sendable {
  package let identifier: String
  package let version: String
  /// Of the source archive, in lowercase hexadecimal.
  package let sha256: String
  package let release: SwiftRelease
  package let publishedAt: UploadTime?

  package init(
    identifier: String,
    version: String,
    sha256: String,
    release: SwiftRelease,
    publishedAt: UploadTime?
  ) {
    self.identifier = identifier
    self.version = version
    self.sha256 = sha256
    self.release = release
    self.publishedAt = publishedAt
  }

  package func render() -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("id")
    writer.string(identifier)
    writer.name("version")
    writer.string(version)
    writer.name("resources")
    writer.beginArray()
    writeArchive(&writer)
    writer.endArray()
    writer.name("metadata")
    writer.value(release.metadata)
    if let publishedAt {
      writer.name("publishedAt")
      writer.string(publishedAt.text)
    }
    writer.endObject()
    return writer.bytes
  }

  private func writeArchive(_ writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("name")
    writer.string("source-archive")
    writer.name("type")
    writer.string("application/zip")
    writer.name("checksum")
    writer.string(sha256)
    if let signature = release.signature {
      writer.name("signing")
      writer.beginObject()
      writer.name("signatureBase64Encoded")
      writer.string(signature.base64)
      writer.name("signatureFormat")
      writer.string(signature.format)
      writer.endObject()
    }
    writer.endObject()
  }
}

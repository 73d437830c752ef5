import Access
import Bytes
package import Catalog
import Crypto
package import FormatRules

/// One change of a package version, as EventBridge has it (CodeArtifact user guide, "CodeArtifact
/// event format and example").
///
/// Made of a row of the domain's journal and nothing else, so that the same row is the same event
/// however often it is delivered: its names are made of the row's.
package struct VersionEvent: Hashable, Sendable {
  /// The event's own name, a UUID.
  package let id: String
  /// What consumers tell redeliveries by.
  package let deduplicationID: String
  /// Counts up for each package, with gaps: the serial of the domain's journal.
  package let sequenceNumber: Int64
  /// The package in its repository: events of one are delivered in order.
  package let package: String
  /// The event as JSON.
  package let json: [UInt8]

  /// Makes the event of a journal row; nil for a row that is about something else.
  ///
  /// - Throws: ``MalformedInput`` for a row whose detail is not what the catalog writes.
  package init?(
    _ entry: JournalEntry,
    in position: EventPosition,
    region: String
  ) throws(MalformedInput) {
    guard let package = entry.subject.package, let version = entry.subject.version,
      let repository = entry.subject.repository
    else { return nil }
    let detail = try JSONReader.read(Array(entry.detail.utf8))
    guard let change = detail["change"] else { return nil }
    let arn = ARN.package(
      package.name,
      namespace: package.namespace,
      format: package.format.rawValue,
      repository: repository,
      domain: position.domain,
      owner: position.owner,
      region: region
    ).description
    let digest = Self.digest(of: entry, in: position, region)
    self.id = Self.uuid(digest)
    self.deduplicationID = Hexadecimal.encode(digest)
    self.sequenceNumber = entry.serial
    self.package = arn
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("version", "0")
    writer.member("id", id)
    writer.member("detail-type", "CodeArtifact Package Version State Change")
    writer.member("source", "aws.codeartifact")
    writer.member("account", position.owner)
    writer.member("time", Self.time(entry.at))
    writer.member("region", region)
    writer.name("resources")
    writer.beginArray()
    writer.string(arn)
    writer.endArray()
    writer.name("detail")
    writer.beginObject()
    writer.member("domainName", position.domain)
    writer.member("domainOwner", position.owner)
    writer.member("repositoryName", repository)
    writer.member("repositoryAdministrator", detail["administrator"]?.string ?? position.owner)
    writer.member("packageFormat", package.format.rawValue)
    writer.name("packageNamespace")
    if let namespace = package.namespace { writer.string(namespace) } else { writer.null() }
    writer.member("packageName", package.name)
    writer.member("packageVersion", version)
    writer.member("packageVersionState", detail["status"]?.string ?? "")
    writer.member("packageVersionRevision", detail["revision"]?.string ?? "")
    writer.name("changes")
    Self.write(change, to: &writer)
    writer.member("operationType", change["operation"]?.string ?? "Updated")
    writer.name("sequenceNumber")
    writer.number(entry.serial)
    writer.member("eventDeduplicationId", deduplicationID)
    writer.endObject()
    writer.endObject()
    self.json = writer.bytes
  }

  private static func write(_ change: JSONValue, to writer: inout JSONWriter) {
    writer.beginObject()
    for name in ["assetsAdded", "assetsRemoved", "assetsUpdated"] {
      writer.name(name)
      writer.number(change[name]?.natural ?? 0)
    }
    for name in ["metadataUpdated", "statusChanged"] {
      writer.name(name)
      writer.bool(change[name]?.bool ?? false)
    }
    writer.endObject()
  }

  /// What names the row, and no other row of any other server.
  private static func digest(
    of entry: JournalEntry,
    in position: EventPosition,
    _ region: String
  ) -> [UInt8] {
    let name = [
      "larder event", region, position.owner, position.domain,
      String(entry.domainID.rawValue), String(entry.serial), String(entry.at.microseconds),
    ].joined(separator: "\n")
    return Array(SHA256.hash(data: Array(name.utf8)))
  }

  /// A UUID of version 8 (RFC 9562 section 5.8): the bits are the digest's.
  private static func uuid(_ digest: [UInt8]) -> String {
    var bytes = Array(digest.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(Hexadecimal.encode(bytes))
    let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20...]]
    return groups.map { String($0) }.joined(separator: "-")
  }

  private static func time(_ time: Timestamp) -> String {
    let text = UploadTime(microseconds: time.microseconds / 1_000_000 * 1_000_000).text
    return text
  }
}

extension JSONWriter {
  /// Writes a member with a string for its value.
  fileprivate mutating func member(_ name: String, _ value: String) {
    self.name(name)
    string(value)
  }
}

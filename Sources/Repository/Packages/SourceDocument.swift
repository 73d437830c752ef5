internal import Bytes
internal import Catalog
internal import Codec
internal import FormatRules

/// A document of a public registry that something was made from, and which it was.
struct SourceDocument: Hashable, Sendable {
  let read: ExternalRead
  /// A digest of all that is known of the document and may show in what is made from it.
  let digest: SHA256Digest

  init(_ read: ExternalRead, _ record: ExternalDocumentRecord) {
    self.read = read
    var hash = FramedDigest()
    hash.add(record.source)
    hash.add("\(record.status)")
    hash.add(record.contentType ?? "")
    hash.add(record.lastModified ?? "")
    hash.add(record.blob?.key.hexadecimal ?? "")
    digest = hash.digest()
  }

  private init?(_ value: JSONValue) {
    let texts = (value.array ?? []).compactMap(\.string)
    guard texts.count == 4, let connection = ExternalConnection(rawValue: texts[0]),
      let digest = SHA256Digest(hexadecimal: texts[3])
    else { return nil }
    read = ExternalRead(connection: connection, address: texts[1], accept: texts[2])
    self.digest = digest
  }

  private var value: JSONValue {
    .array(
      [read.connection.rawValue, read.address, read.accept, digest.hexadecimal]
        .map { .string($0) }
    )
  }

  /// The form in which rows keep a list of them.
  static func text(of documents: [SourceDocument]) -> String {
    JSONValue.array(documents.map(\.value)).storedText
  }

  /// Reads what ``text(of:)`` wrote; nil for anything else.
  static func read(_ text: String) -> [SourceDocument]? {
    guard let values = (try? JSONReader.read(Array(text.utf8)))?.array else { return nil }
    let documents = values.compactMap(SourceDocument.init)
    return documents.count == values.count ? documents : nil
  }
}

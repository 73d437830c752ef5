/// What an index's `config.json` says: where files are (the Cargo Book, "Registry Index", "Index
/// Configuration").
package struct CrateIndexConfiguration: Hashable, Sendable {
  /// The download address with its markers, or the part before `/{crate}/{version}/download`.
  package let downloads: String

  package init(reading bytes: [UInt8]) throws(MalformedInput) {
    guard let address = try JSONReader.read(bytes)["dl"]?.string, !address.isEmpty else {
      throw MalformedInput("config.json", "it has no `dl`")
    }
    self.downloads = address
  }

  /// Writes the configuration of an index that we serve, which says whether every request needs a
  /// token.
  package static func render(
    downloads: String,
    interface: String,
    asksForToken: Bool
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("dl")
    writer.string(downloads)
    writer.name("api")
    writer.string(interface)
    writer.name("auth-required")
    writer.bool(asksForToken)
    writer.endObject()
    return writer.bytes
  }

  /// The address of a crate's file.
  package func address(of name: CrateName, version: String, checksum: String) -> String {
    let values = [
      ("{crate}", name.spelling), ("{version}", version),
      ("{prefix}", name.prefix(lowercased: false)),
      ("{lowerprefix}", name.prefix()), ("{sha256-checksum}", checksum),
    ]
    guard values.contains(where: { downloads.contains($0.0) }) else {
      return "\(downloads)/\(name.spelling)/\(version)/download"
    }
    return values.reduce(downloads) { $0.replacing($1.0, with: $1.1) }
  }
}

/// A `Link` header (RFC 8288) that SwiftPM can read: it splits at every `,` and `;`, quoted or not.
package struct SwiftLinks: Sendable {
  private var links: [String] = []

  package init() {}

  /// The header's value; nil when there are no links.
  package var value: String? { links.isEmpty ? nil : links.joined(separator: ", ") }

  /// Adds a link to a related resource; one whose address could be misread is left out.
  package mutating func add(_ address: String, relation: String) {
    guard Self.isPlain(address) else { return }
    links.append("<\(address)>; rel=\"\(relation)\"")
  }

  /// Adds a link to a manifest for certain tools (SE-0292 section 4.3.1).
  package mutating func add(_ address: String, manifest: SwiftManifest) {
    guard Self.isPlain(address) else { return }
    links.append(
      "<\(address)>; rel=\"alternate\"; filename=\"\(manifest.name.text)\"; "
        + "swift-tools-version=\"\(manifest.toolsVersion.text)\""
    )
  }

  private static func isPlain(_ address: String) -> Bool {
    !address.isEmpty
      && address.utf8.allSatisfy { byte in
        0x21...0x7E ~= byte && !",;<>\"\\".utf8.contains(byte)
      }
  }
}

/// The public keys by which registries sign their versions, as `GET /-/npm/v1/keys` gives them
/// (npm documentation, "ECDSA registry signatures").
package struct NpmSigningKeys: Sendable {
  /// Where they are, relative to a registry.
  package static let path = "-/npm/v1/keys"

  private var keys: [JSONValue] = []
  private var identities: Set<String> = []

  package init() {}

  package var isEmpty: Bool { keys.isEmpty }

  /// Adds a registry's keys to those of registries before it; of two with one identity the first
  /// stays.
  package mutating func add(_ document: [UInt8]) throws(MalformedInput) {
    guard let added = try JSONReader.read(document)["keys"]?.array else {
      throw MalformedInput("list of signing keys", "it has no `keys`")
    }
    for key in added {
      guard let identity = key["keyid"]?.string, identities.insert(identity).inserted else {
        continue
      }
      keys.append(key)
    }
  }

  package func render() -> [UInt8] {
    Array(JSONValue.object([.init("keys", .array(keys))]).json.utf8)
  }
}

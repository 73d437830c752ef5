/// What a `Cargo.toml` says of its package.
///
/// Reads the keys and strings of TOML 1.0 and passes over the rest: what `cargo package` writes has
/// all of these as plain strings in `[package]`. Memory is that of the strings.
package struct CrateManifest: Hashable, Sendable {
  package let name: String
  package let version: String
  private let texts: [String: String]

  /// What is kept besides: the strings that describe a package to people.
  private static let keys: Set<String> = [
    "description", "homepage", "license", "readme", "repository",
  ]

  package init(reading bytes: [UInt8]) throws(MalformedInput) {
    var scanner = TOMLScanner(bytes)
    var found: [String: String] = [:]
    var table: [String] = []
    while let item = try scanner.next() {
      switch item {
      case .table(let path): table = path
      case .string(let key, let value):
        let path = table + key
        if path.count == 2, path[0] == "package" || path[0] == "project" { found[path[1]] = value }
      case .other: break
      }
    }
    guard let name = found["name"], let version = found["version"] else {
      throw MalformedInput("Cargo.toml", "its [package] has no name or no version")
    }
    self.name = name
    self.version = version
    self.texts = found.filter { Self.keys.contains($0.key) }
  }

  /// One of the strings that describe the package (the Cargo Book, "The Manifest Format").
  package subscript(key: String) -> String? { texts[key] }
}

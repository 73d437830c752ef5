/// The name of an npm package: `name` or `@scope/name`.
///
/// Names are compared exactly, by their bytes. What may be read is what encodes to itself in a URL
/// (the rules of the `validate-npm-package-name` module for old packages); what may be published
/// is narrower, see ``publishingObstacle``. Neither can climb out of a path: there are no slashes,
/// percent signs or dots in front.
package struct NpmName: Hashable, Sendable {
  /// The most bytes that a name may have, scope and all.
  package static let maximumByteCount = 214

  /// The scope without its `@`.
  package let scope: String?
  /// The name within the scope.
  package let base: String

  /// Reads a decoded name; nil when no package can be called so.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.maximumByteCount else { return nil }
    var base = Substring(text)
    var scope: Substring?
    if base.first == "@" {
      let sides = base.dropFirst().split(
        separator: "/",
        maxSplits: 1,
        omittingEmptySubsequences: false
      )
      guard sides.count == 2 else { return nil }
      scope = sides[0]
      base = sides[1]
    }
    guard Self.isPart(base), scope.map(Self.isPart) ?? true else { return nil }
    self.scope = scope.map { String($0) }
    self.base = String(base)
  }

  /// The name as it is written.
  package var text: String { scope.map { "@\($0)/\(base)" } ?? base }

  /// Why nothing new may be published under this name, as the end of a sentence; nil when it may.
  ///
  /// Old names with capitals and odd signs exist in public registries and are only passed on.
  package var publishingObstacle: String? {
    let parts = [scope, base].compactMap(\.self)
    if parts.contains(where: { $0.utf8.contains { $0 != $0.lowercased } }) {
      return "new names are in lower case"
    }
    if parts.contains(where: { $0.utf8.contains(where: Self.isOddSign) }) {
      return "new names have none of ~ ' ! ( ) *"
    }
    if text == "node_modules" || text == "favicon.ico" { return "the name is reserved" }
    return nil
  }

  private static func isPart(_ part: Substring) -> Bool {
    guard let first = part.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "_") else {
      return false
    }
    return part != "-" && part.utf8.allSatisfy { isPlain($0) || isOddSign($0) }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "_")
  }

  private static func isOddSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "~"), UInt8(ascii: "'"), UInt8(ascii: "!"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "*"):
      true
    default: false
    }
  }
}

extension NpmName: CustomStringConvertible {
  package var description: String { text }
}

extension NpmName {
  /// The name of a version's archive: `name-1.0.0.tgz`, without the scope.
  package func fileName(of version: String) -> String { "\(base)-\(version).tgz" }

  /// The version that an archive's name means; nil when it is no archive of this package.
  ///
  /// Three forms are in use: `name-1.0.0.tgz`, and for scopes also `@scope/name-1.0.0.tgz`, which
  /// old documents and the publish request of npm itself have.
  package func version(ofFile file: some StringProtocol) -> String? {
    let ending = ".tgz"
    guard file.hasSuffix(ending) else { return nil }
    for prefix in [base, text] where file.hasPrefix(prefix + "-") {
      let version = file.dropFirst(prefix.count + 1).dropLast(ending.count)
      return version.isEmpty || version.contains("/") ? nil : String(version)
    }
    return nil
  }
}

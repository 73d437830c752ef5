/// A version of the Swift tools, as manifests, their file names and requests give it.
///
/// Compared as numbers: 6, 6.0 and 6.0.0 are the same, and SwiftPM asks by the longest of them for
/// a manifest that is named by the shortest.
package struct SwiftToolsVersion: Hashable, Sendable {
  private let major: UInt32
  private let minor: UInt32
  private let patch: UInt32

  /// What a manifest that names none is of (SwiftPM's `ToolsVersion.v3_1`).
  package static let unspoken = SwiftToolsVersion(3, 1, 0)

  private init(_ major: UInt32, _ minor: UInt32, _ patch: UInt32) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Reads one to three numbers with dots between; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let areNumerals = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }
    let numbers = parts.compactMap { UInt32($0) }
    guard areNumerals, 1...3 ~= parts.count, numbers.count == parts.count else { return nil }
    self.init(
      numbers[0],
      numbers.count > 1 ? numbers[1] : 0,
      numbers.count > 2 ? numbers[2] : 0
    )
  }

  /// With two numbers at least: SwiftPM fails to read a `Link` header that says `6`.
  package var text: String {
    patch == 0 ? "\(major).\(minor)" : "\(major).\(minor).\(patch)"
  }

  /// Reads the comment at the top of a manifest (SE-0152, SE-0209): `// swift-tools-version:5.9`.
  ///
  /// White space may stand before it and inside it, and what follows a `;` does not count. A
  /// manifest without the comment is of tools version 3.1.
  /// - Throws: ``MalformedInput`` when the comment names no version of at least two numbers.
  package init(ofManifest bytes: [UInt8]) throws(MalformedInput) {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    let line = text.drop(while: \.isBlank).prefix { $0 != 0x0A && $0 != 0x0D }
    guard let specifier = Self.specifier(in: line) else {
      self = .unspoken
      return
    }
    let version = specifier.prefix { $0 != 0x2D && $0 != 0x2B }
    guard version.contains(0x2E),
      let read = SwiftToolsVersion(String(decoding: version, as: UTF8.self))
    else {
      throw MalformedInput(
        "manifest",
        "its first line names no tools version such as 5.9"
      )
    }
    self = read
  }

  /// What stands behind the colon; nil when the line is no such comment.
  private static func specifier(in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard line.starts(with: "//".utf8) else { return nil }
    let comment = line.dropFirst(2).drop(while: \.isBlank)
    let label = Array("swift-tools-version".utf8)
    guard comment.prefix(label.count).map(\.lowercased) == label else { return nil }
    let rest = comment.dropFirst(label.count).drop(while: \.isBlank)
    guard rest.first == UInt8(ascii: ":") else { return nil }
    return rest.dropFirst().prefix { $0 != UInt8(ascii: ";") }.trimmed
  }
}

extension SwiftToolsVersion: Comparable {
  package static func < (left: SwiftToolsVersion, right: SwiftToolsVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }
}

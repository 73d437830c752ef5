/// The name of a manifest: `Package.swift`, or one for certain tools, `Package@swift-6.0.swift`
/// (SwiftPM, "Version-specific manifest selection").
package struct SwiftManifestName: Hashable, Sendable {
  package static let main = "Package.swift"
  private static let (start, end) = ("Package@swift-", ".swift")

  package let text: String
  /// The version that the name gives; nil for the main manifest.
  package let version: SwiftToolsVersion?

  /// Nil when a file of that name is no manifest.
  package init?(_ text: String) {
    self.text = text
    if text == Self.main {
      version = nil
    } else {
      guard text.hasPrefix(Self.start), text.hasSuffix(Self.end),
        text.utf8.count > Self.start.utf8.count + Self.end.utf8.count,
        let version = SwiftToolsVersion(
          text.dropFirst(Self.start.count).dropLast(Self.end.count)
        )
      else { return nil }
      self.version = version
    }
  }

  package var isMain: Bool { version == nil }
}

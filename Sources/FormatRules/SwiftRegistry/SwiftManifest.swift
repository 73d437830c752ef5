/// A manifest of a release, without its text.
package struct SwiftManifest: Hashable, Sendable {
  package let name: SwiftManifestName
  /// The version that its first line gives.
  package let toolsVersion: SwiftToolsVersion

  package init(name: SwiftManifestName, toolsVersion: SwiftToolsVersion) {
    self.name = name
    self.toolsVersion = toolsVersion
  }

  /// Chooses the manifest that `?swift-version=` asks for; nil when only the main one will do.
  ///
  /// By the specification the version is that in the file's name. SwiftPM asks by the one in the
  /// manifest's first line, as it read it from our `Link` header, so that counts too.
  package static func choose(
    _ wanted: SwiftToolsVersion,
    from manifests: [SwiftManifest]
  ) -> SwiftManifest? {
    let alternates = manifests.filter { !$0.name.isMain }
    if let named = alternates.first(where: { $0.name.version == wanted }) { return named }
    return alternates.filter { $0.toolsVersion == wanted }.max(by: isBefore)
  }

  /// The main manifest first, then by the versions in their names.
  static func isBefore(_ left: SwiftManifest, _ right: SwiftManifest) -> Bool {
    switch (left.name.version, right.name.version) {
    case (let left?, let right?): left < right
    case (let left, let right): left == nil && right != nil
    }
  }
}

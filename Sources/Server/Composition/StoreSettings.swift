package import BlobEngine

/// What the store does with cold bytes, to make them smaller.
package struct StoreSettings: Sendable {
  /// Whether releases of an archive come to share their members.
  package let sharesMembers: Bool
  /// Whether what reclaim copies is compressed once more, at a higher level.
  package let recompresses: Bool

  /// - Throws: ``SettingsError`` for what makes no sense.
  init(_ flags: ServerFlags) throws(SettingsError) {
    sharesMembers = flags.shareMembers ?? false
    let choice = try ServerSettings.choice("recompress", flags.recompress, of: ["on", "off"])
    recompresses = choice == "on"
  }

  /// Tells the store.
  package func apply(to options: inout StoreOptions) {
    options.sharesMembers = sharesMembers
    options.recompresses = recompresses
  }
}

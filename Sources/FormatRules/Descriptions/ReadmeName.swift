/// Which file of a package people are meant to read first, where its format does not say.
enum ReadmeName {
  /// The endings in use, the preferred one first.
  private static let endings = [".md", ".markdown", ".rst", ".txt", ".rdoc", ".adoc", ""]

  /// How good a file's name is, 0 being the best; nil for one that is no readme's.
  static func rank(_ fileName: some StringProtocol) -> Int? {
    let name = fileName.lowercased()
    guard name.hasPrefix("readme") else { return nil }
    return endings.firstIndex(of: String(name.dropFirst("readme".count)))
  }

  /// The text of a readme; nil when there is none, or it is longer than anything that is shown.
  ///
  /// Ill-formed UTF-8 is repaired, as registries do: the text is for people.
  static func text(_ bytes: [UInt8]?) -> String? {
    bytes.flatMap { VersionDescription.item(String(decoding: $0, as: UTF8.self)) }
  }
}

/// What tells one gem from another: its name, its version, and the platform it is built for.
package struct GemIdentity: Hashable, Sendable {
  /// The platform of a gem that runs everywhere.
  package static let anywhere = "ruby"

  package let name: String
  package let number: String
  package let platform: String

  package init(name: String, number: String, platform: String = Self.anywhere) {
    self.name = name
    self.number = number
    self.platform = platform
  }

  /// Version and platform as the compact index writes them: `1.0`, `1.0-java`.
  ///
  /// Rows keep a gem under this, so that each platform is published and yanked for itself.
  package var version: String { platform == Self.anywhere ? number : "\(number)-\(platform)" }

  package var fullName: String { "\(name)-\(version)" }
  package var fileName: String { "\(fullName).gem" }
  /// The name of its specification in the legacy index.
  package var specificationName: String { "\(fullName).gemspec.rz" }

  /// Splits version and platform; nil when the first is no version.
  package init?(name: String, version text: String) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let number = parts.first, GemVersion(number) != nil else { return nil }
    let platform = parts.count > 1 ? String(parts[1]) : Self.anywhere
    guard GemName.isPlatform(platform) else { return nil }
    self.init(name: name, number: String(number), platform: platform)
  }

  /// What `name-version[-platform]` may mean, the likeliest first: names, too, may have a dash
  /// before a digit.
  package static func candidates(fullName: String) -> [GemIdentity] {
    let bytes = Array(fullName.utf8)
    return bytes.indices.compactMap { place -> GemIdentity? in
      guard bytes[place] == 0x2D, place + 1 < bytes.count, bytes[place + 1].isDigit else {
        return nil
      }
      let name = String(decoding: bytes[..<place], as: UTF8.self)
      guard GemName.isValid(name) else { return nil }
      return GemIdentity(
        name: name,
        version: String(decoding: bytes[(place + 1)...], as: UTF8.self)
      )
    }
  }
}

import FormatRules

/// What an address within the repository means (SE-0292, section 4).
///
/// Versions may have dots, so the endings `.json` and `.zip` are taken off only where the rest is
/// a version. Identities that break the grammar name nothing.
enum SwiftRoute {
  case login
  case availability
  case identifiers
  case releases(SwiftPackageIdentity)
  case release(SwiftPackageIdentity, String)
  case manifest(SwiftPackageIdentity, String)
  case archive(SwiftPackageIdentity, String)

  init?(_ rest: [String]) {
    let segments = rest.last == "" ? Array(rest.dropLast()) : rest
    switch segments.count {
    case 0: self = .login
    case 1: self.init(word: segments[0])
    case 2:
      let name = Self.cut(".json", from: segments[1]) ?? segments[1]
      guard let package = SwiftPackageIdentity(scope: segments[0], name: name) else { return nil }
      self = .releases(package)
    case 3, 4:
      guard let package = SwiftPackageIdentity(scope: segments[0], name: segments[1]) else {
        return nil
      }
      if segments.count == 4 {
        guard segments[3] == SwiftManifestName.main else { return nil }
        self = .manifest(package, segments[2])
      } else {
        self.init(package, segments[2])
      }
    default: return nil
    }
  }

  private init?(word: String) {
    switch word {
    case "login": self = .login
    case "availability": self = .availability
    case "identifiers": self = .identifiers
    default: return nil
    }
  }

  /// `1.0.0.zip` can be no version, and neither can `1.0.0.json`; `1.0.0-rc.json` can.
  private init(_ package: SwiftPackageIdentity, _ text: String) {
    if let version = Self.cut(".zip", from: text) {
      self = .archive(package, version)
    } else if SwiftVersion(text) == nil, let version = Self.cut(".json", from: text) {
      self = .release(package, version)
    } else {
      self = .release(package, text)
    }
  }

  private static func cut(_ ending: String, from text: String) -> String? {
    text.hasSuffix(ending) ? String(text.dropLast(ending.count)) : nil
  }
}

import Catalog
import FormatRules

/// The address of a file of a generic package.
struct GenericAddress: CustomStringConvertible {
  let namespace: String
  let package: String
  let version: String
  let asset: String

  /// Reads the four decoded segments behind a repository's address.
  init?(_ rest: [String]) {
    guard rest.count == 4, rest.allSatisfy({ !$0.isEmpty }) else { return nil }
    (namespace, package, version, asset) = (rest[0], rest[1], rest[2], rest[3])
  }

  var coordinates: PackageCoordinates {
    PackageCoordinates(format: .generic, namespace: namespace, name: package)
  }

  /// What of it may not be published, as a sentence; nil when all of it may.
  var flaw: String? {
    for (what, text) in [("namespace", namespace), ("package", package), ("version", version)]
    where !GenericName.isName(text) {
      return "`\(text)` is no \(what): it has 1 to 255 characters, none of them white space, `/`, "
        + "`#` or a control character, in Unicode's composed form (NFC)."
    }
    guard GenericName.isAsset(asset) else {
      return
        "`\(asset)` is no asset name: it has 1 to 255 letters, digits, single inner spaces and "
        + "the characters \(GenericName.assetCharacters), in Unicode's composed form (NFC)."
    }
    return nil
  }

  var description: String { "\(namespace)/\(package)/\(version)/\(asset)" }
}

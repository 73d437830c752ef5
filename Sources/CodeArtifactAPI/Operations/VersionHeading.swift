import Catalog
import FormatRules

extension CodeArtifactAPI {
  /// A reply about one version: its coordinates and revision, which all of them have, and then what
  /// was asked for.
  static func reply(
    about version: VersionRecord,
    of package: PackageCoordinates,
    _ members: KeyValuePairs<String, JSONValue?>
  ) -> JSONValue {
    let heading = JSONValue.members([
      "format": .string(package.format.rawValue),
      "namespace": .text(package.namespace),
      "package": .string(package.name),
      "version": .string(version.version),
      "versionRevision": .string(version.revision),
    ])
    return .object((heading.members ?? []) + (JSONValue.members(members).members ?? []))
  }
}

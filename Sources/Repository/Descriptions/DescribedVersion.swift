package import Catalog
internal import FormatRules

/// A version with all that is at hand to describe it.
package struct DescribedVersion: Sendable {
  package let record: VersionRecord
  let coordinates: PackageCoordinates
  let assets: [AssetRecord]
  /// The domain in whose scope they are.
  let domain: DomainID
}

extension DescribedVersion {
  private var row: JSONValue { .stored(record.metadata) }

  /// What the version's row says, in the words of the API.
  var inRow: VersionDescription {
    var description =
      switch coordinates.format {
      case .npm: VersionDescription(npm: row)
      case .cargo: VersionDescription(crate: row)
      case .ruby: VersionDescription(gem: row)
      case .swift: VersionDescription(swift: row)
      case .maven, .nuget, .pypi: VersionDescription(row: row)
      case .generic: VersionDescription()
      }
    if coordinates.format == .npm, let scope = coordinates.namespace {
      description.displayName = "@\(scope)/\(coordinates.name)"
    }
    return description
  }

  /// Whether ``inRow`` has all that describes the version: what came from a registry is kept with
  /// what that registry's lists say.
  var isDescribedInRow: Bool {
    switch coordinates.format {
    case .generic, .npm, .nuget, .swift: true
    case .maven, .pypi: inRow != VersionDescription()
    case .cargo: VersionDescription.isDescribed(crate: row)
    case .ruby: VersionDescription.isDescribed(gem: row)
    }
  }

  /// Whether ``inRow`` has all dependencies; those of Python versions are in their files alone.
  var hasDependenciesInRow: Bool {
    coordinates.format == .cargo || (coordinates.format != .pypi && isDescribedInRow)
  }

  /// The file that describes the version, by the rules of its format.
  ///
  /// Of Python's, wheels come first: their metadata is final, and was cut out when they came.
  var descriptiveAsset: AssetRecord? {
    switch coordinates.format {
    case .npm: assets.first { $0.name == PackageListing.npmArchiveName }
    case .maven: projectFile
    case .pypi: assets.first { $0.attachment != nil } ?? assets.min { rank($0) < rank($1) }
    case .nuget: assets.first { $0.name.hasSuffix(".nupkg") }
    case .cargo: assets.first { $0.name.hasSuffix(".crate") }
    case .ruby: assets.first { $0.name.hasSuffix(".gem") }
    case .swift: assets.first { $0.name.hasSuffix(".zip") }
    case .generic: nil
    }
  }

  /// The POM beside the artifact, not one of those with a classifier.
  private var projectFile: AssetRecord? {
    let name = "\(coordinates.name)-\(record.version).pom"
    return assets.first { $0.name == name } ?? assets.first { $0.name.hasSuffix(".pom") }
  }

  private func rank(_ asset: AssetRecord) -> Int {
    [".whl", ".tar.gz", ".tgz", ".zip", ".egg"].firstIndex { asset.name.hasSuffix($0) } ?? .max
  }
}

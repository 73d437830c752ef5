import Access
import Catalog
import Exchange
import FormatRules
import Repository

extension CodeArtifactAPI {
  func listPackageVersions(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.package()
    let wanted = call.versionQuery()
    let page = call.page(default: 50)
    try call.input.finish()
    try await authorize(call, to: .listPackageVersions, on: arn(path))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listPackageVersions(
        of: path.coordinates,
        in: path.repository,
        wanted.filter,
        order: wanted.order,
        limit: page.limit,
        token: page.token
      )
    }
    let versions = wanted.isOfNone ? [] : listing.versions.items
    return .members([
      "defaultDisplayVersion": .text(listing.defaultDisplayVersion),
      "format": .string(path.coordinates.format.rawValue),
      "namespace": .text(path.coordinates.namespace),
      "package": .string(path.coordinates.name),
      "versions": .array(versions.map(Self.summary)),
      "nextToken": wanted.isOfNone ? nil : .text(listing.versions.nextToken),
    ])
  }

  func describePackageVersion(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (path, version) = call.packageVersion()
    try call.input.finish()
    try await authorize(call, to: .describePackageVersion, on: arn(path))
    let (found, description) = try await depotCall { () throws(RepositoryError) in
      let found = try await depot.describedVersion(
        version,
        of: path.coordinates,
        in: path.repository
      )
      return (found, try await depot.description(of: found))
    }
    return .members([
      "packageVersion": Self.description(of: found.record, path.coordinates, description)
    ])
  }
}

/// The model's `PackageVersionSortType`.
private enum ListedOrder: String, CaseIterable {
  case publishedTime = "PUBLISHED_TIME"
}

private struct VersionQuery: Sendable {
  let filter: VersionFilter
  let order: VersionOrder
  /// Whether no version can be what was asked for.
  let isOfNone: Bool
}

extension Call {
  fileprivate mutating func versionQuery() -> VersionQuery {
    let status = input.optional("status", member: "status", oneOf: ModelledVersionStatus.self)
    let order = input.optional("sortBy", member: "sortBy", oneOf: ListedOrder.self)
    let origin = input.optional("originType", member: "originType", oneOf: OriginType.self)
    return VersionQuery(
      filter: VersionFilter(
        status: status.flatMap { VersionStatus(rawValue: $0.rawValue) },
        origin: origin
      ),
      order: order == nil ? .name : .newestFirst,
      isOfNone: status == .deleted
    )
  }
}

extension CodeArtifactAPI {
  /// The model's `PackageVersionSummary`.
  private static func summary(of version: VersionRecord) -> JSONValue {
    .members([
      "version": .string(version.version),
      "revision": .string(version.revision),
      "status": .string(version.status.rawValue),
      "origin": origin(version.origin),
    ])
  }

  /// The model's `PackageVersionDescription`.
  private static func description(
    of version: VersionRecord,
    _ coordinates: PackageCoordinates,
    _ description: VersionDescription
  ) -> JSONValue {
    let licenses = description.licenses.map(\.json)
    return .members([
      "format": .string(coordinates.format.rawValue),
      "namespace": .text(coordinates.namespace),
      "packageName": .string(coordinates.name),
      "displayName": .string(displayName(of: version, description)),
      "version": .string(version.version),
      "summary": .text(description.summary),
      "homePage": .text(description.homePage),
      "sourceCodeRepository": .text(description.sourceCodeRepository),
      "publishedTime": .time(version.publishedAt),
      "licenses": licenses.isEmpty ? nil : .array(licenses),
      "revision": .string(version.revision),
      "status": .string(version.status.rawValue),
      "origin": origin(version.origin),
    ])
  }

  /// The name that the format shows, where the model has room for it (`String255`).
  private static func displayName(
    of version: VersionRecord,
    _ description: VersionDescription
  ) -> String {
    guard let name = description.displayName, name.unicodeScalars.count <= 255 else {
      return version.displayName
    }
    return name
  }

  /// The model's `PackageVersionOrigin`.
  private static func origin(_ origin: VersionOrigin) -> JSONValue {
    let entryPoint: JSONValue? =
      switch origin {
      case .published(let repository): .members(["repositoryName": .string(repository)])
      case .ingested(let connection): .members(["externalConnectionName": .string(connection)])
      case .unknown: nil
      }
    return .members([
      "domainEntryPoint": entryPoint,
      "originType": .string(origin.type.rawValue),
    ])
  }
}

import Access
import Catalog
import Exchange
import FormatRules
import Repository

/// What a version's own files say of it.
extension CodeArtifactAPI {
  func listPackageVersionDependencies(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (path, version) = call.packageVersion()
    let token = call.input.optional("next-token", member: "nextToken", .paginationToken)
    try call.input.finish()
    try authorize(call, to: .listPackageVersionDependencies, on: arn(path))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listPackageVersionDependencies(
        of: version,
        path.coordinates,
        in: path.repository,
        token: token
      )
    }
    return .members([
      "format": .string(path.coordinates.format.rawValue),
      "namespace": .text(path.coordinates.namespace),
      "package": .string(path.coordinates.name),
      "version": .string(listing.version.version),
      "versionRevision": .string(listing.version.revision),
      "nextToken": .text(listing.dependencies.nextToken),
      // A row keeps them under the model's own names.
      "dependencies": .array(listing.dependencies.items.map(\.json)),
    ])
  }

  func getPackageVersionReadme(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (path, version) = call.packageVersion()
    try call.input.finish()
    try authorize(call, to: .getPackageVersionReadme, on: arn(path))
    let found = try await depotCall { () throws(RepositoryError) in
      try await depot.packageVersionReadme(
        of: version,
        path.coordinates,
        in: path.repository
      )
    }
    return .members([
      "format": .string(path.coordinates.format.rawValue),
      "namespace": .text(path.coordinates.namespace),
      "package": .string(path.coordinates.name),
      "version": .string(found.version.version),
      "versionRevision": .string(found.version.revision),
      "readme": .string(found.readme),
    ])
  }
}

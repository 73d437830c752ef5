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
    try await authorize(call, to: .listPackageVersionDependencies, on: arn(path))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listPackageVersionDependencies(
        of: version,
        path.coordinates,
        in: path.repository,
        token: token
      )
    }
    return Self.reply(
      about: listing.version,
      of: path.coordinates,
      [
        "nextToken": .text(listing.dependencies.nextToken),
        // A row keeps them under the model's own names.
        "dependencies": .array(listing.dependencies.items.map(\.json)),
      ]
    )
  }

  func getPackageVersionReadme(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (path, version) = call.packageVersion()
    try call.input.finish()
    try await authorize(call, to: .getPackageVersionReadme, on: arn(path))
    let found = try await depotCall { () throws(RepositoryError) in
      try await depot.packageVersionReadme(
        of: version,
        path.coordinates,
        in: path.repository
      )
    }
    return Self.reply(
      about: found.version,
      of: path.coordinates,
      [
        "readme": .string(found.readme)
      ]
    )
  }
}

import Access
import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

extension CodeArtifactAPI {
  func listPackageVersionAssets(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (path, version) = call.packageVersion()
    let page = call.page(default: 100)
    try call.input.finish()
    try await authorize(call, to: .listPackageVersionAssets, on: arn(path))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listPackageVersionAssets(
        of: version,
        path.coordinates,
        in: path.repository,
        limit: page.limit,
        token: page.token
      )
    }
    return Self.reply(
      about: listing.version,
      of: path.coordinates,
      [
        "nextToken": .text(listing.assets.nextToken),
        "assets": .array(listing.assets.items.map(Self.summary)),
      ]
    )
  }

  /// Answers with the asset's bytes; what else there is to say goes into headers.
  func getPackageVersionAsset(_ call: inout Call) async throws(Fault) -> Reply {
    let (path, version) = call.packageVersion()
    let name = call.input.required("asset", member: "asset", .assetName)
    let revision = call.input.optional(
      "revision",
      member: "packageVersionRevision",
      .revision
    )
    try call.input.finish()
    try await authorize(call, to: .getPackageVersionAsset, on: arn(path))
    let found = try await depotCall { () throws(RepositoryError) in
      try await depot.packageVersionAsset(
        name,
        of: version,
        path.coordinates,
        in: path.repository,
        revision: revision
      )
    }
    let headers: HTTPFields = [
      .contentType: "application/octet-stream",
      .assetName: found.asset.name,
      .packageVersion: found.version.version,
      .packageVersionRevision: found.version.revision,
    ]
    let byteCount = UInt64(clamping: found.asset.byteCount)
    return Reply(
      .ok,
      headers: headers,
      body: .blob(
        BlobName(found.asset.digests.sha256, scope: found.domain.rawValue),
        0..<byteCount
      )
    )
  }

  private static func summary(of asset: AssetRecord) -> JSONValue {
    summary(named: asset.name, byteCount: asset.byteCount, asset.digests)
  }

  /// The model's `AssetSummary`.
  static func summary(
    named name: String,
    byteCount: Int64,
    _ digests: AssetDigests
  ) -> JSONValue {
    let hashes = JSONValue.members([
      "MD5": .string(Hexadecimal.encode(digests.md5)),
      "SHA-1": .string(Hexadecimal.encode(digests.sha1)),
      "SHA-256": .string(digests.sha256.hexadecimal),
      "SHA-512": .string(Hexadecimal.encode(digests.sha512)),
    ])
    return .members([
      "name": .string(name),
      "size": .integer(byteCount),
      "hashes": hashes,
    ])
  }
}

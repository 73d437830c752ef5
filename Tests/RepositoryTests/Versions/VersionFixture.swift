import Bytes
import Catalog

@testable import Repository

/// Shorthand for tests about versions: a blob is a number, and its size follows from it.
extension DepotFixture {
  static func asset(_ name: String, blob: UInt64) -> VersionArrival.Asset {
    VersionArrival.Asset(
      name: name,
      byteCount: Int64(100 + blob),
      digests: AssetDigests(
        md5: [1],
        sha1: [2],
        sha256: SHA256Digest(words: (blob, 0, 0, 1)),
        sha512: [3]
      ),
      uploadedAt: Timestamp(seconds: 5)
    )
  }

  func domain() async throws -> DomainRecord {
    try await depot.describeDomain(owner: Self.account, name: "shop")
  }

  func status(
    _ version: String,
    of package: PackageCoordinates,
    in repository: String
  ) async throws -> String? {
    let path = path(repository)
    return try await depot.read { rows in
      let (repository, _) = try rows.requireRepository(path)
      return try rows.package(package, in: repository.id)
        .flatMap { try rows.version(version, of: $0.id) }?.status.rawValue
    }
  }

  func copy(
    _ versions: [String],
    of package: PackageCoordinates,
    from source: String,
    to destination: String,
    revisions: [String: String] = [:],
    overwriting: Bool = false,
    includingUpstreams: Bool = false
  ) async throws -> VersionBatch.Result {
    try await depot.copyVersions(
      VersionCopying(
        VersionBatch(versions, revisions: revisions),
        of: package,
        from: path(source),
        to: path(destination),
        allowsOverwriting: overwriting,
        includesUpstreams: includingUpstreams
      )
    )
  }
}

extension VersionBatch.Result {
  /// Each version with its status, or with why it failed.
  var outcomes: [String: String] {
    var outcomes: [String: String] = [:]
    for success in successful { outcomes[success.version] = success.status }
    for (version, failure) in failed { outcomes[version] = failure.code.rawValue }
    return outcomes
  }

  func message(of version: String) -> String? {
    failed.first { $0.version == version }?.failure.message
  }
}

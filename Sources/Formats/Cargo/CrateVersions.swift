import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for single versions: their archives, their yanks, and their list.
struct CrateVersions: Sendable {
  let depot: Depot
  let names: CrateSpellings

  /// A version's archive; yanked ones too, for lock files name them.
  func download(
    _ name: CrateName,
    _ version: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard CrateVersion(version) != nil,
      let file = try await file(of: name, version, in: path)
    else {
      return CargoReply.failure(
        .notFound,
        "Repository \(path.repository) has no crate \(name.spelling) \(version)."
      )
    }
    return FileReply.make(file, for: request)
  }

  /// Cargo asks by the crate's own spelling; other clients are shown to it.
  private func file(
    of name: CrateName,
    _ version: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> FoundFile? {
    guard try await names.otherSpelling(of: name, in: path) == nil else { return nil }
    let coordinates = CrateSpellings.coordinates(name)
    let fileName = CrateIndexFile.fileName(of: name.spelling, version)
    let direct = try await depot.packageFile(fileName, of: coordinates, version: version, in: path)
    if let direct { return direct }
    let listing = try await depot.package(coordinates, in: path)?.listing
    let listed = listing?.versions.first { $0.version == version }?.files
      .first { $0.name.hasSuffix(".crate") }
    guard let listed, listed.name != fileName else { return nil }
    return try await depot.packageFile(listed.name, of: coordinates, version: version, in: path)
  }

  func setYanked(
    _ isYanked: Bool,
    _ name: CrateName,
    _ version: String,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    let coordinates = CrateSpellings.coordinates(name)
    try await caller.requireUpdating(of: coordinates)
    let changed = try await depot.amendVersion(version, of: coordinates, in: caller.path) {
      switch $0.status {
      case .published, .unlisted: $0.status = isYanked ? .unlisted : .published
      default: break
      }
    }
    guard changed != nil else {
      return CargoReply.failure(
        .notFound,
        "Repository \(caller.path.repository) itself holds no crate \(name.spelling) \(version); "
          + "what it shows of other repositories is yanked there."
      )
    }
    return CargoReply.ok()
  }

  /// The list of versions with their times, in crates.io's form.
  func list(
    _ name: CrateName,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let package = try await names.package(name, in: path) else {
      return CargoReply.failure(
        .notFound,
        "Repository \(path.repository) knows no crate \(name.spelling)."
      )
    }
    let listing = package.listing
    var reply = CargoReply.success { writer in
      writer.name("versions")
      writer.beginArray()
      for version in listing.versions { writer.value(Self.summary(of: version, listing.name)) }
      writer.endArray()
    }
    reply.headers.tell(staleness: package.staleness)
    return reply
  }

  private static func summary(of version: ListedVersion, _ crate: String) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("crate", .string(version.metadata["name"]?.string ?? crate)),
      .init("num", .string(version.version)),
      .init("yanked", .bool(!version.isListed)),
      .init("dl_path", .string("/api/v1/crates/\(crate)/\(version.version)/download")),
    ]
    if let time = version.publishedAt { members.append(.init("created_at", .string(time.text))) }
    for (name, value) in [
      ("checksum", version.metadata["cksum"]), ("features", version.metadata["features"]),
      ("links", version.metadata["links"]), ("rust_version", version.metadata["rust_version"]),
      ("license", version.metadata[CrateIndexFile.aboutMember]?["license"]),
    ] {
      if let value { members.append(.init(name, value)) }
    }
    return .object(members)
  }
}

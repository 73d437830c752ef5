import Bytes
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for gems and for their specifications beside them.
struct GemFiles: Sendable {
  let depot: Depot
  let documents: RenderedDocuments

  /// A gem by `name-version[-platform]`; a yanked one is gone, while one that only was taken off
  /// the lists can still be had by those who have it in a lock file.
  func gem(
    _ fullName: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    for identity in try await candidates(fullName, in: path) {
      guard let found = try await version(identity, in: path) else { continue }
      guard !GemListing.isYanked(found.version) else {
        return .text(.notFound, "\(fullName).gem was yanked from repository \(path.repository).")
      }
      let file = try await depot.packageFile(
        identity.fileName,
        of: RubyFormat.coordinates(identity.name),
        version: identity.version,
        in: path
      )
      if let file { return FileReply.make(file, for: request) }
    }
    return Self.absent("\(fullName).gem", path)
  }

  /// A specification in Marshal: written from what is known of gems published here, passed on for
  /// those of a registry.
  func specification(
    _ fullName: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    for identity in try await candidates(fullName, in: path) {
      guard let found = try await version(identity, in: path),
        !GemListing.isYanked(found.version)
      else { continue }
      if let bytes = LegacyGemIndex.specification(of: identity, found.version) {
        return await documents.reply(
          to: request,
          key: "ruby specification \(path) \(fullName)",
          stamp: found.package.stamp,
          contentType: "application/octet-stream",
          staleness: found.package.staleness
        ) { bytes }
      }
      let file = try await depot.packageFile(
        identity.specificationName,
        of: RubyFormat.coordinates(identity.name),
        version: identity.version,
        in: path
      )
      if let file { return FileReply.make(file, for: request) }
    }
    return Self.absent("\(fullName).gemspec.rz", path)
  }

  /// What a name may mean, in the order in which to look.
  ///
  /// `acme-2-tools-1.0` may be a gem `acme`, too, of platform `tools-1.0`. Before any registry is
  /// asked for that, all candidates are looked for in what is known; and where the domain alone
  /// knows the longer name, nobody outside is asked for the shorter one.
  private func candidates(
    _ fullName: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [GemIdentity] {
    let all = GemIdentity.candidates(fullName: fullName)
    guard all.count > 1 else { return all }
    let known = try await depot.keptPackages(
      all.map { RubyFormat.coordinates($0.name) },
      in: path
    )
    let listed = zip(all, known).filter { identity, package in
      package?.listing.versions.contains { $0.version == identity.version } ?? false
    }
    guard listed.isEmpty else {
      let own = listed.filter { $0.1?.reachesNoRegistry ?? false }
      return (own.isEmpty ? listed : own).map(\.0)
    }
    let own = known.lastIndex { $0?.reachesNoRegistry ?? false }
    return own.map { Array(all[$0...]) } ?? all
  }

  private func version(
    _ identity: GemIdentity,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> (version: ListedVersion, package: MergedPackage)? {
    let coordinates = RubyFormat.coordinates(identity.name)
    let isWanted: @Sendable (ListedVersion) -> Bool = { $0.version == identity.version }
    let package = try await depot.package(coordinates, in: path) {
      $0.versions.contains(where: isWanted)
    }
    guard let package, let version = package.listing.versions.first(where: isWanted) else {
      return nil
    }
    return (version, package)
  }

  private static func absent(_ name: String, _ path: RepositoryPath) -> Reply {
    .text(.notFound, "Repository \(path.repository) has no file \(name).")
  }
}

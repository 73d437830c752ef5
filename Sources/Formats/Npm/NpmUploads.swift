import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Takes what clients PUT to a package's address: a new version, or a change of what is there.
struct NpmUploads: Sendable {
  private let depot: Depot
  private let changes: NpmChanges

  init(depot: Depot, changes: NpmChanges) {
    self.depot = depot
    self.changes = changes
  }

  /// Takes a new version when an archive is attached, and a change of the package otherwise.
  func accept(_ name: NpmName, _ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    // Before the body, which may be long.
    try await visit.caller.requirePublishing(of: name.coordinates)
    let (document, body) = try await NpmBody.read(
      visit.request,
      into: depot.desk(at: visit.caller.path)
    )
    guard let archive = body.archive else {
      return try await changes.apply(try Self.change(document, name), to: name, visit)
    }
    do {
      try await publish(document, archive, body.provenance, name, visit)
    } catch {
      await body.cancel()
      throw error
    }
    return .npm(.created, .object([.init("ok", .bool(true)), .init("success", .bool(true))]))
  }

  /// Takes a change of the package as it was at a revision.
  func change(
    _ name: NpmName,
    at revision: String,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> Reply {
    try await visit.caller.requireUpdating(of: name.coordinates)
    let (document, body) = try await NpmBody.read(
      visit.request,
      into: depot.desk(at: visit.caller.path)
    )
    guard body.archive == nil else {
      await body.cancel()
      throw .npm(MalformedInput("package document", "a revision takes no attachments"))
    }
    let change = try Self.change(document, name)
    return try await changes.apply(change, to: name, at: revision, visit)
  }

  private static func change(
    _ document: JSONMembers,
    _ name: NpmName
  ) throws(RepositoryError) -> NpmChange {
    do { return try NpmChange(document, of: name) } catch { throw .npm(error) }
  }

  private func publish(
    _ document: JSONMembers,
    _ archive: NpmBody.Archive,
    _ provenance: (name: String, bytes: [UInt8])?,
    _ name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) {
    try await requireGoodName(name, visit)
    let publication: NpmPublication
    let contents: NpmArchive.Contents
    do {
      publication = try NpmPublication(document, of: name)
      contents = try archive.reader.finish()
      try publication.check(contents)
      try Self.check(archive, against: publication)
    } catch { throw .npm(error) }
    let staged = try await archive.upload.finish()
    var manifest = NpmManifest(
      publication.manifest,
      of: name,
      version: publication.version,
      archive: contents
    )
    try Self.check(manifest.dist, staged)
    manifest.readme = publication.readme.flatMap(NpmManifest.keptReadme) ?? contents.readme
    manifest.setRegistryMember("_npmUser", visit.person)
    var files = [VersionPublication.File(name: PackageListing.npmArchiveName, staged: staged)]
    var attestations: JSONValue?
    if let provenance {
      let attested = try await stage(provenance.bytes, in: visit.caller.path)
      files.append(attested.file)
      attestations = attested.summary
    }
    manifest.dist = Self.dist(staged, contents, attestations)
    try await record(publication, manifest, files, visit)
  }

  private func record(
    _ publication: NpmPublication,
    _ manifest: NpmManifest,
    _ files: [VersionPublication.File],
    _ visit: NpmVisit
  ) async throws(RepositoryError) {
    let (tags, version, person) = (publication.tags, publication.version, visit.person)
    let now = UploadTime(microseconds: depot.clock.now().microseconds)
    _ = try await depot.publish(
      VersionPublication(
        repository: visit.path,
        package: publication.name.coordinates,
        displayName: publication.name.base,
        version: version,
        metadata: manifest.metadata,
        files: files,
        mustBeNew: true,
        amend: { attributes in
          var known = attributes["dist-tags"] ?? .object([])
          for tag in tags { known = known.setting(tag, .string(version)) }
          return attributes.setting("dist-tags", known)
            .setting("maintainers", attributes["maintainers"] ?? .array([person]))
            .setting("modified", .string(now.npmText))
        }
      )
    )
  }

  /// Refuses names that nothing new may have, and a first version of a name that differs from a
  /// known one in capitals only: people and file systems take them for the same.
  ///
  /// Names that differ in punctuation are both taken: the public registry has had many such pairs
  /// (`camelcase` and `camel-case`), and a private one must be able to hold them.
  private func requireGoodName(_ name: NpmName, _ visit: NpmVisit) async throws(RepositoryError) {
    if let obstacle = name.publishingObstacle {
      throw .npm(MalformedInput("name \(name)", obstacle))
    }
    let other = try await depot.otherCapitals(of: name.coordinates, in: visit.path)
    if let other = other.flatMap({ NpmName($0) }) {
      throw RepositoryError(
        .conflict,
        "The name \(name) differs from \(other), which is there, in capitals only.",
        resourceID: name.text,
        resourceType: .package
      )
    }
  }

  private static func check(
    _ archive: NpmBody.Archive,
    against publication: NpmPublication
  ) throws(MalformedInput) {
    let declared = publication.attachments.first { $0.name == archive.name }?.byteCount
    if let declared, declared != archive.byteCount {
      throw MalformedInput(
        "publish document",
        "\(archive.name) has \(archive.byteCount) bytes, and is declared to have \(declared)"
      )
    }
  }

  private static func check(
    _ dist: JSONValue,
    _ staged: StagedAsset
  ) throws(RepositoryError) {
    if let algorithm = NpmIntegrity.mismatch(of: dist, with: staged.digests) {
      throw .npm(
        MalformedInput("archive", "its \(algorithm) is not the one that the document states")
      )
    }
  }

  private static func dist(
    _ staged: StagedAsset,
    _ contents: NpmArchive.Contents,
    _ attestations: JSONValue?
  ) -> JSONValue {
    JSONValue.object([
      .init("integrity", .string(NpmIntegrity.text(of: staged.digests))),
      .init("shasum", .string(Hexadecimal.encode(staged.digests.sha1))),
      .init("fileCount", .number(String(contents.fileCount))),
      .init("unpackedSize", .number(String(contents.unpackedByteCount))),
    ]).setting("attestations", attestations)
  }

  /// Keeps what the attestations endpoint will answer as a file of the version.
  private func stage(
    _ bundle: [UInt8],
    in path: RepositoryPath
  ) async throws(RepositoryError) -> (file: VersionPublication.File, summary: JSONValue) {
    let (document, summary): ([UInt8], JSONValue)
    do {
      document = try NpmAttestations.document(of: bundle)
      summary = try NpmAttestations.summary(of: bundle)
    } catch { throw .npm(error) }
    let upload = try await depot.makeUpload(into: path)
    try await upload.write(document)
    let staged = try await upload.finish()
    return (.init(name: PackageListing.npmAttestationsName, staged: staged), summary)
  }
}

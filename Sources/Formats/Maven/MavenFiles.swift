import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for the files of versions, and for their checksums, which are computed from what is
/// stored and never kept.
struct MavenFiles: Sendable {
  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  func reply(
    to request: Request,
    _ file: MavenFile,
    _ checksum: ChecksumAlgorithm?,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let found = try await find(file, in: path) else {
      return await absence(of: file, in: path)
    }
    // A name that spells `-SNAPSHOT` out means another file after the next deployment, or an older
    // one when that is deleted.
    let date = file.version == nil ? nil : self.date(of: found)
    var reply: Reply
    if let checksum {
      reply = Self.reply(try await Self.digest(checksum, of: found), to: request)
      reply.headers[.lastModified] = date?.httpDate
    } else {
      reply = Self.reply(found, named: file.name, dated: date, to: request)
    }
    if file.version == nil { reply.headers[.cacheControl] = "private, no-cache" }
    return reply
  }

  /// Says what is missing; of an unfinished version too, of which nothing can be had, what finishes
  /// it: Ivy and the `ivy-publish` of Gradle send no metadata unless they are told to.
  private func absence(of file: MavenFile, in path: RepositoryPath) async -> Reply {
    var text =
      "Repository \(path.repository) has no file \(file.name) of \(file.coordinates) "
      + "\(file.folder)."
    if let version = file.version, await isUnfinished(version, of: file.coordinates, in: path) {
      text +=
        " The version is unfinished: it can be had once its maven-metadata.xml is uploaded, or its "
        + "status set to Published (aws codeartifact update-package-versions-status)."
    }
    return .text(.notFound, text)
  }

  private func isUnfinished(
    _ version: String,
    of package: PackageCoordinates,
    in path: RepositoryPath
  ) async -> Bool {
    let record = try? await depot.describePackageVersion(version, of: package, in: path)
    return record?.status == .unfinished
  }

  private func find(
    _ file: MavenFile,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> FoundFile? {
    if let version = file.version {
      return try await depot.packageFile(
        file.name,
        of: file.coordinates,
        version: version,
        in: path
      )
    }
    guard let rest = file.literalRest else { return nil }
    return try await newest(rest, of: file, in: path)
  }

  /// The newest build's file behind a name that spells `-SNAPSHOT` out.
  private func newest(
    _ rest: String,
    of file: MavenFile,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> FoundFile? {
    guard let package = try await depot.package(file.coordinates, in: path) else { return nil }
    let base = String(file.folder.dropLast(SnapshotBuild.ending.count))
    let builds = MavenMetadata.builds(of: base, in: package.listing).reversed()
    for (build, version) in builds {
      let name = "\(file.artifact)-\(build.version)\(rest)"
      guard version.files.contains(where: { $0.name == name }) else { continue }
      return try await depot.packageFile(
        name,
        of: file.coordinates,
        version: build.version,
        in: path
      )
    }
    return nil
  }

  /// Waits for a file on its way: its checksum is known when the last byte is.
  private static func digest(
    _ checksum: ChecksumAlgorithm,
    of found: FoundFile
  ) async throws(RepositoryError) -> String {
    switch found {
    case .arriving(let file): return checksum.hexadecimal(of: try await file.digests())
    case .stored(let file):
      guard let digests = file.digests else {
        throw RepositoryError(.internalFailure, "Blob \(file.key) came without its digests.")
      }
      return checksum.hexadecimal(of: digests)
    }
  }

  /// With checksums in the headers, by which Maven 3.9 and later spare themselves a request.
  private static func reply(
    _ file: FoundFile,
    named name: String,
    dated date: UploadTime?,
    to request: Request
  ) -> Reply {
    var reply =
      if case .stored(let stored) = file {
        FileReply.make(stored, for: request, dated: date)
      } else {
        FileReply.make(file, for: request)
      }
    guard reply.status.kind == .successful else { return reply }
    reply.headers[.contentType] = MavenContentType.of(name)
    guard case .stored(let stored) = file, let digests = stored.digests else { return reply }
    reply.headers[.checksumSHA1] = ChecksumAlgorithm.sha1.hexadecimal(of: digests)
    reply.headers[.checksumMD5] = ChecksumAlgorithm.md5.hexadecimal(of: digests)
    return reply
  }

  /// When a file came, as Maven's clients want to know it; nil for one on its way, and for a date
  /// that is yet to come, which no server may send (RFC 9110 section 8.8.2.1).
  private func date(of file: FoundFile) -> UploadTime? {
    guard case .stored(let stored) = file, let time = stored.storedAt, time <= depot.clock.now()
    else { return nil }
    return UploadTime(microseconds: time.microseconds)
  }

  private static func reply(_ text: String, to request: Request) -> Reply {
    let tag = EntityTag(text)
    var headers: HTTPFields = [
      .eTag: tag.text, .cacheControl: "private, max-age=31536000, immutable",
      .vary: "Authorization",
    ]
    if tag.matches(ifNoneMatch: request.headers[values: .ifNoneMatch]) {
      return Reply(.notModified, headers: headers)
    }
    headers[.contentType] = "text/plain"
    return Reply(.ok, headers: headers, body: .bytes(Array(text.utf8)))
  }
}

extension HTTPField.Name {
  static let checksumSHA1 = HTTPField.Name("X-Checksum-SHA1") ?? .eTag
  static let checksumMD5 = HTTPField.Name("X-Checksum-MD5") ?? .eTag
}

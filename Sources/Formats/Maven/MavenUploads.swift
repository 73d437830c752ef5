import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Takes files of versions, and compares checksums (CodeArtifact user guide, "Publish Maven
/// artifacts").
///
/// A version is unfinished, and nobody can see it, until its `maven-metadata.xml` comes.
struct MavenUploads: Sendable {
  /// How long a checksum file may be, in bytes: the digest and perhaps a file's name.
  static let checksumByteLimit = 4 << 10

  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// Publishes a file into its version.
  ///
  /// The same bytes again are a success.
  func accept(
    _ request: Request,
    as file: MavenFile,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let version = file.version else {
      throw .refusedUpload(
        "\(file.name) has no build in its name. Snapshots are taken with timestamped names alone, "
          + "such as \(file.artifact)-\(file.folder.dropLast(9))-20210728.194552-1.jar; Maven 3 "
          + "and later send those."
      )
    }
    let upload = try await RawUpload.receive(
      request,
      into: depot.desk(at: path),
      keepingUpTo: file.isProjectObjectModel ? ProjectObjectModel.maximumByteCount : 0
    )
    guard upload.staged.byteCount > 0 else {
      throw .refusedUpload("\(file.name) is empty; no file of a Maven repository is.")
    }
    let description = Self.description(file, upload)
    let record = try await depot.publish(
      VersionPublication(
        repository: path,
        package: file.coordinates,
        displayName: file.artifact,
        version: version,
        status: .unfinished,
        metadata: description,
        files: [.init(name: file.name, staged: upload.staged)]
      )
    )
    try await complete(record, of: file, with: description, in: path)
    let tag = EntityTag(upload.staged.key.hexadecimal)
    return .text(.created, "Received \(file.name).", headers: [.eTag: tag.text])
  }

  /// What the project file says; one that cannot be read is taken all the same and says nothing.
  private static func description(_ file: MavenFile, _ upload: RawUpload) -> JSONValue {
    guard file.isProjectObjectModel, let bytes = upload.bytes,
      let project = try? ProjectObjectModel(reading: bytes)
    else { return .object([]) }
    return project.metadata
  }

  /// Adds a description to a version that remembers something else already.
  private func complete(
    _ record: VersionRecord,
    of file: MavenFile,
    with description: JSONValue,
    in path: RepositoryPath
  ) async throws(RepositoryError) {
    let kept = (try? JSONReader.read(Array(record.metadata.utf8))) ?? .object([])
    guard kept.adding(description) != kept else { return }
    _ = try await depot.amendVersion(record.version, of: file.coordinates, in: path) {
      $0.metadata = $0.metadata.adding(description)
    }
  }

  /// Compares a checksum with the file it belongs to; nothing is stored.
  ///
  /// - Throws: `notFound` without that file, `validation` when it is another: an unfinished version
  ///   then cannot be finished until the right checksum came.
  func compare(
    _ request: Request,
    _ checksum: ChecksumAlgorithm,
    of file: MavenFile,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let said = try await Self.digest(checksum, in: request)
    guard let version = file.version else {
      throw .refusedUpload("\(file.name) has no build in its name.")
    }
    let found = try await depot.packageVersionAsset(
      file.name,
      of: version,
      file.coordinates,
      in: path
    )
    let isRight = checksum.hexadecimal(of: found.asset.digests) == said
    try await note("\(file.name).\(checksum)", isRight: isRight, for: found.version, file, path)
    guard isRight else {
      throw .refusedUpload(
        "The \(checksum) of \(file.name) is not \(said): the file came in damaged. Delete version "
          + "\(version) and deploy it again."
      )
    }
    return .text(.created, "Compared \(file.name).")
  }

  private func note(
    _ name: String,
    isRight: Bool,
    for version: VersionRecord,
    _ file: MavenFile,
    _ path: RepositoryPath
  ) async throws(RepositoryError) {
    let metadata = (try? JSONReader.read(Array(version.metadata.utf8))) ?? .object([])
    let isNoted = MavenVersionState.mismatches(in: metadata).contains(name)
    guard version.status == .unfinished, isRight == isNoted else { return }
    _ = try await depot.amendVersion(version.version, of: file.coordinates, in: path) {
      MavenVersionState.note(name, isRight: isRight, in: &$0.metadata)
    }
  }

  /// Reads a checksum file.
  ///
  /// The digits are compared as they are spelt, as the service does: capitals are another text.
  static func digest(
    _ checksum: ChecksumAlgorithm,
    in request: Request
  ) async throws(RepositoryError) -> String {
    let bytes: [UInt8]
    do { bytes = try await request.body.collect(upTo: checksumByteLimit) } catch {
      throw RepositoryError(receiving: error)
    }
    guard let digest = checksum.find(in: bytes) else {
      throw .refusedUpload(
        "There are no \(checksum.digitCount) hexadecimal digits in what should be a \(checksum)."
      )
    }
    return digest
  }
}

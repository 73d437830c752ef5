import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// The endpoint of Maven repositories, for Maven, Gradle, Ivy and all else that reads the "maven2"
/// layout: files by path, `maven-metadata.xml`, and checksums of both.
struct MavenFormat: FormatEndpoint {
  private let files: MavenFiles
  private let documents: MavenDocuments
  private let uploads: MavenUploads
  private let metadataUploads: MavenMetadataUploads

  init(depot: Depot, documents: RenderedDocuments) {
    self.files = MavenFiles(depot: depot)
    self.documents = MavenDocuments(depot: depot, documents: documents)
    self.uploads = MavenUploads(depot: depot)
    self.metadataUploads = MavenMetadataUploads(depot: depot)
  }

  func respond(
    to request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    let path = MavenPath(endpoint.rest)
    switch request.method {
    case .get, .head:
      try await caller.requireReading()
      guard let path else { return Self.absent(endpoint) }
      return try await read(path, request, in: caller.path)
    case .put:
      guard let path else { throw .refusedUpload(Self.layout) }
      return try await write(path, request, for: caller)
    default: return .methodNotAllowed("GET, HEAD, PUT")
    }
  }

  private func read(
    _ path: MavenPath,
    _ request: Request,
    in repository: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    switch path {
    case .file(let file, let checksum):
      try await files.reply(to: request, file, checksum, in: repository)
    case .metadata(let group, let artifact, let checksum):
      try await documents.package(group, artifact, checksum, request, in: repository)
    case .snapshotMetadata(let group, let artifact, let base, let checksum):
      try await documents.snapshot(group, artifact, base, checksum, request, in: repository)
    }
  }

  private func write(
    _ path: MavenPath,
    _ request: Request,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    switch path {
    case .file(let file, nil):
      try await caller.requirePublishing(of: file.coordinates)
      return try await uploads.accept(request, as: file, in: caller.path)
    case .file(let file, let checksum?):
      try await caller.requirePublishing(of: file.coordinates)
      return try await uploads.compare(request, checksum, of: file, in: caller.path)
    case .metadata(let group, let artifact, nil):
      return try await metadataUploads.accept(request, group, artifact, from: caller)
    case .snapshotMetadata(let group, let artifact, let base, nil):
      let package = PackageCoordinates(format: .maven, namespace: group, name: artifact)
      try await caller.requireTagging(of: package)
      return try await metadataUploads.accept(request, of: package, base: base, in: caller.path)
    case .metadata(let group, let artifact, let checksum?):
      let package = PackageCoordinates(format: .maven, namespace: group, name: artifact)
      try await caller.requireTagging(of: package)
      return try await metadataUploads.passOver(request, checksum)
    case .snapshotMetadata(let group, let artifact, _, let checksum?):
      let package = PackageCoordinates(format: .maven, namespace: group, name: artifact)
      try await caller.requireTagging(of: package)
      return try await metadataUploads.passOver(request, checksum)
    }
  }

  private static let layout =
    "Files are at {group/as/path}/{artifact}/{version}/{file}; names have letters, digits, `_`, "
    + "`-` and `.`."

  private static func absent(_ endpoint: RepositoryEndpoint) -> Reply {
    .text(
      .notFound,
      "Repository \(endpoint.path.repository) has nothing at this address. \(layout)"
    )
  }
}

extension MavenFile {
  /// The package that the file belongs to.
  var coordinates: PackageCoordinates {
    PackageCoordinates(format: .maven, namespace: group, name: artifact)
  }
}

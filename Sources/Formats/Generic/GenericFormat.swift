import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Files under any name, for curl: `{namespace}/{package}/{version}/{asset}` below the repository's
/// address answers to GET, HEAD and PUT.
///
/// The API's rules hold here too (CodeArtifact user guide, "Generic packages overview"): never
/// resolved through upstreams, bytes of a name never change, and a version closed by the API stays
/// closed. A version that was begun here by a plain PUT takes more files, since curl has no call
/// that would finish it; one that was begun with `?unfinished=true` is shown, and closed, by the
/// first PUT without.
struct GenericFormat: FormatEndpoint {
  /// The member of a version's metadata that says that it takes more files though it is published.
  private static let openName = "takesMoreFiles"

  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  func respond(
    to request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    guard let address = GenericAddress(endpoint.rest) else {
      return .text(
        .notFound,
        "There is nothing at this address. Files are at {namespace}/{package}/{version}/{asset}."
      )
    }
    switch request.method {
    case .get, .head:
      try await caller.requireReading()
      return try await read(address, request, in: caller.path)
    case .put:
      try await caller.requirePublishing(of: address.coordinates)
      return try await publish(request, as: address, in: caller.path)
    default: return .methodNotAllowed("GET, HEAD, PUT")
    }
  }

  private func read(
    _ address: GenericAddress,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let file = try await depot.packageFile(
      address.asset,
      of: address.coordinates,
      version: address.version,
      in: path
    )
    guard let file else {
      return .text(.notFound, "Repository \(path.repository) has no file \(address).")
    }
    return FileReply.make(file, for: request)
  }

  private func publish(
    _ request: Request,
    as address: GenericAddress,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    if let flaw = address.flaw { throw .refusedUpload(flaw) }
    let (version, asset) = try await held(address, in: path)
    if asset != nil, request.headers[.ifNoneMatch]?.contains("*") == true {
      return .text(.preconditionFailed, "\(address) is there already, and If-None-Match is `*`.")
    }
    if asset == nil, let version, version.status != .unfinished, !Self.takesMore(version) {
      throw RepositoryError(
        .conflict,
        "Version \(address.version) of \(address.package) is published and takes no more files; "
          + "choose another version.",
        resourceID: address.version,
        resourceType: .packageVersion
      )
    }
    let upload = try await RawUpload.receive(request, into: depot.desk(at: path))
    let isUnfinished = request.target.query?.contains { $0 == ("unfinished", "true") } == true
    let isOpen = version == nil && !isUnfinished
    _ = try await depot.publish(
      VersionPublication(
        repository: path,
        package: address.coordinates,
        displayName: address.package,
        version: address.version,
        status: isUnfinished ? .unfinished : .published,
        metadata: isOpen ? .object([.init(Self.openName, .bool(true))]) : .object([]),
        files: [.init(name: address.asset, staged: upload.staged)]
      )
    )
    let tag = EntityTag(upload.staged.key.hexadecimal)
    return .text(
      asset == nil ? .created : .ok,
      "\(upload.staged.key.hexadecimal)  \(address.asset)",
      headers: [.eTag: tag.text]
    )
  }

  /// What the repository itself has at the address.
  private func held(
    _ address: GenericAddress,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> (version: VersionRecord?, asset: AssetRecord?) {
    let version = try await depot.ifFound { () async throws(RepositoryError) in
      try await depot.describePackageVersion(
        address.version,
        of: address.coordinates,
        in: path
      )
    }
    guard version != nil else { return (nil, nil) }
    let found = try await depot.ifFound { () async throws(RepositoryError) in
      try await depot.packageVersionAsset(
        address.asset,
        of: address.version,
        address.coordinates,
        in: path
      )
    }
    return (version, found?.asset)
  }

  private static func takesMore(_ version: VersionRecord) -> Bool {
    (try? JSONReader.read(Array(version.metadata.utf8)))?[openName]?.bool == true
  }
}

extension Depot {
  /// Runs a control call that says `notFound` where it means that something is not there.
  func ifFound<Value>(
    _ call: () async throws(RepositoryError) -> Value
  ) async throws(RepositoryError) -> Value? {
    do { return try await call() } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
  }
}

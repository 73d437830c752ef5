import BlobEngine
import Catalog
import Exchange
import FormatRules
import Formats
import Foundation
import HTTPTypes
import Repository
import Synchronization
import Testing

/// A depot with three repositories behind the endpoints; no sockets.
///
/// `central` is connected to a scripted public registry, `shared` holds what is published to it,
/// and `team` has both as upstreams, `shared` first.
final class MavenHouse: Sendable {
  static let owner = "123456789012"

  let depot: Depot
  let registry = ScriptedMaven()
  let clock = ManualClock()
  private let token: String
  private let formats: Formats
  private let blobs: BlobStore
  private let folder: URL

  init() async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "maven-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    blobs = try await BlobStore.open(
      at: folder.appending(path: "blobs").path,
      options: StoreOptions(segmentByteCount: 1 << 20, recentByteLimit: 1 << 20)
    )
    depot = try Depot(
      catalog: try Catalog.open(at: folder.appending(path: "catalog.sqlite").path),
      blobs: blobs,
      external: registry,
      clock: clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      options: DepotOptions(region: "us-east-1"),
      formats: Formats.registries
    )
    formats = Formats(depot: depot)
    let administrator = try await depot.bootstrap(account: Self.owner).identity.principal
    _ = try await depot.createDomain(owner: Self.owner, name: "my-domain")
    for (name, upstreams) in [("central", []), ("shared", []), ("team", ["shared", "central"])] {
      _ = try await depot.createRepository(
        Self.path(name),
        administrator: Self.owner,
        upstreams: upstreams
      )
    }
    _ = try await depot.associateExternalConnection(
      "public:maven-central",
      with: Self.path("central")
    )
    token = try await depot.issueToken(
      for: administrator,
      owner: Self.owner,
      domain: "my-domain",
      duration: .seconds(3600)
    ).text
  }

  static func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(owner: owner, domain: "my-domain", repository: repository)
  }

  /// Runs `body` in a house of its own.
  static func run(_ body: (MavenHouse) async throws -> Void) async throws {
    let house = try await MavenHouse()
    let outcome = await Result { try await body(house) }
    await house.blobs.close()
    try? FileManager.default.removeItem(at: house.folder)
    try outcome.get()
  }

  func send(
    _ method: HTTPRequest.Method,
    _ path: String,
    in repository: String = "team",
    format: String = "maven",
    _ headers: HTTPFields = [:],
    body: RequestBody = .empty
  ) async -> Reply {
    var headers = headers
    headers[.authorization] = "Bearer \(token)"
    return await formats.respond(
      to: Request(
        method: method,
        target: Target("/\(format)/d/my-domain-\(Self.owner)/\(repository)/\(path)"),
        headers: headers,
        body: body
      )
    )
  }

  func put(
    _ path: String,
    _ text: String,
    in repository: String = "team",
    format: String = "maven",
    _ headers: HTTPFields = [:]
  ) async -> HTTPResponse.Status {
    let body = RequestBody(pieces: Array(text.utf8), of: 7)
    return await send(.put, path, in: repository, format: format, headers, body: body).status
  }

  /// The body of a successful GET; nil for any other answer.
  func get(
    _ path: String,
    in repository: String = "team",
    format: String = "maven"
  ) async throws -> String? {
    let reply = await send(.get, path, in: repository, format: format)
    guard reply.status == .ok else { return nil }
    return String(decoding: try await bytes(reply), as: UTF8.self)
  }

  func bytes(_ reply: Reply) async throws -> [UInt8] {
    switch reply.body {
    case .bytes(let bytes): return bytes
    case .blob(let key, let range): return try await depot.contents(of: key, range: range) ?? []
    case .stream(_, let stream):
      var bytes: [UInt8] = []
      while let chunk = try await stream.next() { bytes += chunk }
      await depot.settle()
      return bytes
    }
  }

  func metadata(_ folder: String, in repository: String = "team") async throws -> MavenMetadata? {
    try await get("\(folder)/maven-metadata.xml", in: repository)
      .map { try MavenMetadata(reading: Array($0.utf8)) }
  }

  /// Deploys a release as Maven does, with a jar whose bytes are `jar`.
  func deploy(
    _ version: String,
    jar: String = "jar",
    in repository: String = "team"
  ) async throws {
    let folder = "org/acme/widget/\(version)/widget-\(version)"
    for (name, text) in [("\(folder).jar", "\(jar) \(version)"), ("\(folder).pom", "<project/>")] {
      try #require(await put(name, text, in: repository) == .created)
      let sum = ChecksumAlgorithm.sha1.hexadecimal(of: Array(text.utf8))
      try #require(await put(name + ".sha1", sum, in: repository) == .created)
    }
    let path = "org/acme/widget/maven-metadata.xml"
    try #require(await put(path, Self.document([version]), in: repository) == .created)
  }

  static func document(_ versions: [String]) -> String {
    let list = versions.map { "<version>\($0)</version>" }.joined()
    return "<metadata><groupId>org.acme</groupId><artifactId>widget</artifactId><versioning>"
      + "<versions>\(list)</versions></versioning></metadata>"
  }

  /// Deploys one build of `1.0-SNAPSHOT` as Maven does.
  func deployBuild(
    _ timestamp: String,
    _ number: Int,
    files: [String] = [".jar", ".pom"],
    in repository: String = "team"
  ) async throws {
    let folder = "org/acme/widget/1.0-SNAPSHOT"
    for file in files {
      let name = "\(folder)/widget-1.0-\(timestamp)-\(number)\(file)"
      let text = file == ".pom" ? "<project/>" : "\(file) \(timestamp)-\(number)"
      try #require(await put(name, text, in: repository) == .created)
    }
    let document = """
      <metadata modelVersion="1.1.0"><groupId>org.acme</groupId><artifactId>widget</artifactId>
      <versioning><lastUpdated>20210728194552</lastUpdated><snapshot>
      <timestamp>\(timestamp)</timestamp><buildNumber>\(number)</buildNumber></snapshot></versioning>
      <version>1.0-SNAPSHOT</version></metadata>
      """
    let path = "\(folder)/maven-metadata.xml"
    try #require(await put(path, document, in: repository) == .created)
    let package = Self.document(["1.0-SNAPSHOT"])
    let packagePath = "org/acme/widget/maven-metadata.xml"
    try #require(await put(packagePath, package, in: repository) == .created)
  }

  /// The versions that the control API lists, each with its status.
  func rows(in repository: String = "team") async throws -> [String: String] {
    let package = PackageCoordinates(format: .maven, namespace: "org.acme", name: "widget")
    let listing = try await depot.listPackageVersions(of: package, in: Self.path(repository))
    return Dictionary(
      uniqueKeysWithValues: listing.versions.items.map { ($0.version, $0.status.rawValue) }
    )
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

/// A public Maven repository that has what a test gives it.
final class ScriptedMaven: ExternalSource {
  static let base = "https://central.test/maven2/"

  private struct State {
    var files: [String: [UInt8]] = [:]
    var changes: [String: String] = [:]
    var isDown = false
    var requests: [String] = []
  }

  private let state = Mutex(State())

  /// The paths that were asked for, in order; `+` marks whole files.
  var requests: [String] { state.withLock(\.requests) }

  /// Offers a file, and what the registry's `Last-Modified` says of it and its checksum.
  func setFile(
    _ path: String,
    _ text: String,
    hasChecksum: Bool = true,
    lastModified: String? = nil
  ) {
    state.withLock { state in
      state.files[path] = Array(text.utf8)
      state.changes[path] = lastModified
      state.changes["\(path).sha1"] = lastModified
      guard hasChecksum else { return }
      let sum = ChecksumAlgorithm.sha1.hexadecimal(of: Array(text.utf8))
      state.files["\(path).sha1"] = Array("\(sum)\n".utf8)
    }
  }

  func goDown() { state.withLock { $0.isDown = true } }

  func address(of connection: String) -> String? {
    connection == "public:maven-central" ? Self.base : nil
  }

  func document(_ request: ExternalRequest) async throws(ExternalFailure) -> ExternalAnswer {
    guard let bytes = try find(request.address, mark: "") else { return .absent }
    let path = String(request.address.dropFirst(Self.base.count))
    return .found(
      ExternalDocument(
        address: request.address,
        contentType: "application/xml",
        lastModified: state.withLock { $0.changes[path] },
        bytes: bytes
      )
    )
  }

  private func find(_ address: String, mark: String) throws(ExternalFailure) -> [UInt8]? {
    let path = String(address.dropFirst(Self.base.count))
    let (bytes, isDown) = state.withLock { state in
      state.requests.append(mark + path)
      return (state.files[path], state.isDown)
    }
    guard !isDown else { throw ExternalFailure(.unreachable, "central.test does not answer") }
    return bytes
  }

  func download(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    guard let bytes = try find(address, mark: "+") else {
      throw ExternalFailure(.absent, "\(address) is not there")
    }
    let rest = Mutex([Array(bytes.dropFirst(Int(offset)))])
    return ExternalDownload(
      offset: offset,
      byteCount: UInt64(bytes.count),
      validator: nil,
      next: { () throws(ExternalFailure) in rest.withLock { $0.popLast() } },
      cancel: {}
    )
  }
}

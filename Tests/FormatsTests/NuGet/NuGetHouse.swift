import BlobEngine
import Catalog
import Exchange
import Formats
import Foundation
import HTTPTypes
import Repository
import Synchronization
import Testing

/// A depot behind the endpoints, in which `store` is connected to a scripted public gallery and
/// `team` has it as its upstream; no sockets.
final class NuGetHouse: Sendable {
  static let owner = "123456789012"

  let depot: Depot
  let gallery: ScriptedGallery
  let clock = ManualClock()
  private let token: String
  private let formats: Formats
  private let blobs: BlobStore
  private let folder: URL

  init(base: String) async throws {
    gallery = ScriptedGallery(base: base)
    folder = FileManager.default.temporaryDirectory.appending(path: "nuget-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    blobs = try await BlobStore.open(
      at: folder.appending(path: "blobs").path,
      options: StoreOptions(segmentByteCount: 1 << 20, recentByteLimit: 1 << 20)
    )
    depot = try Depot(
      catalog: try Catalog.open(at: folder.appending(path: "catalog.sqlite").path),
      blobs: blobs,
      external: gallery,
      clock: clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      options: DepotOptions(region: "us-east-1"),
      formats: Formats.registries
    )
    formats = Formats(depot: depot)
    let administrator = try await depot.bootstrap(account: Self.owner).identity.principal
    _ = try await depot.createDomain(owner: Self.owner, name: "my-domain")
    for (name, upstreams) in [("store", []), ("team", ["store"])] {
      _ = try await depot.createRepository(
        Self.path(name),
        administrator: Self.owner,
        upstreams: upstreams
      )
    }
    _ = try await depot.associateExternalConnection("public:nuget-org", with: Self.path("store"))
    token = try await depot.issueToken(
      for: administrator,
      owner: Self.owner,
      domain: "my-domain",
      duration: .seconds(43_200)
    ).text
  }

  static func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(owner: owner, domain: "my-domain", repository: repository)
  }

  static func run(
    base: String = "https://gallery.test/v3/index.json",
    _ body: (NuGetHouse) async throws -> Void
  ) async throws {
    let house = try await NuGetHouse(base: base)
    var failure: (any Error)?
    do { try await body(house) } catch { failure = error }
    await house.blobs.close()
    try? FileManager.default.removeItem(at: house.folder)
    if let failure { throw failure }
  }

  func send(
    _ method: HTTPRequest.Method = .get,
    _ path: String,
    _ headers: HTTPFields = [:],
    body: [UInt8] = []
  ) async -> Reply {
    var headers = headers
    headers[.authorization] = "Bearer \(token)"
    return await formats.respond(
      to: Request(
        method: method,
        target: Target("/nuget/d/my-domain-\(Self.owner)/team/\(path)"),
        headers: headers,
        body: RequestBody(body),
        base: "http://h:1"
      )
    )
  }

  func bytes(_ path: String) async throws -> [UInt8]? {
    let reply = await send(.get, path)
    guard reply.status == .ok else { return nil }
    switch reply.body {
    case .bytes(let bytes): return bytes
    case .blob(let key, let range): return try await depot.contents(of: key, range: range)
    case .stream(_, let stream):
      var bytes: [UInt8] = []
      while let chunk = try await stream.next() { bytes += chunk }
      await depot.settle()
      return bytes
    }
  }

  func text(_ path: String) async throws -> String? {
    try await bytes(path).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// A public gallery that has what a test gives it.
final class ScriptedGallery: ExternalSource {
  private struct State {
    var files: [String: [UInt8]] = [:]
    var isDown = false
    var requests: [String] = []
  }

  private let base: String
  private let state = Mutex(State())

  init(base: String) {
    self.base = base
  }

  /// The addresses that were asked for, in order; `+` marks whole files.
  var requests: [String] { state.withLock(\.requests) }

  subscript(address: String) -> String {
    get { state.withLock { String(decoding: $0.files[address] ?? [], as: UTF8.self) } }
    set { state.withLock { $0.files[address] = Array(newValue.utf8) } }
  }

  func set(_ address: String, _ bytes: [UInt8]) { state.withLock { $0.files[address] = bytes } }

  func goDown() { state.withLock { $0.isDown = true } }

  func address(of connection: String) -> String? {
    connection == "public:nuget-org" ? base : nil
  }

  func document(_ request: ExternalRequest) async throws(ExternalFailure) -> ExternalAnswer {
    guard let bytes = try find(request.address, mark: "") else { return .absent }
    return .found(
      ExternalDocument(address: request.address, contentType: "application/json", bytes: bytes)
    )
  }

  private func find(_ address: String, mark: String) throws(ExternalFailure) -> [UInt8]? {
    let (bytes, isDown) = state.withLock { state in
      state.requests.append(mark + address)
      return (state.files[address], state.isDown)
    }
    guard !isDown else { throw ExternalFailure(.unreachable, "gallery.test does not answer") }
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

import Access
import BlobEngine
import Bytes
import Catalog
import Exchange
import Formats
import Foundation
import HTTPTypes
import Repository
import Synchronization
import Testing

/// A depot in a folder of its own, with one domain, one repository and a token, behind the
/// endpoints; no sockets.
final class TestHouse: Sendable {
  static let owner = "123456789012"
  static let path = RepositoryPath(owner: owner, domain: "my-domain", repository: "tools")
  static let root = "/pypi/d/my-domain-123456789012/tools/"

  let depot: Depot
  let external: ScriptedSource
  let clock: ManualClock
  let token: String
  private let formats: Formats
  private let blobs: BlobStore
  private let folder: URL

  init() async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "formats-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    blobs = try await BlobStore.open(
      at: folder.appending(path: "blobs").path,
      options: StoreOptions(segmentByteCount: 1 << 20, recentByteLimit: 1 << 20)
    )
    external = ScriptedSource()
    clock = ManualClock()
    depot = try Depot(
      catalog: try Catalog.open(at: folder.appending(path: "catalog.sqlite").path),
      blobs: blobs,
      external: external,
      clock: clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      options: DepotOptions(region: "us-east-1"),
      formats: Formats.registries
    )
    formats = Formats(depot: depot)
    let administrator = try await depot.bootstrap(account: Self.owner).identity.principal
    _ = try await depot.createDomain(owner: Self.owner, name: Self.path.domain)
    _ = try await depot.createRepository(Self.path, administrator: Self.owner)
    token = try await depot.issueToken(
      for: administrator,
      owner: Self.owner,
      domain: Self.path.domain,
      duration: .seconds(3600)
    ).text
  }

  /// Closes the store and removes the folder.
  func close() async {
    await blobs.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Sends a request below the repository's endpoint; `path` may be whole when it begins with `/`.
  func send(
    _ method: HTTPRequest.Method = .get,
    _ path: String,
    _ headers: HTTPFields = [:],
    body: RequestBody = .empty,
    authorization: String?? = .none,
    base: String = "http://h:1",
    trail: CallTrail = CallTrail()
  ) async -> Reply {
    var headers = headers
    headers[.authorization] = authorization ?? "Bearer \(token)"
    let target = path.hasPrefix("/") ? path : Self.root + path
    return await formats.respond(
      to: Request(
        method: method,
        target: Target(target),
        headers: headers,
        body: body,
        base: base,
        trail: trail
      )
    )
  }

  /// Uploads a form; with the default, in pieces that cut boundaries.
  func upload(
    _ form: TestForm,
    to path: String = "",
    pieces: Int = 1000,
    type: String? = nil
  ) async -> Reply {
    await send(
      .post,
      path,
      [.contentType: type ?? form.contentType],
      body: RequestBody(pieces: form.body, of: pieces)
    )
  }

  /// Uploads a form that has to be accepted.
  func publish(_ form: TestForm) async throws {
    let reply = await upload(form)
    let text = try await text(reply)
    try #require(reply.status == .ok, "\(text)")
  }

  /// The bytes of a reply, wherever they come from.
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

  func text(_ reply: Reply) async throws -> String {
    String(decoding: try await bytes(reply), as: UTF8.self)
  }

  /// Runs `body` in a house of its own.
  static func run(_ body: (TestHouse) async throws -> Void) async throws {
    let house = try await TestHouse()
    do { try await body(house) } catch {
      await house.close()
      throw error
    }
    await house.close()
  }
}

/// Time that stands still until it is moved; sleeping returns at once.
final class ManualClock: DepotClock {
  private let time = Mutex(Timestamp(seconds: 1_700_000_000))

  func now() -> Timestamp { time.withLock(\.self) }

  func sleep(for duration: Duration) async { await Task.yield() }

  func advance(by duration: Duration) {
    time.withLock { $0 = $0 + duration }
  }
}

extension RequestBody {
  /// A body that comes in pieces of `count` bytes.
  init(pieces bytes: [UInt8], of count: Int) {
    let position = Mutex(0)
    self.init(announcedByteCount: UInt64(bytes.count)) {
      position.withLock { position in
        guard position < bytes.count else { return nil }
        let end = min(position + count, bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
      }
    }
  }
}

/// The archives that the tests of the format rules made.
enum Archive {
  static func bytes(_ name: String) throws -> [UInt8] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: tests.appending(path: "FormatRulesTests/Corpus/\(name)")))
  }
}

extension Reply {
  /// The bytes of a reply that has them at hand.
  var bytesAtHand: [UInt8]? {
    if case .bytes(let bytes) = body { bytes } else { nil }
  }

  /// The range of a reply that names a blob.
  var blobRange: Range<UInt64>? {
    if case .blob(_, let range) = body { range } else { nil }
  }
}

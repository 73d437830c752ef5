import Bytes
import Catalog
import Exchange
import Foundation
import HTTPTypes
import Repository
import Synchronization
import Testing

/// A house with one repository, `tools`, whose Python packages are asked for unless a test says
/// more.
final class TestHouse: Sendable {
  static let owner = DepotHouse.owner
  static let path = DepotHouse.path("tools")
  static let root = "/pypi/d/my-domain-123456789012/tools/"

  private let house: DepotHouse
  var depot: Depot { house.depot }
  var external: ScriptedSource { house.external }
  var clock: ManualClock { house.clock }
  var token: String { house.token }

  private init(_ house: DepotHouse) {
    self.house = house
  }

  /// Runs `body` in a house of its own.
  static func run(_ body: (TestHouse) async throws -> Void) async throws {
    try await DepotHouse.run(DepotHouse([.init(name: "tools")]), as: TestHouse.init, body)
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
    await house.send(
      method,
      path.hasPrefix("/") ? path : Self.root + path,
      headers,
      body: body,
      authorization: authorization,
      base: base,
      trail: trail
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

  func bytes(_ reply: Reply) async throws -> [UInt8] { try await house.bytes(reply) }

  func text(_ reply: Reply) async throws -> String {
    String(decoding: try await bytes(reply), as: UTF8.self)
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

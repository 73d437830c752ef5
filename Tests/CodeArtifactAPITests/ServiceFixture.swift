import Access
import BlobEngine
import Bytes
import Catalog
import CodeArtifactAPI
import Exchange
import FormatRules
import FoundationEssentials
import HTTPTypes
import Repository
import Synchronization
import Testing

/// The API over a depot in a folder of its own, with an administrator who signs every call.
final class ServiceFixture: Sendable {
  static let region = "eu-central-1"
  static let account = "123456789012"
  static let other = "210987654321"

  let clock = SetClock()
  let depot: Depot
  let api: CodeArtifactAPI
  let key: AccessKey
  private let folder: URL

  init(quotas: Quotas = Quotas(), assetByteLimit: UInt64? = nil) async throws {
    var contentOptions = ContentOptions()
    if let assetByteLimit { contentOptions.assetByteLimit = assetByteLimit }
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-api-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let catalog = try Catalog.open(at: folder.appendingPathComponent("catalog").path)
    // A small store on threads: many of these tests run at once, and none looks into it.
    let blobs = try await BlobStore.open(
      at: folder.appendingPathComponent("blobs").path,
      options: StoreOptions(segmentByteCount: 256 << 10, inputOutput: .threads)
    )
    depot = try Depot(
      catalog: catalog,
      blobs: blobs,
      external: NoOutside(),
      clock: clock,
      masterKey: Array(repeating: 7, count: 32),
      options: DepotOptions(region: Self.region, quotas: quotas),
      contentOptions: contentOptions
    )
    api = CodeArtifactAPI(depot: depot, clock: clock)
    key = try await depot.bootstrap(account: Self.account).identity.key
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// Signs a request and sends it.
  func send(
    _ method: String,
    _ path: String,
    _ query: [(String, String)] = [],
    body: String = "",
    claiming hash: SHA256Digest? = nil,
    key: AccessKey? = nil,
    region: String = ServiceFixture.region,
    signedSecondsAgo: Int64 = 0,
    tamper: (inout Request) -> Void = { _ in }
  ) async throws -> Answer {
    let rawQuery = query.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
    let bytes = Array(body.utf8)
    let claim = hash.map { SignableRequest.Header("X-Amz-Content-SHA256", $0.hexadecimal) }
    let unsigned = SignableRequest(
      method: method,
      rawPath: path,
      rawQuery: rawQuery,
      headers: [.init("Host", "larder.test")] + (claim.map { [$0] } ?? [])
    )
    let signed = try RequestSigner(key: key ?? self.key, region: region).sign(
      unsigned,
      payloadHash: hash ?? PayloadHash.sha256(bytes),
      at: SigningTime(secondsSinceEpoch: clock.seconds - signedSecondsAgo)
    )
    var request = Request(
      method: try #require(HTTPRequest.Method(rawValue: method)),
      target: Target(rawQuery.isEmpty ? path : "\(path)?\(rawQuery)"),
      body: RequestBody(bytes),
      base: "http://larder.test:8470",
      id: "request-1"
    )
    for header in signed.headers {
      request.headers.append(
        HTTPField(name: try #require(HTTPField.Name(header.name)), value: header.value)
      )
    }
    tamper(&request)
    return try await Answer(api.respond(to: request))
  }

  /// Calls an operation by its route in the model.
  func call(
    _ operation: Operation,
    _ query: [(String, String)] = [],
    body: String = ""
  ) async throws -> Answer {
    let route = operation.route.split(separator: " ").map(String.init)
    return try await send(route[0], route[1], query, body: body)
  }

  /// Sends one asset of version 1.0 of the generic package `lab/tools`, with the hash it has or
  /// another.
  func publish(
    _ asset: String,
    _ content: String,
    unfinished: String? = nil,
    claiming hash: SHA256Digest? = nil,
    _ changes: [String: String?] = [:],
    tamper: (inout Request) -> Void = { _ in }
  ) async throws -> Answer {
    var query: [(String, String)] = [
      ("domain", "corp"), ("repository", "r1"), ("format", "generic"), ("namespace", "lab"),
      ("package", "tools"), ("version", "1.0"), ("asset", asset),
    ]
    if let unfinished { query.append(("unfinished", unfinished)) }
    query = query.compactMap { name, value in
      (changes[name] ?? value).map { (name, $0) }
    }
    return try await send(
      "POST",
      "/v1/package/version/publish",
      query,
      body: content,
      claiming: hash ?? PayloadHash.sha256(Array(content.utf8)),
      tamper: tamper
    )
  }

  /// Makes a domain `corp` with a repository `r1`.
  func furnish() async throws {
    try await call(.createDomain, [("domain", "corp")]).expectSuccess()
    try await call(.createRepository, [("domain", "corp"), ("repository", "r1")]).expectSuccess()
  }
}

/// A clock that stands where it was set.
final class SetClock: DepotClock {
  private let time = Mutex<Int64>(1_700_000_000)

  var seconds: Int64 { time.withLock(\.self) }

  func now() -> Timestamp { Timestamp(microseconds: seconds * 1_000_000 + 250_000) }
  func sleep(for duration: Duration) async {}

  func advance(by seconds: Int64) {
    time.withLock { $0 += seconds }
  }
}

/// No way out: the control API never asks for one.
private struct NoOutside: ExternalSource {
  func address(of connection: String) -> String? { nil }

  func document(_ request: ExternalRequest) async throws(ExternalFailure) -> ExternalAnswer {
    throw ExternalFailure(.unreachable, "there is no outside")
  }

  func download(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    throw ExternalFailure(.unreachable, "there is no outside")
  }
}

/// A reply, read as a client would.
struct Answer: Sendable {
  let status: Int
  let headers: HTTPFields
  let body: ReplyBody
  let text: String
  let json: JSONValue

  init(_ reply: Reply) throws {
    status = reply.status.code
    headers = reply.headers
    body = reply.body
    guard case .bytes(let bytes) = reply.body else {
      (text, json) = ("", .null)
      return
    }
    text = String(decoding: bytes, as: UTF8.self)
    json = try JSONReader.read(bytes)
  }

  /// The name of the exception, where the SDKs look for it.
  var exception: String? { HTTPField.Name("x-amzn-errortype").flatMap { headers[$0] } }
  var message: String { json["message"]?.string ?? "" }

  func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) throws {
    try #require(status == 200, "\(text)", sourceLocation: sourceLocation)
  }

  /// Holds an error against what was to be expected.
  func expect(
    _ exception: String,
    _ status: Int,
    about type: String? = nil,
    reason: String? = nil,
    containing text: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self.exception == exception, "\(self.text)", sourceLocation: sourceLocation)
    #expect(self.status == status, sourceLocation: sourceLocation)
    #expect(json["resourceType"]?.string == type, sourceLocation: sourceLocation)
    #expect((json["resourceId"] != nil) == (type != nil), sourceLocation: sourceLocation)
    #expect(json["reason"]?.string == reason, sourceLocation: sourceLocation)
    #expect(message.contains(text), "\(message)", sourceLocation: sourceLocation)
    #expect(!message.isEmpty, sourceLocation: sourceLocation)
  }

  /// Expects that `member` was found wanting.
  func expectInvalid(
    _ member: String,
    _ constraint: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expect(
      "ValidationException",
      400,
      reason: "FIELD_VALIDATION_FAILED",
      containing: "at '\(member)' failed to satisfy constraint: \(constraint)",
      sourceLocation: sourceLocation
    )
  }
}

import Access
import BlobEngine
import Bytes
import Catalog
import Exchange
import FormatRules
import FoundationEssentials
import HTTPTypes
import Repository
import Synchronization
import Testing

@testable import TokenService

/// The service over a depot in a folder of its own, with an administrator, and an issuer of tokens.
final class TokenFixture: Sendable {
  static let region = "eu-central-1"
  static let account = "123456789012"
  static let other = "210987654321"

  let clock = SetClock()
  let issuer = TestIssuer()
  let depot: Depot
  let service: TokenService
  let key: AccessKey
  private let folder: URL

  init(throttle: ThrottleRules = ThrottleRules()) async throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-sts-\(UUID().uuidString)")
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
      options: DepotOptions(region: Self.region, throttle: throttle)
    )
    service = TokenService(depot: depot, documents: issuer)
    key = try await depot.bootstrap(account: Self.account).identity.key
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// Posts a call as a form, signed unless there is no key.
  func call(
    _ action: String,
    _ parameters: [(String, String)] = [],
    key: AccessKey? = nil,
    unsigned: Bool = false,
    region: String = TokenFixture.region,
    service name: String = "sts",
    method: HTTPRequest.Method = .post
  ) async throws -> TokenAnswer {
    let pairs = [("Action", action), ("Version", "2011-06-15")] + parameters
    let form = pairs.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
    let isPost = method == .post
    let body = isPost ? Array(form.utf8) : []
    let plain = SignableRequest(
      method: method.rawValue,
      rawPath: "/",
      rawQuery: isPost ? "" : form,
      headers: [.init("Host", "larder.test")]
    )
    let signer = RequestSigner(key: key ?? self.key, region: region, service: name)
    let signed =
      unsigned
      ? plain
      : try signer.sign(
        plain,
        payloadHash: PayloadHash.sha256(body),
        at: SigningTime(secondsSinceEpoch: clock.seconds)
      )
    var request = Request(
      method: method,
      target: Target(isPost ? "/" : "/?\(form)"),
      body: RequestBody(body),
      base: "http://larder.test:8470",
      id: "request-1"
    )
    for header in signed.headers {
      let name = try #require(HTTPField.Name(header.name))
      request.headers.append(HTTPField(name: name, value: header.value))
    }
    return try TokenAnswer(await service.respond(to: request))
  }

  /// A user with a key.
  func user(
    _ name: String,
    account: String = TokenFixture.account
  ) async throws -> (
    record: PrincipalRecord, key: AccessKey
  ) {
    let record = try await depot.createUser(name, account: account)
    return (record, try await depot.createAccessKey(of: record.arn))
  }

  /// A role that trusts whom `principal` says, a JSON value.
  @discardableResult
  func role(
    _ name: String,
    trusting principal: String,
    action: String = "sts:AssumeRole",
    condition: String = "{}",
    longestSession: Int64 = 3600
  ) async throws -> PrincipalRecord {
    try await depot.createRole(
      name,
      account: Self.account,
      trustPolicy: """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":\(principal),
        "Action":\(action.hasPrefix("[") ? action : "\"\(action)\""),"Condition":\(condition)}]}
        """,
      longestSession: longestSession
    )
  }

  func assume(
    _ role: PrincipalRecord,
    key: AccessKey? = nil,
    _ more: [(String, String)] = []
  ) async throws -> TokenAnswer {
    try await call(
      "AssumeRole",
      [("RoleArn", role.arn), ("RoleSessionName", "build-17")] + more,
      key: key
    )
  }
}

/// A reply, read as a client would.
struct TokenAnswer: Sendable {
  let status: Int
  let text: String

  init(_ reply: Reply) throws {
    status = reply.status.code
    guard case .bytes(let bytes) = reply.body else {
      text = ""
      return
    }
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// The text of the first element of this name.
  subscript(name: String) -> String? {
    guard let start = text.firstRange(of: "<\(name)>"),
      let end = text[start.upperBound...].firstRange(of: "</\(name)>")
    else { return nil }
    return String(text[start.upperBound..<end.lowerBound])
  }

  /// The temporary credentials in it.
  func key(sourceLocation: SourceLocation = #_sourceLocation) throws -> AccessKey {
    try #require(status == 200, "\(text)", sourceLocation: sourceLocation)
    return AccessKey(
      id: try #require(self["AccessKeyId"]),
      secret: try #require(self["SecretAccessKey"]),
      sessionToken: self["SessionToken"]
    )
  }

  func expect(
    _ code: String,
    _ status: Int,
    containing words: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self["Code"] == code, "\(text)", sourceLocation: sourceLocation)
    #expect(self.status == status, sourceLocation: sourceLocation)
    #expect(self["Type"] == "Sender", sourceLocation: sourceLocation)
    #expect(self["Message"]?.contains(words) == true, "\(text)", sourceLocation: sourceLocation)
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

/// No way out to registries: this service never asks for one.
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

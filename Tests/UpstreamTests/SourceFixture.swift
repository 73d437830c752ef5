import Repository
import Testing

@testable import Upstream

/// A source that points to a server on this machine.
struct SourceFixture {
  let server: LocalServer
  let clock = StandingClock()
  let log = LogLines()
  let source: HTTPExternalSource

  static func with<Value>(
    userInfo: String = "",
    _ options: UpstreamOptions = .patient,
    script: @escaping LocalServer.Script,
    _ body: (SourceFixture) async throws -> Value
  ) async throws -> Value {
    let server = try await LocalServer.start(script)
    let fixture = try SourceFixture(server, userInfo, options)
    do {
      let value = try await body(fixture)
      await fixture.source.shutdown()
      try await server.stop()
      return value
    } catch {
      await fixture.source.shutdown()
      try await server.stop()
      throw error
    }
  }

  private init(_ server: LocalServer, _ userInfo: String, _ options: UpstreamOptions) throws {
    self.server = server
    let text = server.base.replacing("//127", with: "//\(userInfo)127") + "simple"
    let address = try #require(ExternalAddress("public:pypi", text, source: "the test"))
    source = HTTPExternalSource(
      addresses: ExternalAddresses([address]),
      clock: clock,
      options: options,
      logger: log.logger
    )
  }

  func request(
    _ path: String,
    etag: String? = nil,
    limit: Int = 1 << 20
  ) -> ExternalRequest {
    ExternalRequest(
      address: server.base + path,
      connection: "public:pypi",
      accept: "text/plain",
      etag: etag,
      byteLimit: limit
    )
  }

  func document(_ path: String, limit: Int = 1 << 20) async throws -> ExternalAnswer {
    try await source.document(request(path, limit: limit))
  }

  func open(
    _ path: String,
    from offset: UInt64 = 0,
    ifStill validator: String? = nil
  ) async throws -> ExternalDownload {
    try await source.download(
      server.base + path,
      for: "public:pypi",
      from: offset,
      ifStill: validator
    )
  }

  /// The failure that `body` ends in.
  func failure(
    _ kind: ExternalFailure.Kind,
    _ body: () async throws -> Void
  ) async -> ExternalFailure? {
    let failure = await #expect(throws: ExternalFailure.self) { try await body() }
    #expect(failure?.kind == kind)
    return failure
  }
}

/// Reads a download to its end.
func drain(_ download: ExternalDownload) async throws -> [UInt8] {
  var bytes: [UInt8] = []
  while let chunk = try await download.next() { bytes += chunk }
  return bytes
}

extension UpstreamOptions {
  /// As usual, but for limits that a busy machine alone would overstep.
  static var patient: UpstreamOptions {
    var options = UpstreamOptions()
    options.connectTimeout = .seconds(3_600)
    options.idleTimeout = .seconds(3_600)
    options.documentTimeout = .seconds(3_600)
    return options
  }
}

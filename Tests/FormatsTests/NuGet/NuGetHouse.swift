import Exchange
import HTTPTypes
import Repository

/// A house in which `store` is connected to a scripted public gallery and `team` has it as its
/// upstream.
struct NuGetHouse {
  private let house: DepotHouse
  var depot: Depot { house.depot }
  var gallery: ScriptedSource { house.external }
  var clock: ManualClock { house.clock }

  static func path(_ repository: String) -> RepositoryPath { DepotHouse.path(repository) }

  static func run(
    base: String = "https://gallery.test/v3/index.json",
    _ body: (NuGetHouse) async throws -> Void
  ) async throws {
    let connection = "public:nuget-org"
    let house = try await DepotHouse(
      [.init(name: "store", connection: connection), .init(name: "team", upstreams: ["store"])],
      before: ScriptedSource(base: base, connection: connection, contentType: "application/json")
    )
    try await DepotHouse.run(house, as: { NuGetHouse(house: $0) }, body)
  }

  func send(
    _ method: HTTPRequest.Method = .get,
    _ path: String,
    _ headers: HTTPFields = [:],
    body: [UInt8] = []
  ) async -> Reply {
    let path = "/nuget/d/my-domain-\(DepotHouse.owner)/team/\(path)"
    return await house.send(method, path, headers, body: RequestBody(body))
  }

  func bytes(_ path: String) async throws -> [UInt8]? {
    let reply = await send(.get, path)
    return reply.status == .ok ? try await house.bytes(reply) : nil
  }

  func text(_ path: String) async throws -> String? {
    try await bytes(path).map { String(decoding: $0, as: UTF8.self) }
  }
}

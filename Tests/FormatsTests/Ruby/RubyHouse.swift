import Exchange
import FormatRules
import Formats
import HTTPTypes
import Repository
import Testing

/// A house in which `store` is connected to a scripted public registry of gems and `team` has it as
/// its upstream.
struct RubyHouse {
  static let base = "https://gems.test/"
  /// Longer than documents are fresh, and far shorter than the house's token lives.
  static let pause = Duration.seconds(3_000)

  private let house: DepotHouse
  var depot: Depot { house.depot }
  var registry: ScriptedSource { house.external }
  var clock: ManualClock { house.clock }

  static func run(_ body: (RubyHouse) async throws -> Void) async throws {
    let connection = "public:ruby-gems-org"
    let house = try await DepotHouse(
      [.init(name: "store", connection: connection), .init(name: "team", upstreams: ["store"])],
      before: ScriptedSource(base: base, connection: connection, contentType: "text/plain")
    )
    try await DepotHouse.run(house, as: { RubyHouse(house: $0) }, body)
  }

  /// The endpoints as they are after a restart, with nothing in memory.
  func restarted() async throws -> Formats { try await house.restarted() }

  func get(_ path: String, _ headers: HTTPFields = [:], to other: Formats? = nil) async -> Reply {
    let path = "/ruby/d/my-domain-\(DepotHouse.owner)/team/\(path)"
    return await house.send(.get, path, headers, to: other)
  }

  func bytes(_ path: String, from other: Formats? = nil) async throws -> [UInt8] {
    let reply = await get(path, to: other)
    try #require(reply.status == .ok, "\(path)")
    return try await house.bytes(reply)
  }

  func text(_ path: String) async throws -> String {
    String(decoding: try await bytes(path), as: UTF8.self)
  }

  /// Publishes a gem as `gem push` does.
  func push(_ name: String, _ version: String) async -> HTTPResponse.Status {
    let path = "/ruby/d/my-domain-\(DepotHouse.owner)/team/api/v1/gems"
    let body = RequestBody(TestGem.bytes(name, version))
    return await house.send(.post, path, body: body, authorization: house.token).status
  }

  func yank(_ name: String, _ version: String) async -> HTTPResponse.Status {
    let path = "/ruby/d/my-domain-\(DepotHouse.owner)/team/api/v1/gems/yank"
    let form = "gem_name=\(name)&version=\(version)"
    return await house.send(.delete, path, body: RequestBody(Array(form.utf8))).status
  }

  /// Offers versions of a gem at the registry.
  func offer(_ name: String, _ versions: [String]) {
    var lines = "---\n"
    for version in versions {
      let gem = TestGem.bytes(name, version)
      registry.setFile("\(Self.base)gems/\(name)-\(version).gem", gem)
      lines += "\(version) |checksum:\(ChecksumAlgorithm.sha256.hexadecimal(of: gem))\n"
    }
    registry.setDocument("\(Self.base)info/\(name)", lines)
  }

  /// Sets the registry's list of all gems.
  func list(_ lines: [String], created: String = "2024-01-01T00:00:00Z") {
    let text = "created_at: \(created)\n---\n" + lines.map { $0 + "\n" }.joined()
    registry.setDocument("\(Self.base)versions", text)
  }

  /// Asks until the registry's newer list shows: the older one is served while it is on its way.
  func wait(for line: String) async throws -> [UInt8] {
    clock.advance(by: Self.pause)
    while true {
      let bytes = try await bytes("versions")
      if String(decoding: bytes, as: UTF8.self).contains(line) { return bytes }
      await Task.yield()
    }
  }
}

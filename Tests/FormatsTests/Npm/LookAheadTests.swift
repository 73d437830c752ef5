import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

/// Who asks for a package of a registry is going to ask for its dependencies, and those are asked
/// for meanwhile.
@Suite("Looking ahead")
struct LookAheadTests {
  private static let root = "/npm/d/my-domain-123456789012/tools/"

  /// `one` needs `two`, that `three`, and so on.
  private func withHouse(
    _ body: (DepotHouse) async throws -> Void
  ) async throws {
    let house = try await DepotHouse([.init(name: "tools", connection: "public:npmjs")])
    let chain = ["one", "two", "three", "four", "five"]
    for (name, next) in zip(chain, chain.dropFirst()) {
      list(name, #""dependencies":{"\#(next)":"^1"}"#, in: house)
    }
    do { try await body(house) } catch {
      await house.close()
      throw error
    }
    await house.close()
  }

  private func list(_ name: String, _ members: String, in house: DepotHouse) {
    house.external[ScriptedSource.base + name] =
      #"{"name":"\#(name)","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":"#
      + #"{"name":"\#(name)","version":"1.0.0","dist":{},\#(members)}}}"#
  }

  private func get(_ name: String, _ house: DepotHouse) async throws {
    let reply = await house.send(.get, Self.root + name)
    #expect(reply.status == .ok)
    _ = try await house.bytes(reply)
    await house.depot.settle()
  }

  @Test func `what a package needs is asked for two steps ahead, each once`() async throws {
    try await withHouse { house in
      try await get("one", house)
      #expect(house.external.requests == ["one", "two", "three"])
      try await get("two", house)
      #expect(house.external.requests == ["one", "two", "three", "four"])
      try await get("one", house)
      #expect(house.external.requests.count == 4)
    }
  }

  @Test func `only what is certain to be wanted is asked for`() async throws {
    try await withHouse { house in
      list(
        "app",
        #""dependencies":{"five":"1","other":"npm:elsewhere@1","git":"git+https://host.test/a"},"#
          + #""optionalDependencies":{"maybe":"1"},"peerDependencies":{"peer":"1"},"#
          + #""devDependencies":{"dev":"1"}"#,
        in: house
      )
      try await get("app", house)
      #expect(house.external.requests == ["app", "five"])
    }
  }

  @Test func `what is private is asked of nobody`() async throws {
    try await withHouse { house in
      let reply = await house.send(
        .put,
        Self.root + "two",
        [.contentType: "application/json"],
        body: RequestBody(pieces: NpmUpload("two", "1.0.0").body, of: 1000)
      )
      try #require(reply.status == .created)
      try await get("one", house)
      try await get("two", house)
      #expect(house.external.requests == ["one"])
    }
  }

  /// That a registry does not have it is known as well.
  @Test func `what is known already is not asked for again`() async throws {
    try await withHouse { house in
      try await get("four", house)
      #expect(house.external.requests == ["four", "five"])
      try await get("three", house)
      #expect(house.external.requests == ["four", "five", "three"])
    }
  }
}

import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@testable import Formats

/// Documents are in the store too: a restart does not write them anew, and never sends a wrong one.
@Suite("npm documents over a restart")
struct NpmKeptDocumentTests {
  private static let path = "/npm/d/my-domain-123456789012/tools/widget"
  private static let key = "npm full http://h:1/npm/d/my-domain-123456789012/tools widget"
  /// Long enough to be kept, and compressed longer than that.
  private static let readme = (0..<60_000).map { "\($0 &* 2_654_435_761) " }.joined()

  private func document(_ versions: [String]) -> String {
    let manifests = versions.map { #""\#($0)":{"name":"widget","dist":{},"readme":"r"}"# }
    return #"{"name":"widget","readme":"\#(Self.readme.prefix(60_000))","dist-tags":{"#
      + #""latest":"\#(versions[0])"},"versions":{\#(manifests.joined(separator: ","))},"#
      + #""maintainers":["\#(Self.readme.suffix(200_000))"]}"#
  }

  private func withHouse(_ body: (DepotHouse) async throws -> Void) async throws {
    let plan = DepotHouse.Plan(name: "tools", connection: "public:npmjs")
    let house = try await DepotHouse([plan])
    house.external[ScriptedSource.base + "widget"] = document(["1.0.0"])
    do { try await body(house) } catch {
      await house.close()
      throw error
    }
    await house.close()
  }

  private func get(
    _ house: DepotHouse,
    _ formats: Formats? = nil,
    _ headers: HTTPFields = [:]
  ) async throws -> (bytes: [UInt8], tag: String?) {
    let reply = await house.send(.get, Self.path, headers, to: formats)
    #expect(reply.status == .ok)
    return (try await house.bytes(reply), reply.headers[.eTag])
  }

  /// Puts something else in the place of what is kept, by which it is known.
  private func mark(_ house: DepotHouse, _ text: String = "kept") async throws -> [UInt8] {
    await house.depot.settle()
    let (name, path) = (try #require(NpmName("widget")), DepotHouse.path("tools"))
    let merged = try #require(try await house.depot.package(name.coordinates, in: path))
    let mark = Array(String(repeating: text, count: 50_000).utf8)
    let kept = try await house.depot.keptDocuments(of: name.coordinates, in: path)
    kept.keep(mark, as: Self.key, of: merged)
    await house.depot.settle()
    return mark
  }

  @Test func `a package of very many versions has them all, in their order`() async throws {
    try await withHouse { house in
      let versions = (0..<1_003).map { "1.\($0).0" }
      house.external[ScriptedSource.base + "widget"] = document(versions)
      let read = try JSONReader.read(try await get(house).bytes)
      #expect(read["versions"]?.members?.map(\.name) == versions)
    }
  }

  @Test(arguments: [[:], [.acceptEncoding: "gzip"]] as [HTTPFields])
  func `a document is the same after a restart, and its tag is good`(
    headers: HTTPFields
  )
    async throws
  {
    try await withHouse { house in
      let before = try await get(house, nil, headers)
      let formats = try await house.restarted()
      let after = try await get(house, formats, headers)
      #expect(after == before)
      var again = headers
      again[.ifNoneMatch] = before.tag
      let reply = await house.send(.get, Self.path, again, to: try await house.restarted())
      #expect(reply.status == .notModified)
      #expect(house.external.documents.count == 1)
    }
  }

  @Test func `after a restart it comes out of the store and is not written`() async throws {
    try await withHouse { house in
      let written = try await get(house).bytes
      let mark = try await mark(house)
      #expect(try await get(house).bytes == written, "what is in memory is nearer")
      let formats = try await house.restarted()
      #expect(try await get(house, formats).bytes == mark)
      #expect(try await get(house, formats).bytes == mark)
    }
  }

  @Test func `what a registry says anew is written anew`() async throws {
    try await withHouse { house in
      _ = try await get(house)
      let mark = try await mark(house)
      let formats = try await house.restarted()
      #expect(try await get(house, formats).bytes == mark)
      house.external[ScriptedSource.base + "widget"] = document(["1.1.0", "1.0.0"])
      house.clock.advance(by: .seconds(3600))
      let now = try JSONReader.read(try await get(house, formats).bytes)
      #expect(now.at("dist-tags", "latest")?.string == "1.1.0")
      let later = try JSONReader.read(try await get(house, try await house.restarted()).bytes)
      #expect(later.at("dist-tags", "latest")?.string == "1.1.0")
    }
  }

  @Test func `what is published, or set, here is written anew`() async throws {
    let house = try await DepotHouse([DepotHouse.Plan(name: "tools")])
    func put(_ version: String) async {
      let next = NpmUpload("widget", version).with {
        $0.readme = String(Self.readme.prefix(60_000))
      }
      let body = RequestBody(next.body)
      let reply = await house.send(.put, Self.path, [.contentType: "application/json"], body: body)
      #expect(reply.status == .created)
    }
    await put("1.0.0")
    await put("1.0.1")
    _ = try await get(house)
    let mark = try await mark(house)
    let formats = try await house.restarted()
    #expect(try await get(house, formats).bytes == mark)
    await put("1.0.2")
    let now = try JSONReader.read(try await get(house, try await house.restarted()).bytes)
    #expect(now.at("dist-tags", "latest")?.string == "1.0.2")
    // The endpoints that were started before have been told as well.
    let told = try JSONReader.read(try await get(house, formats).bytes)
    #expect(told.at("dist-tags", "latest")?.string == "1.0.2")
    await house.close()
  }

  @Test func `another program writes its own`() async throws {
    try await withHouse { house in
      let written = try await get(house).bytes
      let mark = try await mark(house)
      #expect(try await get(house, try await house.restarted(edition: "two")).bytes == written)
      #expect(try await get(house, try await house.restarted()).bytes == mark)
    }
  }

  @Test func `what the sweep gave back is written anew`() async throws {
    try await withHouse { house in
      let written = try await get(house).bytes
      _ = try await mark(house)
      try await house.sweep()
      #expect(try await get(house, try await house.restarted()).bytes == written)
    }
  }
}

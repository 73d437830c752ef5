import Exchange
import HTTPTypes
import Testing

@Suite("Lists of gems from a public registry")
struct RubyRegistryTests {
  private static let base = "https://gems.test/"
  private static let page = "<html>\n<p>Sign in</p>\n</html>\n"

  /// A house whose repository `team` has a scripted registry behind its upstream.
  private func run(_ body: (DepotHouse) async throws -> Void) async throws {
    let connection = "public:ruby-gems-org"
    let house = try await DepotHouse(
      [.init(name: "store", connection: connection), .init(name: "team", upstreams: ["store"])],
      before: ScriptedSource(base: Self.base, connection: connection, contentType: "text/plain")
    )
    try await DepotHouse.run(house, as: { $0 }, body)
  }

  private func text(_ list: String, _ house: DepotHouse) async throws -> String? {
    let path = "/ruby/d/my-domain-\(DepotHouse.owner)/team/\(list)"
    let reply = await house.send(.get, path)
    guard reply.status == .ok else { return nil }
    return String(decoding: try await house.bytes(reply), as: UTF8.self)
  }

  @Test(arguments: ["versions", "names"])
  func `what is no list is not served as one, and what stood before it goes on being`(
    list: String
  ) async throws {
    let whole = "---\nthing" + (list == "names" ? "\n" : " 1.0 0123456789abcdef\n")
    try await run { house in
      house.external[Self.base + list] = Self.page
      for _ in 0..<5 { #expect(try await text(list, house) == nil) }
      #expect(house.external.documents.count == 1, "it is left alone for a moment")

      house.clock.advance(by: .seconds(11))
      house.external[Self.base + list] = whole
      #expect(try await text(list, house)?.contains("\nthing") == true)

      for wrong in [Self.page, String(whole.dropLast())] {
        house.clock.advance(by: .seconds(7_200))
        house.external[Self.base + list] = wrong
        let kept = try #require(try await text(list, house))
        #expect(kept.hasSuffix(String(whole.dropFirst(3))))
        #expect(!kept.contains("html"))
      }
    }
  }
}

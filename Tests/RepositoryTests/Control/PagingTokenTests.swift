import Catalog
import Testing

@testable import Repository

@Suite("Paging tokens")
struct PagingTokenTests {
  private let keys: DepotKeys
  private let scope: ListingScope

  init() throws {
    self.keys = try DepotKeys(masterKey: [UInt8](repeating: 1, count: 32))
    self.scope = ListingScope(["versions", "flask", nil], key: keys.paging)
  }

  @Test(arguments: [[""], ["a"], ["a", ""], ["", "\u{E9}\u{10FFFF}", "x"]])
  func `a token stands for its position`(position: [String]) throws {
    let token = scope.token(for: position)
    #expect(try scope.position(token, count: position.count) == position)
    #expect(token.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") })
  }

  @Test(arguments: ["a", "\u{E9}", "\u{65E5}", "\u{1F4E6}", "\u{10FFFF}"])
  func `the longest names leave a token within the API's 2000 characters`(letter: String) throws {
    let name = String(repeating: letter, count: 255)
    let position = ["generic", name, name + "~"]
    let token = scope.token(for: position)
    #expect(token.count <= 2000)
    #expect(try scope.position(token, count: 3) == position)
  }

  @Test func `no token that was changed anywhere is taken`() throws {
    let token = Array(scope.token(for: ["position"]).utf8)
    for index in token.indices {
      for replacement in ["A", "z", "_", "=", " "] {
        var changed = token
        changed[index] = Array(replacement.utf8)[0]
        guard changed != token else { continue }
        let text = String(decoding: changed, as: UTF8.self)
        #expect(throws: RepositoryError.self) { try scope.position(text, count: 1) }
      }
    }
  }

  @Test(arguments: ["", "A", "====", "not a token", String(repeating: "A", count: 43)])
  func `what is no token is the caller's mistake`(text: String) throws {
    let error = #expect(throws: RepositoryError.self) { try scope.position(text, count: 1) }
    #expect(error?.code == .validation)
  }

  @Test func `a token is good for the listing that gave it out, and the same parameters`() throws {
    let token = scope.token(for: ["a"])
    let others = try [
      ListingScope(["versions", "flask", ""], key: keys.paging),
      ListingScope(["versions", "django", nil], key: keys.paging),
      ListingScope(["versions", "flask", nil, nil], key: keys.paging),
      ListingScope(["versionsflask", nil], key: keys.paging),
      ListingScope(
        ["versions", "flask", nil],
        key: DepotKeys(masterKey: [UInt8](repeating: 2, count: 32)).paging
      ),
    ]
    for other in others {
      #expect(throws: RepositoryError.self) { try other.position(token, count: 1) }
    }
  }

  @Test func `a listing does not take another's token`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["a": [], "b": [], "c": []])
      let first = try await fixture.depot.listRepositoriesInDomain(
        owner: DepotFixture.account,
        domain: "shop",
        limit: 1
      )
      let error = await fixture.failure {
        try await fixture.depot.listRepositoriesInDomain(
          owner: DepotFixture.account,
          domain: "shop",
          prefix: "b",
          token: first.nextToken
        )
      }
      #expect(error?.code == .validation)
      #expect(error?.reason == .fieldValidationFailed)
    }
  }
}

import Access
import Catalog
import Exchange
import Foundation
import HTTPTypes
import Repository
import Testing

@Suite("Authentication of package managers")
struct AuthenticationTests {
  private static func basic(_ text: String) -> String {
    "Basic " + Data(text.utf8).base64EncodedString()
  }

  @Test func `without a token both schemes are offered`() async throws {
    try await TestHouse.run { house in
      let reply = await house.send(.get, "simple/", authorization: .some(nil))
      #expect(reply.status == .unauthorized)
      #expect(
        reply.headers[values: .wwwAuthenticate] == [
          "Bearer realm=\"my-domain/tools\"", "Basic realm=\"my-domain/tools\"",
        ]
      )
      #expect(reply.headers[.contentType] == "text/plain; charset=utf-8")
      #expect(reply.headers[.cacheControl] == "no-store")
    }
  }

  @Test func `the same token works in every wrapping`() async throws {
    try await TestHouse.run { house in
      for header in [
        "Bearer \(house.token)", "bearer  \(house.token)", house.token,
        Self.basic("aws:\(house.token)"), Self.basic("__token__:\(house.token)"),
        Self.basic(":\(house.token)"),
      ] {
        #expect(await house.send(.get, "simple/", authorization: header).status == .ok)
      }
    }
  }

  @Test func `what is no token of ours is asked for again`() async throws {
    try await TestHouse.run { house in
      for header in [
        "Bearer", "Basic %%%", Self.basic(":"), "Bearer \(house.token)x", "Digest username=a",
        "AWS4-HMAC-SHA256 Credential=x", "",
      ] {
        let reply = await house.send(.get, "simple/", authorization: header)
        #expect(reply.status == .unauthorized, "\(header)")
        #expect(reply.headers[values: .wwwAuthenticate].count == 2)
      }
    }
  }

  @Test func `an expired token is asked for again`() async throws {
    try await TestHouse.run { house in
      #expect(await house.send(.get, "simple/").status == .ok)
      house.clock.advance(by: DepotHouse.tokenDuration + .seconds(1))
      #expect(await house.send(.get, "simple/").status == .unauthorized)
    }
  }

  @Test func `a token of another domain is refused`() async throws {
    try await TestHouse.run { house in
      let administrator = try await house.depot.bootstrap().identity.principal
      _ = try await house.depot.createDomain(owner: TestHouse.owner, name: "other")
      let token = try await house.depot.issueToken(
        for: administrator,
        owner: TestHouse.owner,
        domain: "other",
        duration: .seconds(900)
      )
      let reply = await house.send(.get, "simple/", authorization: "Bearer \(token.text)")
      #expect(reply.status == .forbidden)
      #expect(reply.headers[.wwwAuthenticate] == nil)
    }
  }

  @Test func `who may nothing is refused, reading and publishing`() async throws {
    try await TestHouse.run { house in
      let guest = try await house.depot.createUser("guest", account: TestHouse.owner)
      let principal = Principal(
        account: guest.account,
        arn: guest.arn,
        isAdministrator: guest.isAdministrator,
        identity: guest.id.rawValue
      )
      let token = try await house.depot.issueToken(
        for: principal,
        owner: TestHouse.owner,
        domain: "my-domain",
        duration: .seconds(900)
      )
      for path in ["simple/", "simple/demo-pkg/", "simple/demo-pkg/1/demo_pkg-1.tar.gz", "simple"] {
        let reply = await house.send(.get, path, authorization: "Bearer \(token.text)")
        #expect(reply.status == .forbidden)
        #expect(try await house.text(reply).contains("codeartifact:ReadFromRepository"))
      }
      let form = try TestForm.wheel()
      let reply = await house.send(
        .post,
        "",
        [.contentType: form.contentType],
        body: RequestBody(form.body),
        authorization: "Bearer \(token.text)"
      )
      #expect(reply.status == .forbidden)
      #expect(
        try await house.text(reply).contains(
          "codeartifact:PublishPackageVersion on resource: "
            + "arn:aws:codeartifact:us-east-1:123456789012:package/my-domain/tools/pypi//demo-pkg"
        )
      )
    }
  }

  @Test func `a domain with quotes in its name cannot leave the challenge`() async throws {
    try await TestHouse.run { house in
      let reply = await house.send(
        .get,
        "/pypi/d/a%22b%0D%0A-123456789012/r/simple/",
        authorization: .some(nil)
      )
      #expect(reply.headers[values: .wwwAuthenticate].first == "Bearer realm=\"a\\\"b??/r\"")
    }
  }
}

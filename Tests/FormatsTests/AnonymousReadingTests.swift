import Access
import Catalog
import Exchange
import Foundation
import HTTPTypes
import Repository
import Testing

@Suite("Reading without a token")
struct AnonymousReadingTests {
  private static func policy(
    _ action: String = "codeartifact:ReadFromRepository",
    principal: String = #""*""#,
    condition: String = "{}"
  ) -> String {
    #"""
    {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":\#(principal),
    "Action":"\#(action)","Resource":"*","Condition":\#(condition)}}
    """#
  }

  private static let reads = [
    "/pypi/d/my-domain-123456789012/tools/simple/", "/npm/d/my-domain-123456789012/tools/-/ping",
    "/cargo/d/my-domain-123456789012/tools/config.json",
    "/nuget/d/my-domain-123456789012/tools/v3/index.json",
    "/ruby/d/my-domain-123456789012/tools/versions",
  ]

  @Test func `is off, and on where a policy says everybody`() async throws {
    try await TestHouse.run { house in
      func expect(_ status: HTTPResponse.Status, _ why: String) async {
        for path in Self.reads {
          let reply = await house.send(.get, path, authorization: .some(nil))
          #expect(reply.status == status, "\(path), \(why)")
          let schemes = path.hasPrefix("/cargo/") ? 3 : 2
          let challenges = reply.headers[values: .wwwAuthenticate].count
          #expect(challenges == (status == .unauthorized ? schemes : 0), "\(path), \(why)")
        }
      }
      await expect(.unauthorized, "without a policy")
      for closed in [
        Self.policy(principal: #"{"AWS":"123456789012"}"#),
        Self.policy("codeartifact:DescribeRepository"),
        Self.policy(condition: #"{"StringEquals":{"aws:PrincipalAccount":"123456789012"}}"#),
        Self.policy(condition: #"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#),
      ] {
        _ = try await house.depot.putRepositoryPolicy(closed, of: TestHouse.path)
        await expect(.unauthorized, closed)
      }
      for open in [Self.policy(), Self.policy("*", principal: #"{"AWS":"*"}"#)] {
        _ = try await house.depot.putRepositoryPolicy(open, of: TestHouse.path)
        await expect(.ok, open)
      }
      _ = try await house.depot.putDomainPolicy(
        Self.policy().replacing("Allow", with: "Deny"),
        owner: TestHouse.owner,
        domain: TestHouse.path.domain
      )
      await expect(.unauthorized, "denied by the domain")
      _ = try await house.depot.deleteDomainPolicy(
        owner: TestHouse.owner,
        domain: TestHouse.path.domain
      )
      await expect(.ok, "denied no more")
      _ = try await house.depot.deleteRepositoryPolicy(TestHouse.path)
      await expect(.unauthorized, "without a policy again")
    }
  }

  @Test func `opens nothing but reading, and no bad token passes for none`() async throws {
    try await TestHouse.run { house in
      _ = try await house.depot.putRepositoryPolicy(
        Self.policy("codeartifact:*"),
        of: TestHouse.path
      )
      let form = try TestForm.wheel()
      let upload = await house.send(
        .post,
        "",
        [.contentType: form.contentType],
        body: RequestBody(form.body),
        authorization: .some(nil)
      )
      #expect(upload.status == .unauthorized)
      for path in ["/npm/d/my-domain-123456789012/tools/-/whoami"] {
        let reply = await house.send(.get, path, authorization: .some(nil))
        #expect(reply.status == .unauthorized)
      }
      let login = await house.send(
        .post,
        "/swift/d/my-domain-123456789012/tools/login",
        authorization: .some(nil)
      )
      #expect(login.status == .unauthorized)
      for token in ["Bearer x", "Basic %%%", ""] {
        #expect(await house.send(.get, "simple/", authorization: token).status == .unauthorized)
      }
    }
  }

  @Test func `cargo is told to bring a token only where it needs one`() async throws {
    try await TestHouse.run { house in
      let path = "/cargo/d/my-domain-123456789012/tools/config.json"
      _ = try await house.depot.putRepositoryPolicy(Self.policy(), of: TestHouse.path)
      let known = try await house.text(await house.send(.get, path))
      #expect(known.contains(#""auth-required":true"#))
      let unknown = try await house.text(await house.send(.get, path, authorization: .some(nil)))
      #expect(unknown.contains(#""auth-required":false"#))
    }
  }
}

@Suite("Reading with a token of another account")
struct ForeignReadingTests {
  @Test func `needs leave here and at home, and does not publish`() async throws {
    try await TestHouse.run { house in
      let other = try await house.depot.createAccount("210987654321", name: "other")
      let user = try #require(try await house.depot.signer(accessKeyID: other.key.id)).principal
      let token = try await house.depot.issueToken(
        for: user,
        owner: TestHouse.owner,
        domain: TestHouse.path.domain,
        duration: .seconds(900)
      ).text
      func status(_ method: HTTPRequest.Method, _ path: String) async throws -> HTTPResponse.Status
      {
        let form = try TestForm.wheel()
        return await house.send(
          method,
          path,
          method == .post ? [.contentType: form.contentType] : [:],
          body: method == .post ? RequestBody(form.body) : .empty,
          authorization: "Bearer \(token)"
        ).status
      }
      #expect(try await status(.get, "simple/") == .forbidden)
      let open = #"""
        {"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Principal":{"AWS":"arn:aws:iam::210987654321:root"},
        "Action":"codeartifact:ReadFromRepository","Resource":"*"}}
        """#
      _ = try await house.depot.putRepositoryPolicy(open, of: TestHouse.path)
      #expect(try await status(.get, "simple/") == .ok)
      #expect(try await status(.post, "") == .forbidden)
      _ = try await house.depot.putDomainPolicy(
        open.replacing("Allow", with: "Deny"),
        owner: TestHouse.owner,
        domain: TestHouse.path.domain
      )
      #expect(try await status(.get, "simple/") == .forbidden)
    }
  }
}

@Suite("What publishing asks for")
struct PublishingRightsTests {
  /// A token of a user who may do what the policy says.
  private func token(_ actions: [String], _ house: TestHouse) async throws -> String {
    let user = try await house.depot.createUser("ada", account: TestHouse.owner)
    let list = actions.map { "\"codeartifact:\($0)\"" }.joined(separator: ",")
    try await house.depot.putPolicy(
      "own",
      document: #"{"Statement":{"Effect":"Allow","Action":[\#(list)],"Resource":"*"}}"#,
      of: user.arn
    )
    let key = try await house.depot.createAccessKey(of: user.arn)
    let principal = try #require(try await house.depot.signer(accessKeyID: key.id)).principal
    return try await house.depot.issueToken(
      for: principal,
      owner: TestHouse.owner,
      domain: TestHouse.path.domain,
      duration: .seconds(900)
    ).text
  }

  private let metadata = "/maven/d/my-domain-123456789012/tools/org/x/lib/maven-metadata.xml"

  private func putMetadata(_ token: String, _ house: TestHouse) async throws -> Reply {
    let document = "<metadata><groupId>org.x</groupId><artifactId>lib</artifactId></metadata>"
    return await house.send(
      .put,
      metadata,
      body: RequestBody(Array(document.utf8)),
      authorization: "Bearer \(token)"
    )
  }

  @Test func `maven's metadata is metadata`() async throws {
    try await TestHouse.run { house in
      let token = try await token(["PublishPackageVersion"], house)
      let reply = try await putMetadata(token, house)
      #expect(reply.status == .forbidden)
      #expect(try await house.text(reply).contains("codeartifact:PutPackageMetadata"))
    }
    try await TestHouse.run { house in
      let token = try await token(["PutPackageMetadata"], house)
      // Allowed, and of no use before there is a package.
      #expect(try await putMetadata(token, house).status == .notFound)
    }
  }

  @Test func `npm's tags are metadata`() async throws {
    try await TestHouse.run { house in
      let token = try await token(["PublishPackageVersion", "ReadFromRepository"], house)
      let reply = await house.send(
        .put,
        "/npm/d/my-domain-123456789012/tools/-/package/left/dist-tags/next",
        body: RequestBody(Array("\"1.0.0\"".utf8)),
        authorization: "Bearer \(token)"
      )
      #expect(reply.status == .forbidden)
      #expect(try await house.text(reply).contains("codeartifact:PutPackageMetadata"))
    }
  }

  @Test func `a push to nuget reads as well`() async throws {
    try await TestHouse.run { house in
      let token = try await token(["PublishPackageVersion"], house)
      let reply = await house.send(
        .put,
        "/nuget/d/my-domain-123456789012/tools/v3/package/",
        authorization: "Bearer \(token)"
      )
      #expect(reply.status == .forbidden)
      #expect(try await house.text(reply).contains("codeartifact:ReadFromRepository"))
    }
  }
}

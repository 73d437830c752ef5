import Exchange
import HTTPTypes
import Repository
import Testing

@testable import Formats

@Suite("Addresses of repositories")
struct AddressTests {
  private func endpoint(_ path: String, base: String = "http://h") -> RepositoryEndpoint? {
    Target(path).segments.flatMap { RepositoryEndpoint(segments: $0, base: base) }
  }

  @Test(arguments: [
    ("/pypi/d/my-domain-123456789012/r/simple/x/", ["simple", "x", ""]),
    ("/pypi/d/my-domain-123456789012/r/", [""]), ("/pypi/d/my-domain-123456789012/r", []),
    ("/pypi/d/my-domain-123456789012/r/a%2Fb", ["a/b"]),
  ])
  func `the path form`(path: String, rest: [String]) {
    let endpoint = endpoint(path)
    #expect(endpoint?.format == "pypi")
    #expect(
      endpoint?.path
        == RepositoryPath(owner: "123456789012", domain: "my-domain", repository: "r")
    )
    #expect(endpoint?.rest == rest)
  }

  @Test func `the host form`() {
    let base = "https://my-domain-123456789012.d.codeartifact.us-east-1.amazonaws.com:443"
    #expect(endpoint("/pypi/r/simple/", base: base)?.path.domain == "my-domain")
    #expect(endpoint("/pypi/r/simple/", base: base)?.rest == ["simple", ""])
    #expect(endpoint("/pypi/d/", base: base)?.path.repository == "d")
  }

  @Test(arguments: [
    "/", "/pypi", "/pypi/d/x", "/pypi/d/my-domain/r/", "/pypi/d/my-domain-12345678901/r/",
    "/pypi/d/-123456789012/r/", "/pypi/d/my-domain-12345678901a/r/",
    "/pypi/x/my-domain-123456789012/r/",
    "/pypi/d/my-domain-123456789012//", "/pypi/d/my-domain-１23456789012/r/",
  ])
  func `other paths name no repository`(path: String) {
    #expect(endpoint(path) == nil)
  }

  @Test func `what is not served is said in plain text`() async throws {
    try await TestHouse.run { house in
      for (path, status) in [
        ("/conda/d/my-domain-123456789012/tools/x", HTTPResponse.Status.notFound),
        ("/pypi/d/nothing", .notFound), ("/pypi/%zz", .badRequest), ("nothing", .notFound),
        ("simple/a/b", .notFound), ("simple/a/b/c/d", .notFound), ("simple/a/b/", .notFound),
        ("/pypi/d/my-domain-123456789012/absent/simple/x/", .notFound),
      ] {
        let reply = await house.send(.get, path)
        #expect(reply.status == status, "\(path)")
        #expect(reply.headers[.contentType] == "text/plain; charset=utf-8")
      }
    }
  }

  @Test func `methods that an address does not have are named`() async throws {
    try await TestHouse.run { house in
      for (method, path, allowed) in [
        (HTTPRequest.Method.get, "", "POST"), (.get, "legacy/", "POST"), (.put, "legacy", "POST"),
        (.post, "simple/", "GET, HEAD"), (.delete, "simple/x/", "GET, HEAD"),
        (.put, "simple/x/1/x-1.tar.gz", "GET, HEAD"),
      ] {
        let reply = await house.send(method, path)
        #expect(reply.status == .methodNotAllowed)
        #expect(reply.headers[.allow] == allowed)
      }
    }
  }

  @Test func `every kind of failure has a status of its own`() throws {
    for code in RepositoryError.Code.allCases {
      #expect(Reply.row(for: code) != nil, "\(code)")
    }
    let endpoint = try #require(self.endpoint("/pypi/d/a-123456789012/r/"))
    let busy = Reply(
      RepositoryError(.upstreamUnavailable, "x", retryAfter: .seconds(30)),
      at: endpoint
    )
    #expect(busy.headers[.retryAfter] == "30")
    #expect(Reply(RepositoryError(.throttled, "x"), at: endpoint).headers[.retryAfter] == "5")
    let failed = Reply(RepositoryError(.internalFailure, "/secret/path"), at: endpoint)
    let bytes = try #require(failed.bytesAtHand)
    #expect(!String(decoding: bytes, as: UTF8.self).contains("secret"))
  }
}

import Catalog
import Testing

@testable import Repository

@Suite("Domains")
struct DomainTests {
  private let account = DepotFixture.account

  @Test func `a new domain is active and empty`() async throws {
    try await DepotFixture.with { fixture in
      let domain = try await fixture.depot.createDomain(owner: account, name: "shop")
      #expect(domain.status == .active)
      #expect(domain.repositoryCount == 0)
      #expect(domain.assetByteCount == 0)
      #expect(domain.createdAt == fixture.clock.now())
      #expect(
        domain.encryptionKey == "arn:aws:kms:eu-central-1:\(account):alias/aws/codeartifact"
      )
      #expect(
        fixture.depot.assetBucketARN(of: domain) == "arn:aws:s3:::assets-\(account)-eu-central-1"
      )
      let described = try await fixture.depot.describeDomain(owner: account, name: "shop")
      #expect(described == domain)
    }
  }

  @Test(arguments: [
    ("1234abcd-12ab", "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab"),
    ("alias/mine", "arn:aws:kms:eu-central-1:111122223333:alias/mine"),
    ("arn:aws:kms:us-west-2:999999999999:key/abc", "arn:aws:kms:us-west-2:999999999999:key/abc"),
    (
      "arn:aws:kms:us-west-2:999999999999:alias/a/b", "arn:aws:kms:us-west-2:999999999999:alias/a/b"
    ),
  ])
  func `a key is known by id, alias or full name`(given: String, reported: String) async throws {
    try await DepotFixture.with { fixture in
      let domain = try await fixture.depot.createDomain(
        owner: account,
        name: "shop",
        encryptionKey: given
      )
      #expect(domain.encryptionKey == reported)
    }
  }

  @Test(arguments: ["", "alias/", "a b", "arn:aws:s3:::bucket", "arn:aws:kms:r:a:thing/x", "arn:"])
  func `what names no key is refused for that reason`(given: String) async throws {
    try await DepotFixture.with { fixture in
      let error = await fixture.failure {
        try await fixture.depot.createDomain(owner: account, name: "shop", encryptionKey: given)
      }
      #expect(error?.code == .validation)
      #expect(error?.reason == .encryptionKeyError)
    }
  }

  @Test func `a key's full name has the length that the API lets a name have`() async throws {
    try await DepotFixture.with { fixture in
      let prefix = "arn:aws:kms:eu-central-1:\(account):key/"
      let room = String(repeating: "a", count: 1011 - prefix.count)
      let domain = try await fixture.depot.createDomain(
        owner: account,
        name: "shop",
        encryptionKey: room
      )
      #expect(domain.encryptionKey == prefix + room)
      let error = await fixture.failure {
        let tooLong = room + "a"
        return try await fixture.depot.createDomain(
          owner: account,
          name: "deli",
          encryptionKey: tooLong
        )
      }
      #expect(error?.reason == .encryptionKeyError)
    }
  }

  @Test func `an account has one domain of a name`() async throws {
    try await DepotFixture.with { fixture in
      _ = try await fixture.depot.createDomain(owner: account, name: "shop")
      let error = await fixture.failure {
        try await fixture.depot.createDomain(owner: account, name: "shop")
      }
      #expect(error?.code == .conflict)
      #expect(error?.resourceType == .domain)
      #expect(error?.resourceID == "shop")
    }
  }

  @Test func `an account has as many domains as its quota`() async throws {
    var quotas = Quotas()
    quotas.domainsPerAccount = 2
    try await DepotFixture.with(quotas: quotas) { fixture in
      for name in ["one", "two"] {
        _ = try await fixture.depot.createDomain(owner: account, name: name)
      }
      let error = await fixture.failure {
        try await fixture.depot.createDomain(owner: account, name: "three")
      }
      #expect(error?.code == .quotaExceeded)
      _ = try await fixture.depot.deleteDomain(owner: account, name: "one")
      _ = try await fixture.depot.createDomain(owner: account, name: "three")
    }
  }

  @Test func `a domain goes when it is empty, and its name is free`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": []])
      let refused = await fixture.failure {
        try await fixture.depot.deleteDomain(owner: account, name: "shop")
      }
      #expect(refused?.code == .conflict)
      _ = try await fixture.depot.deleteRepository(fixture.path("store"))
      let last = try await fixture.depot.deleteDomain(owner: account, name: "shop")
      #expect(last.status == .deleted)
      #expect(last.name == "shop")
      for attempt in [
        await fixture.failure {
          try await fixture.depot.deleteDomain(owner: account, name: "shop")
        },
        await fixture.failure {
          try await fixture.depot.describeDomain(owner: account, name: "shop")
        },
      ] {
        #expect(attempt?.code == .notFound)
        #expect(attempt?.resourceType == .domain)
      }
      _ = try await fixture.depot.createDomain(owner: account, name: "shop")
    }
  }

  @Test func `domains are listed page by page`() async throws {
    try await DepotFixture.with { fixture in
      for name in ["cc", "aa", "bb"] {
        _ = try await fixture.depot.createDomain(owner: account, name: name)
      }
      var names: [String] = []
      var token: String?
      repeat {
        let page = try await fixture.depot.listDomains(owner: account, limit: 2, token: token)
        names += page.items.map(\.name)
        token = page.nextToken
      } while token != nil
      #expect(names == ["aa", "bb", "cc"])
      let others = try await fixture.depot.listDomains(owner: "999999999999")
      #expect(others.items.isEmpty)
    }
  }
}

import Access
import Bytes
import Catalog
import Testing

@testable import Repository

@Suite("Keys and tokens")
struct CredentialTests {
  private let account = DepotFixture.account

  @Test func `the first start makes one administrator, the next ones find it`() async throws {
    try await DepotFixture.with { fixture in
      let again = try await fixture.depot.bootstrap()
      #expect(!again.areNew)
      #expect(again.identity == fixture.administrator)
      #expect(again.identity.principal.isAdministrator)
      #expect(again.identity.principal.account == account)
      #expect(again.identity.principal.arn == "arn:aws:iam::\(account):user/administrator")
    }
  }

  @Test func `an account of its own choosing has twelve digits`() async throws {
    try await DepotFixture.with { fixture in
      let account = fixture.administrator.principal.account
      #expect(account.count == 12)
      #expect(account.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    }
  }

  @Test func `a key's secret comes back from the catalog, with the right master key only`()
    async throws
  {
    try await DepotFixture.with { fixture in
      let id = fixture.administrator.key.id
      let same = try DepotFixture.make(fixture.catalog, fixture.blobs, fixture.clock)
      let opened = try await same.signer(accessKeyID: id)
      #expect(opened == fixture.administrator)
      let other = try DepotFixture.make(
        fixture.catalog,
        fixture.blobs,
        fixture.clock,
        masterKey: [UInt8](repeating: 8, count: 32)
      )
      let error = await fixture.failure { try await other.signer(accessKeyID: id) }
      #expect(error?.code == .internalFailure)
      let short = #expect(throws: RepositoryError.self) {
        try DepotFixture.make(fixture.catalog, fixture.blobs, fixture.clock, masterKey: [1, 2, 3])
      }
      #expect(short?.code == .internalFailure)
    }
  }

  @Test func `an unknown or inactive key signs nothing`() async throws {
    try await DepotFixture.with { fixture in
      let depot = fixture.depot
      let user = try await depot.createUser("ann", account: account)
      let id = try await depot.createAccessKey(of: user.arn).id
      let nobody = try await depot.signer(accessKeyID: "LKIANOBODY")
      #expect(nobody == nil)
      let active = try await depot.signer(accessKeyID: id)
      #expect(active?.principal.arn == user.arn)
      let wasKnown = try await depot.setStatus(.inactive, ofAccessKey: id)
      #expect(wasKnown)
      let inactive = try await depot.signer(accessKeyID: id)
      #expect(inactive == nil)
      let isKnown = try await depot.setStatus(.active, ofAccessKey: id)
      #expect(isKnown)
      let restored = try await depot.signer(accessKeyID: id)
      #expect(restored == active)
      let isStranger = try await depot.setStatus(.active, ofAccessKey: "LKIANOBODY")
      #expect(!isStranger)
    }
  }

  private func token(
    _ fixture: DepotFixture,
    lasting duration: Duration = .seconds(900)
  ) async throws -> IssuedToken {
    try await fixture.depot.issueToken(
      for: fixture.administrator.principal,
      owner: account,
      domain: "shop",
      duration: duration
    )
  }

  @Test func `a token speaks for who asked, in one domain, until it expires`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories([:])
      let issued = try await token(fixture)
      #expect(issued.expiresAt == fixture.clock.now() + .seconds(900))
      let holder = try #require(try await fixture.depot.holder(ofToken: issued.text))
      #expect(holder.principal == fixture.administrator.principal)
      #expect(holder.domain == "shop")
      #expect(holder.domainOwner == account)
      #expect(holder.expiresAt == issued.expiresAt)
      fixture.clock.advance(by: .seconds(899))
      let late = try await fixture.depot.holder(ofToken: issued.text)
      #expect(late == holder)
      fixture.clock.advance(by: .seconds(1))
      let expired = try await fixture.depot.holder(ofToken: issued.text)
      #expect(expired == nil)
      // Not in memory any more, and still in the catalog: expired there too.
      let stillExpired = try await fixture.depot.holder(ofToken: issued.text)
      #expect(stillExpired == nil)
    }
  }

  @Test func `the catalog holds no token, only its digest`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories([:])
      let issued = try await token(fixture)
      let digest = AccessToken.digest(of: issued.text)
      let stored = try await fixture.depot.read { snapshot in try snapshot.token(digest)?.token }
      #expect(stored?.digest == digest)
      let byDigest = try await fixture.depot.holder(ofToken: digest.hexadecimal)
      #expect(byDigest == nil)
    }
  }

  @Test func `a known token is answered without the catalog`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories([:])
      let issued = try await token(fixture)
      let holder = try await fixture.depot.holder(ofToken: issued.text)
      #expect(holder != nil)
      try await fixture.catalog.close()
      let remembered = try await fixture.depot.holder(ofToken: issued.text)
      #expect(remembered == holder)
      let unknown = await fixture.failure { try await fixture.depot.holder(ofToken: "other") }
      #expect(unknown?.code == .internalFailure)
    }
  }

  @Test func `a token that is taken back, or whose domain is gone, is good for nothing`()
    async throws
  {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories([:])
      let depot = fixture.depot
      let first = try await token(fixture)
      let second = try await token(fixture)
      for issued in [first, second] {
        let known = try await depot.holder(ofToken: issued.text)
        #expect(known != nil)
      }
      let wasRevoked = try await depot.revokeToken(first.text)
      #expect(wasRevoked)
      let revoked = try await depot.holder(ofToken: first.text)
      #expect(revoked == nil)
      let untouched = try await depot.holder(ofToken: second.text)
      #expect(untouched != nil)
      let wasThere = try await depot.revokeToken(first.text)
      #expect(!wasThere)
      _ = try await depot.deleteDomain(owner: account, name: "shop")
      let orphan = try await depot.holder(ofToken: second.text)
      #expect(orphan == nil)
    }
  }

  @Test(arguments: [-1, 1, 899, 43_201])
  func `a token lasts as long as the caller, or a quarter of an hour to twelve hours`(
    seconds: Int
  ) async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories([:])
      let error = await fixture.failure { try await token(fixture, lasting: .seconds(seconds)) }
      #expect(error?.code == .validation)
      let longest = try await token(fixture, lasting: .zero)
      #expect(longest.expiresAt == fixture.clock.now() + .seconds(43_200))
      _ = try await token(fixture, lasting: .seconds(43_200))
    }
  }

  @Test func `a token is issued to someone, for a domain that is there`() async throws {
    try await DepotFixture.with { fixture in
      let missing = await fixture.failure { try await token(fixture) }
      #expect(missing?.code == .notFound)
      try await fixture.makeRepositories([:])
      let stranger = Principal(
        account: account,
        arn: "arn:aws:iam::x:user/y",
        isAdministrator: true
      )
      let error = await fixture.failure {
        try await fixture.depot.issueToken(
          for: stranger,
          owner: account,
          domain: "shop",
          duration: .zero
        )
      }
      #expect(error?.code == .unauthenticated)
    }
  }

  @Test func `expired tokens are swept away as new ones are made`() async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories([:])
      let old = try await token(fixture)
      fixture.clock.advance(by: .seconds(901))
      _ = try await token(fixture)
      let digest = AccessToken.digest(of: old.text)
      let stored = try await fixture.depot.read { snapshot in try snapshot.token(digest)?.token }
      #expect(stored == nil)
    }
  }

  /// What is read from the catalog may be taken back before it is remembered.
  @Test func `nothing is remembered that was forgotten while it was looked up`() throws {
    let cache = CredentialCache(capacity: 10)
    let digest = AccessToken.digest(of: "token")
    let holder = TokenHolder(
      principal: Principal(account: account, arn: "a", isAdministrator: false),
      domainID: DomainID(1),
      domainOwner: account,
      domain: "shop",
      expiresAt: Timestamp(seconds: 9)
    )
    let generation = cache.generation
    cache.forgetToken(digest)
    cache.remember(holder, for: digest, since: generation)
    #expect(cache.token(digest) == nil)
    cache.remember(holder, for: digest, since: cache.generation)
    #expect(cache.token(digest) == holder)
    for number in 0..<100 {
      cache.remember(
        holder,
        for: AccessToken.digest(of: "\(number)"),
        since: cache.generation
      )
    }
    #expect(cache.token(digest) == nil)
  }
}

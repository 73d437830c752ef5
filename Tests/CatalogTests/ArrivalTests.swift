import Bytes
import Testing

@testable import Catalog

@Suite("Arrivals")
struct ArrivalTests {
  /// Runs `body` in one transaction over a domain with repositories `store` and `team`.
  private func withRepositories(
    _ body:
      @escaping @Sendable (CatalogTransaction, DomainRecord, RepositoryID, RepositoryID) throws ->
      Void
  ) async throws {
    try await withCatalog { catalog in
      try await catalog.withTransaction { transaction in
        let made = try transaction.makeDomain(repositories: ["store", "team"])
        try body(transaction, made.domain, made.repositories[0].id, made.repositories[1].id)
      }
    }
  }

  @Test func `a version arrives with its package, its assets and its restrictions`() async throws {
    try await withRepositories { catalog, _, store, _ in
      let files = [
        asset("f.whl", bytes: 1, attachment: AttachedBlob(key: digest(7), byteCount: 5)),
        asset("f.tar.gz", bytes: 2, attributes: #"{"yanked":true}"#),
      ]
      let receipt = try catalog.record(
        arrival("flask", "1.0", files),
        into: [store],
        at: moment(20)
      ).receipts[0]
      #expect(receipt.assets.map(\.isNew) == [true, true])
      #expect(receipt.assets.map(\.record.name) == ["f.whl", "f.tar.gz"])
      let package = try #require(
        try catalog.package(PackageCoordinates(format: .pypi, name: "flask"), in: store)
      )
      #expect(package.restrictions == OriginRestrictions(publish: .allow, upstream: .block))
      #expect(package.serial == catalog.notes.entries.last?.serial)
      let version = try #require(try catalog.version("1.0", of: package.id))
      #expect(version == receipt.version)
      #expect(version.origin == .published(repository: "store"))
      #expect(version.revision.count == 40)
      let wheel = try #require(try catalog.asset("f.whl", of: version.id))
      #expect(wheel.digests == files[0].digests)
      #expect(wheel.attachment == files[0].attachment)
      #expect(
        try catalog.assets(of: version.id, limit: 10).items.map(\.name) == ["f.tar.gz", "f.whl"]
      )
    }
  }

  @Test func `repeating an arrival changes nothing and says what is there`() async throws {
    try await withRepositories { catalog, _, store, _ in
      let same = arrival("flask", "1.0", [asset("f.whl", bytes: 1)])
      let first = try catalog.record(same, into: [store], at: moment(20)).receipts[0]
      let count = catalog.notes.entries.count
      let second = try catalog.record(same, into: [store], at: moment(30)).receipts[0]
      #expect(second.assets.map(\.isNew) == [false])
      #expect(second.version == first.version)
      #expect(catalog.notes.entries.count == count)
    }
  }

  @Test func `other bytes under a known name are refused everywhere, and the first bytes stay`()
    async throws
  {
    try await withRepositories { catalog, _, store, team in
      _ = try catalog.record(
        arrival("flask", "1.0", [asset("f.whl", bytes: 1)]),
        into: [store],
        at: moment(20)
      )
      let count = catalog.notes.entries.count
      let changed = arrival("flask", "1.0", [asset("new", bytes: 3), asset("f.whl", bytes: 2)])
      let outcome = try catalog.record(changed, into: [team, store], at: moment(30))
      guard case .conflict("f.whl", digest(1)) = outcome else {
        Issue.record("expected a conflict, got \(outcome)")
        return
      }
      #expect(catalog.notes.entries.count == count)
      #expect(
        try catalog.package(PackageCoordinates(format: .pypi, name: "flask"), in: team) == nil
      )
    }
  }

  @Test func `an asset is added to a version, whose revision changes`() async throws {
    try await withRepositories { catalog, _, store, _ in
      let first = try catalog.record(
        arrival("flask", "1.0", [asset("a", bytes: 1)]),
        into: [store],
        at: moment(20)
      ).receipts[0].version
      let second = try catalog.record(
        arrival("flask", "1.0", [asset("b", bytes: 2)]),
        into: [store],
        at: moment(30)
      ).receipts[0].version
      #expect(second.id == first.id)
      #expect(second.revision != first.revision)
      #expect(second.publishedAt == first.publishedAt)
    }
  }

  @Test func `the same content has the same revision wherever and however it arrived`()
    async throws
  {
    try await withRepositories { catalog, _, store, team in
      let both = [asset("a", bytes: 1), asset("b", bytes: 2)]
      let whole = try catalog.record(arrival("x", "1", both), into: [store], at: moment(20))
        .receipts[0].version
      _ = try catalog.record(arrival("x", "1", [both[1]]), into: [team], at: moment(20))
      let pieces = try catalog.record(arrival("x", "1", [both[0]]), into: [team], at: moment(21))
        .receipts[0].version
      #expect(whole.revision == pieces.revision)
    }
  }

  @Test(arguments: [VersionStatus.archived, .disposed])
  func `a version that is closed takes nothing more`(status: VersionStatus) async throws {
    try await withRepositories { catalog, _, store, _ in
      let files = [asset("a", bytes: 1)]
      _ = try catalog.record(
        arrival("x", "1", status: status, files),
        into: [store],
        at: moment(20)
      )
      // Not even what it has already: the record holds the version's place, and that is all.
      for again in [files + [asset("b", bytes: 2)], files] {
        let outcome = try catalog.record(arrival("x", "1", again), into: [store], at: moment(30))
        guard case .closed(status) = outcome else {
          Issue.record("expected it closed, got \(outcome)")
          return
        }
      }
    }
  }

  @Test func `an unfinished version is published by an arrival that is`() async throws {
    try await withRepositories { catalog, _, store, _ in
      let first = try catalog.record(
        arrival("x", "1", status: .unfinished, [asset("a", bytes: 1)]),
        into: [store],
        at: moment(20)
      ).receipts[0].version
      #expect(first.status == .unfinished)
      let last = try catalog.record(
        arrival("x", "1", [asset("b", bytes: 2)]),
        into: [store],
        at: moment(30)
      ).receipts[0].version
      #expect(last.status == .published)
    }
  }

  @Test func `a version has no more assets than it may`() async throws {
    try await withRepositories { catalog, _, store, _ in
      var many = arrival("x", "1", (0..<3).map { asset("a\($0)", bytes: $0) })
      many.assetLimit = 4
      _ = try catalog.record(many, into: [store], at: moment(20)).receipts
      many.assets = [asset("b", bytes: 10), asset("c", bytes: 11), asset("a0", bytes: 0)]
      guard case .tooManyAssets(count: 5) = try catalog.record(many, into: [store], at: moment(21))
      else {
        Issue.record("expected too many")
        return
      }
      many.assets.removeFirst()
      _ = try catalog.record(many, into: [store], at: moment(22)).receipts
    }
  }

  @Test func `a deleted repository takes nothing`() async throws {
    try await withRepositories { catalog, _, store, team in
      let repository = try #require(try catalog.repository(team))
      try catalog.deleteRepository(repository, at: moment(3))
      guard
        case .repositoryGone(team) = try catalog.record(
          arrival(),
          into: [store, team],
          at: moment(4)
        )
      else {
        Issue.record("expected it gone")
        return
      }
    }
  }

  @Test func `names that differ in their bytes alone are two assets`() async throws {
    try await withRepositories { catalog, _, store, _ in
      // The first is one scalar, the second two: equal as text, different as bytes.
      let composed = asset("caf\u{E9}", bytes: 1)
      let decomposed = asset("cafe\u{301}", bytes: 2)
      _ = try catalog.record(arrival("x", "1", [composed]), into: [store], at: moment(20))
      let receipt = try catalog.record(
        arrival("x", "1", [composed, decomposed]),
        into: [store],
        at: moment(21)
      ).receipts[0]
      #expect(receipt.assets.map(\.isNew) == [false, true])
    }
  }

  @Test func `a domain counts each blob once, however many rows name it`() async throws {
    try await withRepositories { catalog, domain, store, team in
      let twice = [asset("a", bytes: 1, count: 100), asset("b", bytes: 1, count: 100)]
      _ = try catalog.record(arrival("x", "1", twice), into: [store, team], at: moment(20))
      _ = try catalog.record(
        arrival("y", "1", [asset("c", bytes: 2, count: 30)]),
        into: [team],
        at: moment(21)
      )
      #expect(try catalog.domain(domain.id)?.assetByteCount == 130)
      let gone = try #require(try catalog.repository(team))
      try catalog.deleteRepository(gone, at: moment(22))
      while try catalog.clearDeleted(limit: 1) > 0 {}
      #expect(try catalog.domain(domain.id)?.assetByteCount == 100)
      #expect(try catalog.domain(domain.id)?.repositoryCount == 1)
    }
  }

  @Test func `a retained version is the source's, by reference`() async throws {
    try await withRepositories { catalog, domain, store, team in
      let attachment = AttachedBlob(key: digest(7), byteCount: 5)
      let source = try catalog.record(
        arrival(
          "x",
          "1",
          origin: .ingested(externalConnection: "public:pypi"),
          [asset("a", bytes: 1, attachment: attachment, attributes: #"{"k":1}"#)]
        ),
        into: [store],
        at: moment(20)
      ).receipts[0].version
      let restrictions = OriginRestrictions(publish: .block, upstream: .allow)
      let outcome = try #require(
        try catalog.retain(
          source,
          in: [team],
          restrictionsWhenNew: restrictions,
          at: moment(30)
        )
      )
      let copy = try outcome.receipts[0]
      #expect(copy.version.id != source.id)
      #expect(copy.version.origin == source.origin)
      #expect(copy.version.revision == source.revision)
      #expect(copy.version.publishedAt == source.publishedAt)
      #expect(copy.assets[0].record.attachment == attachment)
      #expect(copy.assets[0].record.attributes == #"{"k":1}"#)
      #expect(try catalog.package(copy.version.packageID)?.restrictions == restrictions)
      #expect(try catalog.domain(domain.id)?.assetByteCount == 100)
      _ = try catalog.amend(source.id, status: .archived, metadata: "{}", at: moment(31))
      #expect(
        try catalog.retain(source, in: [team], restrictionsWhenNew: restrictions, at: moment(32))
          == nil,
        "it is no longer what was seen"
      )
      _ = try catalog.remove(source.id, at: moment(33))
      #expect(
        try catalog.retain(source, in: [team], restrictionsWhenNew: restrictions, at: moment(34))
          == nil
      )
    }
  }

  @Test func `a package that blocks its upstream takes nothing from there`() async throws {
    try await withRepositories { catalog, domain, store, team in
      let source = try catalog.record(arrival("x", "1"), into: [store], at: moment(20))
        .receipts[0].version
      let repository = try #require(try catalog.repository(team))
      let closed = OriginRestrictions(publish: .allow, upstream: .block)
      let coordinates = PackageCoordinates(format: .pypi, name: "x")
      _ = try catalog.configureOrigin(of: coordinates, in: repository, to: closed, at: moment(21))
      guard
        case .blocked(team) = try catalog.retain(
          source,
          in: [team],
          restrictionsWhenNew: closed,
          at: moment(30)
        )
      else {
        Issue.record("it was retained")
        return
      }
      var fetched = arrival("x", "2", origin: .ingested(externalConnection: "public:pypi"))
      fetched.isFromUpstream = true
      guard case .blocked(team) = try catalog.record(fetched, into: [team], at: moment(31)) else {
        Issue.record("it was ingested")
        return
      }
      _ = try catalog.record(arrival("x", "3"), into: [team], at: moment(32)).receipts
      let journal = try catalog.journal(of: domain.id, limit: 100)
      #expect(journal.suffix(2).map(\.kind) == [.originConfigured, .versionRecorded])
    }
  }

  @Test func `attributes follow the upstream, and the revision follows them`() async throws {
    try await withRepositories { catalog, _, store, team in
      let receipt = try catalog.record(
        arrival("x", "1", [asset("a", bytes: 1), asset("b", bytes: 2)]),
        into: [store],
        at: moment(20)
      ).receipts[0]
      let stranger = try catalog.record(
        arrival("y", "1", [asset("c", bytes: 3)]),
        into: [store],
        at: moment(20)
      ).receipts[0]
      let ids = receipt.assets.map(\.record.id)
      let wanted = [
        ids[0]: #"{"yanked":true}"#, ids[1]: "{}", stranger.assets[0].record.id: "[]",
        AssetID(99): "{}",
      ]
      let package = receipt.version.packageID
      #expect(try catalog.annotate(wanted, of: package, at: moment(30)) == 1)
      #expect(try catalog.asset(ids[0])?.attributes == #"{"yanked":true}"#)
      #expect(try catalog.asset(stranger.assets[0].record.id)?.attributes == "{}")
      #expect(try catalog.version(receipt.version.id)?.revision != receipt.version.revision)
      #expect(catalog.notes.entries.last?.kind == .assetsAnnotated)
      let count = catalog.notes.entries.count
      #expect(try catalog.annotate(wanted, of: package, at: moment(31)) == 0)
      #expect(catalog.notes.entries.count == count)
    }
  }

  @Test func `a repository is stamped with the serial of its last change`() async throws {
    try await withRepositories { catalog, domain, store, team in
      let before = try #require(try catalog.repository(team)).serial
      _ = try catalog.record(arrival("x", "1"), into: [store], at: moment(20))
      #expect(try catalog.repository(store)?.serial == catalog.notes.entries.last?.serial)
      #expect(try catalog.repository(team)?.serial == before)
    }
  }

  @Test func `what is known of a document is replaced, and confirmed`() async throws {
    try await withRepositories { catalog, _, _, _ in
      let key = ExternalDocumentKey(connection: .pypi, path: "simple/flask/")
      var document = ExternalDocumentRecord(
        key: key,
        source: "https://index.example/simple/flask/",
        status: 200,
        blob: AttachedBlob(key: digest(4), byteCount: 40),
        contentType: "text/html",
        entityTag: "\"a\"",
        lastModified: nil,
        fetchedAt: moment(1),
        checkedAt: moment(1)
      )
      #expect(try catalog.externalDocument(key) == nil)
      #expect(try !catalog.touch(key, checkedAt: moment(2)))
      try catalog.store(document)
      #expect(try catalog.externalDocument(key) == document)
      #expect(try catalog.touch(key, checkedAt: moment(2)))
      document.checkedAt = moment(2)
      #expect(try catalog.externalDocument(key) == document)
      document.status = 404
      document.blob = nil
      document.entityTag = nil
      try catalog.store(document)
      #expect(try catalog.externalDocument(key) == document)
    }
  }
}

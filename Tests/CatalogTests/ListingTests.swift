import Bytes
import Testing

@testable import Catalog

/// Listings against a plain filter and sort of everything, over random rows: set `LARDER_SEED` to
/// replay the seed that a failure prints.
@Suite("Listings")
struct ListingTests {
  private func withStore(
    _ body: @escaping @Sendable (CatalogTransaction, RepositoryID) throws -> Void
  ) async throws {
    try await withCatalog { catalog in
      try await catalog.withTransaction { transaction in
        let made = try transaction.makeDomain()
        try body(transaction, made.repositories[0].id)
      }
    }
  }

  /// Follows a listing to its end.
  private static func all<Item, Position>(
    _ page: (Position?) throws -> Page<Item, Position>
  ) throws -> [Item] {
    var items: [Item] = []
    var position: Position?
    repeat {
      let next = try page(position)
      items += next.items
      position = next.next
    } while position != nil
    return items
  }

  @Test func `versions are listed as a filter and a sort would`() async throws {
    try await withStore { catalog, store in
      var random = SeededGenerator.make()
      var package: PackageID?
      for _ in 0..<120 {
        let version = String(random.next() % 1000)
        let origins: [VersionOrigin] = [
          .published(repository: "store"), .ingested(externalConnection: "public:pypi"), .unknown,
        ]
        let outcome = try catalog.record(
          arrival(
            "x",
            version,
            status: VersionStatus.allCases.randomElement(using: &random) ?? .published,
            origin: origins.randomElement(using: &random) ?? .unknown,
            publishedAt: Timestamp(microseconds: Int64(random.next() % 40))
          ),
          into: [store],
          at: moment(20)
        )
        // A number drawn again may be that of a version that takes nothing any more.
        if case .closed = outcome { continue }
        package = try outcome.receipts[0].version.packageID
      }
      let id = try #require(package)
      let everything = try catalog.versions(of: id, limit: 1000).items
      #expect(Set(everything.map(\.version)).count == everything.count)
      for status in [nil] + VersionStatus.allCases.map(Optional.some) {
        for origin in [nil] + OriginType.allCases.map(Optional.some) {
          let wanted = everything.filter {
            $0.status == status ?? $0.status && $0.origin.type == origin ?? $0.origin.type
          }
          let filter = VersionFilter(status: status, origin: origin)
          let named = try Self.all {
            try catalog.versions(of: id, filter, after: $0, limit: 7)
          }
          #expect(named == wanted.sorted { $0.version < $1.version })
          let newest = try Self.all {
            try catalog.versions(of: id, filter, order: .newestFirst, after: $0, limit: 7)
          }
          #expect(
            newest
              == wanted.sorted {
                ($1.publishedAt, $1.version) < ($0.publishedAt, $0.version)
              }
          )
        }
      }
      let published = everything.filter { $0.status == .published }
      let newest = published.max {
        ($0.publishedAt, $0.version) < ($1.publishedAt, $1.version)
      }
      #expect(try catalog.newestPublished(of: id) == newest)
    }
  }

  @Test func `packages are listed as a filter and a sort would`() async throws {
    try await withStore { catalog, store in
      var random = SeededGenerator.make()
      let texts = ["a", "aa", "ab", "b", "z", "\u{E9}", "e\u{301}", "\u{10FFFF}", "ab-c"]
      for _ in 0..<150 {
        let format = PackageFormat.allCases.randomElement(using: &random) ?? .npm
        let namespace = Bool.random(using: &random) ? texts.randomElement(using: &random) : nil
        let name =
          (texts.randomElement(using: &random) ?? "a") + String(random.next() % 3)
        _ = try catalog.record(
          arrival(
            name,
            "1",
            format: format,
            namespace: namespace,
            restrictions: OriginRestrictions(
              publish: Bool.random(using: &random) ? .allow : .block,
              upstream: Bool.random(using: &random) ? .allow : .block
            )
          ),
          into: [store],
          at: moment(20)
        )
      }
      let everything = try catalog.packages(in: store, PackageFilter(), limit: 1000).items
      let prefixes = [nil, "a", "ab", "\u{E9}", "\u{10FFFF}", "nothing"]
      for format in [nil, PackageFormat.npm, .pypi] {
        for namespace in format == nil ? [nil] : prefixes {
          for name in prefixes {
            for publish in [nil, OriginControl.allow] {
              let filter = PackageFilter(
                format: format,
                namespacePrefix: namespace,
                namePrefix: name,
                publish: publish
              )
              let found = try Self.all {
                try catalog.packages(in: store, filter, after: $0, limit: 4)
              }
              let wanted = everything.filter { Self.passes($0, filter) }
              #expect(Set(found.map(\.id)) == Set(wanted.map(\.id)), "\(filter)")
              #expect(found.count == wanted.count, "\(filter)")
            }
          }
        }
      }
    }
  }

  private static func passes(_ package: PackageRecord, _ filter: PackageFilter) -> Bool {
    let coordinates = package.coordinates
    func begins(_ text: String, _ prefix: String?) -> Bool {
      Array(text.utf8).starts(with: Array((prefix ?? "").utf8))
    }
    return coordinates.format == filter.format ?? coordinates.format
      && begins(coordinates.namespace ?? "", filter.namespacePrefix)
      && begins(coordinates.name, filter.namePrefix)
      && package.restrictions.publish == filter.publish ?? package.restrictions.publish
  }

  @Test func `a filter that passes nothing ends its pages early, and still gets to the end`()
    async throws
  {
    try await withStore { catalog, store in
      for number in 0..<5000 {
        let name = "p" + String(10_000 + number)
        let isLast = number == 4999
        _ = try catalog.record(
          arrival(
            name,
            "1",
            restrictions: OriginRestrictions(
              publish: isLast ? .block : .allow,
              upstream: .allow
            )
          ),
          into: [store],
          at: moment(20)
        )
      }
      let filter = PackageFilter(publish: .block)
      let before = try catalog.steps()
      let first = try catalog.packages(in: store, filter, limit: 10)
      let steps = try catalog.steps() - before
      #expect(first.items.isEmpty)
      let position = try #require(first.next)
      #expect(position.name == "p14095")
      #expect(steps < 4096 * 40)
      let second = try catalog.packages(in: store, filter, after: position, limit: 10)
      #expect(second.items.map(\.coordinates.name) == ["p14999"])
      #expect(second.next == nil)
    }
  }

  @Test func `repositories are listed by prefix and administrator`() async throws {
    try await withCatalog { catalog in
      try await catalog.withTransaction { transaction in
        let names = ["a", "ab", "abc", "b", "ba"]
        let first = try transaction.makeDomain("one", repositories: names)
        let second = try transaction.makeDomain("two", repositories: names)
        _ = try transaction.createRepository(
          in: first.domain.id,
          name: "abd",
          administrator: "999999999999",
          description: nil,
          upstreams: [],
          at: moment(3)
        )
        let byPrefix = try Self.all {
          try transaction.repositories(
            in: first.domain.id,
            RepositoryFilter(prefix: "ab"),
            after: $0,
            limit: 1
          )
        }
        #expect(byPrefix.map(\.name) == ["ab", "abc", "abd"])
        let mine = try Self.all {
          try transaction.repositories(
            in: first.domain.id,
            RepositoryFilter(prefix: "ab", administrator: account),
            after: $0,
            limit: 2
          )
        }
        #expect(mine.map(\.name) == ["ab", "abc"])
        let everywhere = try Self.all {
          try transaction.repositories(
            administrator: account,
            prefix: "a",
            after: $0,
            limit: 2
          )
        }
        #expect(everywhere.map(\.name) == ["a", "a", "ab", "ab", "abc", "abc"])
        #expect(Set(everywhere.map(\.domainID)) == [first.domain.id, second.domain.id])
      }
    }
  }

  @Test func `a domain's graph is what its repositories say one by one`() async throws {
    try await withCatalog { catalog in
      try await catalog.withTransaction { transaction in
        let made = try transaction.makeDomain("one", repositories: ["a", "b", "c", "d"])
        _ = try transaction.makeDomain("two", repositories: ["a"])
        let ids = made.repositories.map(\.id)
        _ = try transaction.updateRepository(
          made.repositories[0],
          description: nil,
          upstreams: [ids[2], ids[1]],
          at: moment(3)
        )
        _ = try transaction.updateRepository(
          made.repositories[2],
          description: nil,
          upstreams: [ids[1], ids[3]],
          at: moment(3)
        )
        _ = try transaction.associate(.pypi, with: made.repositories[1], at: moment(3))
        try transaction.deleteRepository(made.repositories[3], at: moment(4))
        let graph = try #require(try transaction.graph(of: made.domain.id))
        #expect(Set(graph.nodes.keys) == Set(ids.prefix(3)))
        #expect(graph.domain == (try transaction.domain(made.domain.id)))
        for (id, node) in graph.nodes {
          #expect(node.repository == (try transaction.repository(id)))
          #expect(node.upstreams == (try transaction.upstreams(of: id).map(\.id)))
          #expect(node.externalConnections == (try transaction.externalConnections(of: id)))
        }
        #expect(graph.node(named: "a")?.upstreams == [ids[2], ids[1]])
        #expect(graph.searchOrder(of: ids[0], limit: 25) == [ids[0], ids[2], ids[1]])
      }
    }
  }

  @Test func `a page goes on where it stood, whatever was written or deleted meanwhile`()
    async throws
  {
    try await withCatalog { catalog in
      try await catalog.withTransaction { transaction in
        let made = try transaction.makeDomain(repositories: ["b", "d", "f", "h"])
        let first = try transaction.repositories(
          in: made.domain.id,
          RepositoryFilter(),
          limit: 2
        )
        #expect(first.items.map(\.name) == ["b", "d"])
        try transaction.deleteRepository(made.repositories[1], at: moment(3))
        for name in ["a", "e"] {
          _ = try transaction.createRepository(
            in: made.domain.id,
            name: name,
            administrator: account,
            description: nil,
            upstreams: [],
            at: moment(3)
          )
        }
        let rest = try transaction.repositories(
          in: made.domain.id,
          RepositoryFilter(),
          after: first.next,
          limit: 10
        )
        #expect(rest.items.map(\.name) == ["e", "f", "h"])
      }
    }
  }

  @Test func `domains of one owner are listed, and the deleted are not`() async throws {
    try await withCatalog { catalog in
      try await catalog.withTransaction { transaction in
        for name in ["c", "a", "b"] { _ = try transaction.makeDomain(name, repositories: []) }
        let gone = try #require(try transaction.domain(owner: account, name: "b"))
        _ = try transaction.deleteDomain(gone.id, at: moment(3))
        let found = try Self.all { try transaction.domains(owner: account, after: $0, limit: 1) }
        #expect(found.map(\.name) == ["a", "c"])
        #expect(try transaction.domainCount(owner: account) == 2)
        // The name is free again, and the new domain is another one with a journal of its own.
        let again = try transaction.makeDomain("b", repositories: []).domain
        #expect(again.id != gone.id)
        #expect(again.serial == 1)
        #expect(try transaction.journal(of: gone.id, limit: 10).count == 2)
      }
    }
  }

  @Test func `assets of a package come in order of name`() async throws {
    try await withStore { catalog, store in
      for version in ["1", "2", "3"] {
        _ = try catalog.record(
          arrival(
            "x",
            version,
            [asset("same", bytes: 1), asset("x-\(version)", bytes: 2)]
          ),
          into: [store],
          at: moment(20)
        )
      }
      let coordinates = PackageCoordinates(format: .pypi, name: "x")
      let package = try #require(try catalog.package(coordinates, in: store))
      let found = try Self.all {
        try catalog.assets(ofPackage: package.id, after: $0, limit: 2)
      }
      #expect(found.map(\.name) == ["same", "same", "same", "x-1", "x-2", "x-3"])
      let same = try catalog.assets(named: "same", ofPackage: package.id, limit: 10)
      #expect(same.map(\.version.version) == ["1", "2", "3"])
    }
  }
}

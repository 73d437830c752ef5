import Bytes
import Synchronization
import Testing

@testable import Catalog

@Suite("Journal")
struct JournalTests {
  @Test func `every change of a domain is one row with the next serial`() async throws {
    try await withCatalog { catalog in
      let domain = try await catalog.write { transaction throws(CatalogError) in
        let (domain, repositories) = try transaction.makeDomain(repositories: ["a", "b"])
        _ = try transaction.updateRepository(
          repositories[0],
          description: "x",
          upstreams: [repositories[1].id],
          at: moment(3)
        )
        _ = try transaction.associate(.pypi, with: repositories[1], at: moment(4))
        _ = try transaction.record(
          arrival("flask", "1.0", [asset("f.whl", bytes: 1)]),
          into: repositories.map(\.id),
          at: moment(5)
        )
        _ = try transaction.disassociate(.pypi, from: repositories[1], at: moment(6))
        for repository in repositories {
          try transaction.deleteRepository(repository, at: moment(7))
        }
        _ = try transaction.deleteDomain(domain.id, at: moment(8))
        return domain
      }
      let journal = try await catalog.read { snapshot throws(CatalogError) in
        try snapshot.journal(of: domain.id, limit: 100)
      }
      #expect(journal.map(\.serial) == Array(1...11))
      #expect(
        journal.map(\.kind) == [
          .domainCreated, .repositoryCreated, .repositoryCreated, .repositoryUpdated,
          .connectionAssociated, .versionRecorded, .versionRecorded, .connectionDisassociated,
          .repositoryDeleted, .repositoryDeleted, .domainDeleted,
        ]
      )
      #expect(journal[5].subject.repository == "a")
      #expect(journal[5].subject.package == PackageCoordinates(format: .pypi, name: "flask"))
      #expect(journal[5].subject.version == "1.0")
      #expect(journal[5].detail.contains(digest(1).hexadecimal))
      #expect(catalog.serial(of: domain.id) == 11)
    }
  }

  @Test func `a change that is given up leaves no row, no serial and no word`() async throws {
    struct Refusal: Error {}
    try await withCatalog { catalog in
      let domain = try await catalog.write { transaction throws(CatalogError) in
        try transaction.makeDomain().domain
      }
      let listener = Listener(to: catalog)
      await #expect(throws: Refusal.self) {
        try await catalog.withTransaction { transaction in
          _ = try transaction.createRepository(
            in: domain.id,
            name: "gone",
            administrator: account,
            description: nil,
            upstreams: [],
            at: moment(3)
          )
          throw Refusal()
        }
      }
      let (serial, gone) = try await catalog.read { snapshot throws(CatalogError) in
        (
          try snapshot.domain(domain.id)?.serial,
          try snapshot.repository("gone", in: domain.id)
        )
      }
      #expect(serial == 2)
      #expect(gone == nil)
      #expect(catalog.serial(of: domain.id) == 2)
      #expect(listener.serials.isEmpty)
    }
  }

  @Test func `observers hear of every change once, in order, before its call returns`()
    async throws
  {
    try await withCatalog { catalog in
      let listener = Listener(to: catalog)
      let domain = try await catalog.write { transaction throws(CatalogError) in
        try transaction.makeDomain().domain
      }
      #expect(listener.serials == [1, 2])
      try await withThrowingTaskGroup { group in
        for number in 0..<200 {
          group.addTask {
            let record = try await catalog.write { transaction throws(CatalogError) in
              try transaction.createRepository(
                in: domain.id,
                name: "r\(number)",
                administrator: account,
                description: nil,
                upstreams: [],
                at: moment(3)
              )
            }
            #expect(listener.serials.contains(record.serial))
          }
        }
        try await group.waitForAll()
      }
      #expect(listener.serials == Array(1...202))
      let count = try await catalog.read { snapshot throws(CatalogError) in
        try snapshot.domain(domain.id)?.repositoryCount
      }
      #expect(count == 201)
    }
  }

  @Test func `serials are known again after the catalog is reopened`() async throws {
    try await withCatalogPath { path in
      let first = try Catalog.open(at: path)
      let domain = try await first.write { transaction throws(CatalogError) in
        try transaction.makeDomain().domain
      }
      try await first.close()
      let second = try Catalog.open(at: path)
      #expect(second.serial(of: domain.id) == 2)
      #expect(second.serial(of: DomainID(99)) == nil)
      try await second.close()
    }
  }
}

/// Writes down what a catalog tells its observers.
private final class Listener: Sendable {
  private let heard = Mutex<[Int64]>([])

  init(to catalog: Catalog) {
    catalog.observe { [self] entries in heard.withLock { $0 += entries.map(\.serial) } }
  }

  var serials: [Int64] { heard.withLock { $0 } }
}

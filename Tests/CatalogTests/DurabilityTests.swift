import Foundation
import Testing

@testable import Catalog

@Suite("Durability and damage")
struct DurabilityTests {
  private func setting(
    _ name: String,
    of catalog: Catalog,
    _ durability: WriteDurability = .flushed
  ) async throws -> String {
    let pragma = NamedStatement("setting", "SELECT CAST(\(name) AS TEXT) FROM pragma_\(name)")
    return try await catalog.write(durability: durability) { transaction throws(CatalogError) in
      try transaction.connection.requiredRow(pragma, []) { row throws(CatalogError) in
        try row.text(0)
      }
    }
  }

  @Test func `a commit is flushed before it is acknowledged`() async throws {
    try await withCatalog { catalog in
      let synchronous = try await setting("synchronous", of: catalog)
      let mode = try await setting("journal_mode", of: catalog)
      let keys = try await setting("foreign_keys", of: catalog)
      // FULL is 2; GRDB's own choice would be 1, NORMAL, which a power cut may roll back.
      #expect([synchronous, mode, keys] == ["2", "wal", "1"])
    }
  }

  @Test func `a relaxed change is not flushed, and the next one is`() async throws {
    try await withCatalog { catalog in
      var seen: [String] = []
      for durability in [WriteDurability.relaxed, .flushed, .relaxed, .relaxed, .flushed] {
        seen.append(try await setting("synchronous", of: catalog, durability))
      }
      #expect(seen == ["1", "2", "1", "1", "2"])
    }
  }

  /// Only what a checkpoint took over is in the database's own file, and it flushes the log first.
  @Test(.timeLimit(.minutes(10)))
  func `relaxed changes are flushed although none follows that is not`() async throws {
    try await withCatalogPath { path in
      let catalog = try Catalog.open(at: path, flushDelay: .zero)
      let wish = RefreshWish(connection: .npmjs, package: nil, wishedAt: moment(7))
      try await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
        try transaction.note(wish)
      }
      var (found, attempt): ([RefreshWish]?, Int) = (nil, 0)
      while found?.isEmpty ?? true {
        attempt += 1
        found = try? await wishes(in: path, alone: "\(path).\(attempt)")
      }
      #expect(found == [wish])
      try await catalog.close()
    }
  }

  /// The moment of a flush may come when all is over.
  @Test func `a flush that comes after the end is none`() async throws {
    try await withCatalogPath { path in
      let catalog = try Catalog.open(at: path, flushDelay: .seconds(3600))
      let wish = RefreshWish(connection: .npmjs, package: nil, wishedAt: moment(7))
      try await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
        try transaction.note(wish)
      }
      try await catalog.close()
      #expect(try await wishes(in: path, alone: path + ".copy") == [wish], "closing flushes")
      catalog.writes.flush()
      // It stands in line behind the flush.
      await #expect(throws: CatalogError.closed) {
        try await catalog.write { _ throws(CatalogError) in }
      }
      try await catalog.close()
    }
  }

  /// What a copy of the database's own file has, without its log.
  private func wishes(in path: String, alone copy: String) async throws -> [RefreshWish] {
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    let catalog = try Catalog.open(at: copy)
    let found = try await catalog.read { snapshot throws(CatalogError) in
      try snapshot.refreshWishes(limit: 2)
    }
    try await catalog.close()
    return found
  }

  @Test func `a change that writes the journal cannot be relaxed`() async throws {
    try await withCatalog { catalog in
      await #expect {
        try await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
          try transaction.makeDomain().domain
        }
      } throws: { error in
        if case CatalogError.refused = error { true } else { false }
      }
      let domain = try await catalog.read { snapshot throws(CatalogError) in
        try snapshot.domain(owner: account, name: "shop")
      }
      #expect(domain == nil)
    }
  }

  @Test func `what was written is there after reopening`() async throws {
    try await withCatalogPath { path in
      let first = try Catalog.open(at: path)
      let written = try await first.write { transaction throws(CatalogError) in
        try transaction.makeDomain().domain
      }
      try await first.close()
      let second = try Catalog.open(at: path)
      let read = try await second.read { snapshot throws(CatalogError) in
        try snapshot.domain(owner: account, name: "shop")
      }
      #expect(read?.id == written.id)
      try await second.close()
    }
  }

  @Test func `a closed catalog says so`() async throws {
    try await withCatalogPath { path in
      let catalog = try Catalog.open(at: path)
      try await catalog.close()
      await #expect(throws: CatalogError.closed) {
        try await catalog.read { snapshot throws(CatalogError) in try snapshot.firstAccount() }
      }
      await #expect(throws: CatalogError.closed) {
        try await catalog.write { transaction throws(CatalogError) in
          try transaction.createAccount(account, at: moment(0))
        }
      }
    }
  }

  @Test func `a file that is no database is damage, not a trap`() async throws {
    try await withCatalogPath { path in
      try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: path))
      #expect {
        _ = try Catalog.open(at: path)
      } throws: { error in
        if case CatalogError.damaged = error { true } else { false }
      }
    }
  }

  @Test func `a store of a newer version is left alone`() async throws {
    try await withCatalogPath { path in
      let catalog = try Catalog.open(at: path)
      try await catalog.write { transaction throws(CatalogError) in
        _ = try transaction.connection.run(
          NamedStatement(
            "future",
            "INSERT INTO grdb_migrations (identifier) VALUES ('99-the-future')"
          ),
          []
        )
      }
      try await catalog.close()
      #expect(throws: CatalogError.newerStore("it knows of 99-the-future")) {
        _ = try Catalog.open(at: path)
      }
    }
  }

  @Test func `a word that is none of its kind is damage that says where`() async throws {
    try await withCatalog { catalog in
      try await catalog.write { transaction throws(CatalogError) in
        _ = try transaction.makeDomain()
        _ = try transaction.record(
          arrival(),
          into: [RepositoryID(1)],
          at: moment(3)
        )
        _ = try transaction.connection.run(
          NamedStatement("break", "UPDATE version SET status = 'Rotten'"),
          []
        )
      }
      await #expect(
        throws: CatalogError.damaged("column 4 of 'version by key' is not one of VersionStatus")
      ) {
        try await catalog.read { snapshot throws(CatalogError) in
          try snapshot.version(VersionID(1))
        }
      }
    }
  }

  /// A full disk ends the transaction and with it the changes that wait in the same one.
  ///
  /// None of them may be taken for kept, and the catalog must go on once there is room.
  @Test func `a full disk refuses changes whole, and the next ones work`() async throws {
    try await withCatalog { catalog in
      let domain = try await catalog.write { transaction throws(CatalogError) in
        try transaction.makeDomain().domain
      }
      try await limitPages(to: 1, in: catalog)
      let outcomes = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<40 {
          group.addTask {
            let name = "r\(number)"
            let kept = try? await catalog.write { transaction throws(CatalogError) in
              try transaction.createRepository(
                in: domain.id,
                name: name,
                administrator: account,
                description: String(repeating: "x", count: 5000),
                upstreams: [],
                at: moment(3)
              )
            }
            let seen = try? await catalog.read { snapshot throws(CatalogError) in
              try snapshot.repository(name, in: domain.id)
            }
            #expect((kept == nil) == (seen == nil))
            return kept != nil
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.contains(false))
      try await limitPages(to: 1_000_000, in: catalog)
      let record = try await catalog.write { transaction throws(CatalogError) in
        try transaction.createRepository(
          in: domain.id,
          name: "later",
          administrator: account,
          description: nil,
          upstreams: [],
          at: moment(4)
        )
      }
      #expect(record.serial == catalog.serial(of: domain.id))
    }
  }

  /// SQLite answers "full" beyond this many pages, and never takes fewer than it has.
  private func limitPages(to count: Int, in catalog: Catalog) async throws {
    try await catalog.write { transaction throws(CatalogError) in
      _ = try transaction.connection.rows(
        NamedStatement("limit", "PRAGMA max_page_count = \(count)"),
        []
      ) { row throws(CatalogError) in try row.integer(0) }
    }
  }

  @Test func `a refused change takes nothing of its neighbours with it`() async throws {
    try await withCatalog { catalog in
      let domain = try await catalog.write { transaction throws(CatalogError) in
        try transaction.makeDomain().domain
      }
      let kept = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<100 {
          group.addTask {
            do {
              // Fifty names, each wanted twice.
              _ = try await catalog.write { transaction throws(CatalogError) in
                try transaction.createRepository(
                  in: domain.id,
                  name: "r\(number / 2)",
                  administrator: account,
                  description: nil,
                  upstreams: [],
                  at: moment(3)
                )
              }
              return true
            } catch CatalogError.refused {
              return false
            } catch {
              Issue.record(error)
              return false
            }
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(kept == 50)
      let (count, serial) = try await catalog.read { snapshot throws(CatalogError) in
        let record = try snapshot.domain(domain.id)
        return (record?.repositoryCount, record?.serial)
      }
      #expect(count == 51)
      #expect(serial == 52)
    }
  }
}

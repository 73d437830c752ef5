import GRDB
import Testing

@testable import Catalog

@Suite("Package groups of domains that were there before")
struct PackageGroupMigrationTests {
  @Test func `a domain of an older version gets its root group`() async throws {
    try await withCatalogPath { path in
      let catalog = try Catalog.open(at: path)
      let (living, dead) = try await catalog.write { transaction throws(CatalogError) in
        let living = try transaction.makeDomain("living", repositories: []).domain.id
        let dead = try transaction.makeDomain("dead", repositories: []).domain.id
        _ = try transaction.deleteDomain(dead, at: moment(3))
        return (living, dead)
      }
      try await catalog.close()
      let queue = try DatabaseQueue(path: path)
      try await queue.write { database in
        for table in ["package_group_repository", "package_group", "tag"] {
          try database.execute(sql: "DROP TABLE \(table)")
        }
        try database.execute(
          sql: "DELETE FROM grdb_migrations WHERE identifier IN ('4-groups', '4-tags')"
        )
      }
      try queue.close()
      let again = try Catalog.open(at: path)
      let (groups, none) = try await again.read { rows throws(CatalogError) in
        (try rows.packageGroups(in: living).groups, try rows.packageGroups(in: dead).groups)
      }
      #expect(groups.map(\.pattern) == [.root])
      #expect(groups.first?.createdAt == moment(1))
      #expect(groups.first?.restrictions.values.allSatisfy { $0.mode == .allow } == true)
      #expect(none.isEmpty)
      try await again.close()
    }
  }
}

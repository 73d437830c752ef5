import Testing

@testable import Catalog

@Suite("Query plans")
struct PlanTests {
  /// What may walk a whole table: the accounts and domains of one installation, once or at start,
  /// and the latest of what was asked to be looked at anew, once after a start and up to a limit.
  private static let mayScan = [
    "serials of domains", "accounts", "start event cursors", "latest refresh wishes",
  ]
  /// What may sort: the keys of one user, administrators, what is listed by hand now and then, and
  /// the assets of a package that is about to be deleted.
  private static let maySort = [
    "administrators who can sign", "first administrator who can sign", "access keys of principal",
    "tokens of account",
    "count assets of package by version",
  ]

  private func plan(
    of statement: NamedStatement,
    in catalog: Catalog
  ) async throws -> [String] {
    let explain = NamedStatement("plan", "EXPLAIN QUERY PLAN " + statement.sql)
    let parameters = statement.sql.count { $0 == "?" }
    return try await catalog.write { transaction throws(CatalogError) in
      try transaction.connection.rows(
        explain,
        [SQLValue](repeating: .null, count: parameters)
      ) { row throws(CatalogError) in try row.text(3) }
    }
  }

  @Test func `every statement finds its rows by an index`() async throws {
    try await withCatalog { catalog in
      for statement in Statements.all {
        let steps = try await plan(of: statement, in: catalog)
        let scans = steps.filter { $0.hasPrefix("SCAN") }
        if !Self.mayScan.contains(statement.name) {
          #expect(scans.isEmpty, "\(statement.name): \(steps)")
        }
        let sorts = steps.filter { $0.contains("TEMP B-TREE") }
        if !Self.maySort.contains(statement.name) {
          #expect(sorts.isEmpty, "\(statement.name): \(steps)")
        }
      }
    }
  }

  @Test func `a statement that walks a table is seen`() async throws {
    let walk = NamedStatement("walk", "SELECT id FROM version ORDER BY metadata")
    let steps = try await withCatalog { try await plan(of: walk, in: $0) }
    #expect(steps.contains { $0.hasPrefix("SCAN") })
    #expect(steps.contains { $0.contains("TEMP B-TREE") })
  }

  @Test func `every statement has a name of its own`() {
    #expect(Set(Statements.all.map(\.name)).count == Statements.all.count)
    #expect(Statements.all.allSatisfy { !$0.sql.contains("OFFSET") })
  }
}

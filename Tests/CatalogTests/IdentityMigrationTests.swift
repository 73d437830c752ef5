import GRDB
import Testing

@testable import Catalog

@Suite("Installations of before there were roles")
struct IdentityMigrationTests {
  /// What an installation of before had: two accounts, an administrator with a key and a token, and
  /// a guest.
  private static let old = """
    INSERT INTO account VALUES ('111122223333', 5), ('999922223333', 4);
    INSERT INTO principal VALUES
      (1, '111122223333', 'administrator', 'arn:aws:iam::111122223333:user/administrator', 1, 6),
      (7, '111122223333', 'guest', 'arn:aws:iam::111122223333:user/guest', 0, 6);
    INSERT INTO access_key VALUES ('LKIAOLD', 1, x'0102', 'Active', 7);
    INSERT INTO domain VALUES (1, '111122223333', 'shop', 'key', 'Active', 8, 1, 0, 0);
    INSERT INTO token VALUES (zeroblob(32), 7, 1, 9, 900);
    """

  @Test func `they open with everyone who was there, by the same keys and tokens`() async throws {
    try await withCatalogPath { path in
      let pool = try DatabasePool(path: path, configuration: CatalogDatabase.configuration)
      try Migrations.migrator.migrate(pool, upTo: "3-sightings")
      try await pool.write { try $0.execute(sql: Self.old) }
      try pool.close()
      let catalog = try Catalog.open(at: path)
      try await catalog.read { snapshot throws(CatalogError) in
        let first = try snapshot.firstAdministrator()
        #expect(first?.key.id == "LKIAOLD")
        #expect(first?.key.sealedSecret == [1, 2])
        #expect(first?.key.lastUsedAt == nil)
        #expect(first?.principal.id.rawValue == 1)
        #expect(first?.principal.kind == .user)
        #expect(first?.principal.isAdministrator == true)
        #expect(try snapshot.firstAccount()?.id == "111122223333")
        let token = try snapshot.tokens(
          .domain(DomainID(1)),
          at: Timestamp(microseconds: 9),
          limit: 9
        )
        #expect(token.map(\.principal) == ["arn:aws:iam::111122223333:user/guest"])
        #expect(token.first?.token.accessKeyID == nil)
        let users = try snapshot.principals(.user, of: "111122223333")
        #expect(users.map(\.name) == ["administrator", "guest"])
        #expect(Set(users.map(\.uniqueID)).count == 2)
      }
      // Names of users and of roles are apart now, and keys of rows are not given out again.
      let role = try await catalog.write { transaction throws(CatalogError) in
        try transaction.createPrincipal(
          NewPrincipal(
            account: "111122223333",
            kind: .role,
            name: "guest",
            arn: "arn:aws:iam::111122223333:role/guest",
            uniqueID: "LROAGUEST",
            trustPolicy: "{}"
          ),
          at: moment(10)
        )
      }
      #expect(role.id.rawValue == 8)
      // Who goes takes the tokens along.
      try await catalog.write { transaction throws(CatalogError) in
        try transaction.deletePrincipal(PrincipalID(7))
        let left = try transaction.tokens(
          .account("111122223333"),
          at: Timestamp(microseconds: 9),
          limit: 9
        )
        #expect(left.isEmpty)
      }
      try await catalog.close()
    }
  }
}

internal import GRDB

/// The steps that bring a database up to date: each has a name, runs once, and is never edited
/// after a release.
///
/// New ones are appended.
enum Migrations {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1-foundation") { database in
      try database.execute(sql: FoundationMigration.sql)
    }
    migrator.registerMigration("2-package-attributes") { database in
      try database.execute(
        sql: "ALTER TABLE package ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}'"
      )
    }
    migrator.registerMigration("3-repository-settings") { database in
      try database.execute(
        sql: "ALTER TABLE repository ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'"
      )
    }
    migrator.registerMigration("3-sightings") { database in
      try database.execute(sql: SightingMigration.sql)
    }
    migrator.registerMigration("4-groups") { database in
      try database.execute(sql: PackageGroupMigration.sql)
    }
    migrator.registerMigration("4-tags") { database in
      try database.execute(sql: TagMigration.sql)
    }
    migrator.registerMigration("4-identities") { database in
      try database.execute(sql: IdentityMigration.sql)
    }
    migrator.registerMigration("4-policies") { database in
      try database.execute(sql: PolicyMigration.sql)
    }
    migrator.registerMigration("4-events") { database in
      try database.execute(sql: EventMigration.sql)
    }
    migrator.registerMigration("5-refresh-wishes") { database in
      try database.execute(sql: RefreshWishMigration.sql)
    }
    migrator.registerMigration("6-keys") { database in
      try database.execute(sql: KeyMigration.sql)
    }
    migrator.registerMigration("7-blob-references") { database in
      try database.execute(sql: BlobReferenceMigration.sql)
    }
    migrator.registerMigration("8-kept-documents") { database in
      try database.execute(sql: KeptDocumentMigration.sql)
    }
    return migrator
  }
}

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
    return migrator
  }
}

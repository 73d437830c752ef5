internal import GRDB

/// How the SQLite database is opened and set up.
enum CatalogDatabase {
  /// How long a connection waits for a lock that another process holds, in seconds.
  private static let busySeconds = 5.0
  /// Readers beside the one writer; each keeps its own prepared statements.
  static let readerCount = 4

  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "catalog"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(busySeconds)
    configuration.maximumReaderCount = readerCount
    return configuration
  }

  /// The statement that has commits flush the log, or leave that to the next one that does; not for
  /// use inside a transaction.
  static func flushing(_ isOn: Bool) -> String {
    "PRAGMA synchronous = \(isOn ? "FULL" : "NORMAL")"
  }

  /// Asks for full durability, then applies the migrations that are missing.
  ///
  /// The pool sets `synchronous` to NORMAL when it turns on the write-ahead log, which may lose the
  /// last commits in a power cut; FULL flushes the log at every commit
  /// (https://www.sqlite.org/pragma.html#pragma_synchronous).
  static func prepare(_ pool: DatabasePool) throws {
    try pool.writeWithoutTransaction { database in
      try database.execute(sql: flushing(true))
    }
    let migrator = Migrations.migrator
    if try pool.read(migrator.hasBeenSuperseded) {
      let unknown = try pool.read(migrator.appliedIdentifiers).subtracting(migrator.migrations)
      throw CatalogError.newerStore("it knows of " + unknown.sorted().joined(separator: ", "))
    }
    try migrator.migrate(pool)
  }
}

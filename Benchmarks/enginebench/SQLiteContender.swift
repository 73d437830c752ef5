import Foundation
import GRDB

/// Blobs in one SQLite table, write-ahead log, `synchronous=FULL`: each put is a transaction.
struct SQLiteContender: Contender {
  let name = "SQLite blobs, WAL, FULL"
  private let pool: DatabasePool

  init(directory: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous=FULL") }
    try FileManager.default.createDirectory(
      atPath: directory,
      withIntermediateDirectories: true
    )
    pool = try DatabasePool(path: directory + "/blobs.sqlite", configuration: configuration)
    try pool.write {
      try $0.execute(sql: "CREATE TABLE IF NOT EXISTS blob (id INTEGER PRIMARY KEY, bytes BLOB)")
    }
  }

  func put(_ bytes: [UInt8]) async throws -> Handle {
    let data = Data(bytes)
    let id = try await pool.write { database in
      let statement = try database.cachedStatement(sql: "INSERT INTO blob (bytes) VALUES (?)")
      try statement.execute(arguments: [data])
      return database.lastInsertedRowID
    }
    return String(id)
  }

  func get(_ handle: Handle) async throws -> [UInt8] {
    let row = try await pool.read { database in
      let statement = try database.cachedStatement(sql: "SELECT bytes FROM blob WHERE id = ?")
      return try Data.fetchOne(statement, arguments: [Int64(handle)])
    }
    guard let row else { throw Lost(handle: handle) }
    return Array(row)
  }

  func close() async throws {
    try pool.close()
  }
}
